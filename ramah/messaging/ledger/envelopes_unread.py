"""An envelope that nobody could read holds messages that nobody saw: it is missing until it is read or replayed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from ramah.messaging.ledger.counts import in_day
from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.span import Span
from ramah.messaging.models import Envelope, EnvelopeStatus

AT_ONCE = 500
PATIENCE = timedelta(minutes=15)


def unread(session: Session, span: Span) -> Iterator[Finding]:
    """Envelopes of the day that failed, or have waited for more than a quarter of an hour. One statement."""
    overdue = and_(Envelope.status == EnvelopeStatus.WAITING, Envelope.received_at < span.now - PATIENCE)
    statement = (
        select(Envelope.id, Envelope.status, Envelope.attempts, Envelope.error_text)
        .where(Envelope.organisation_id == span.organisation_id, *in_day(Envelope.received_at, span))
        .where(or_(Envelope.status == EnvelopeStatus.FAILED, overdue))
        .order_by(Envelope.received_at)
        .execution_options(yield_per=AT_ONCE)
    )
    for identifier, status, attempts, error in session.execute(statement):
        problem = f": {error}" if error else ""
        yield Finding("envelope_unread", identifier, f"{status} after {attempts} tries to read it{problem}")
