"""What is neither lost nor done in time: somebody waits longer than the settings promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from ramah.messaging.inbox import SAY
from ramah.messaging.ledger.counts import in_day
from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.span import Span
from ramah.messaging.models import (
    Conversation,
    HandledBy,
    Inbound,
    InboundStatus,
    Outbound,
    OutboundStatus,
)
from ramah.settings import settings

AT_ONCE = 500


def unanswered(session: Session, span: Span) -> Iterator[Finding]:
    """Messages of the day that wait for longer than a turn may take. One statement."""
    # What the bot wants to say by itself rightly waits while a person has the chat.
    held = and_(Inbound.kind == SAY, Conversation.handled_by == HandledBy.HUMAN)
    statement = (
        select(Inbound.id, Inbound.attempts)
        .join(Conversation, Conversation.id == Inbound.conversation_id)
        .where(Inbound.organisation_id == span.organisation_id, *in_day(Inbound.received_at, span))
        .where(Inbound.status == InboundStatus.WAITING, ~held)
        .where(Inbound.received_at < span.now - timedelta(seconds=settings().turn_patience))
        .order_by(Inbound.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for inbound_id, attempts in session.execute(statement):
        yield Finding("inbound", str(inbound_id), f"it still waits for an answer, after {attempts} tries")


def unsent(session: Session, span: Span) -> Iterator[Finding]:
    """Messages of the day that are queued for longer than a send may take. One statement."""
    scheduled = and_(Outbound.attempts == 0, Outbound.next_try_at > span.now)
    statement = (
        select(Outbound.id, Outbound.attempts, Outbound.error_text)
        .where(Outbound.organisation_id == span.organisation_id, *in_day(Outbound.created_at, span))
        .where(Outbound.status == OutboundStatus.QUEUED, ~scheduled)
        .where(Outbound.created_at < span.now - timedelta(seconds=settings().send_patience))
        .order_by(Outbound.created_at)
        .execution_options(yield_per=AT_ONCE)
    )
    for outbound_id, attempts, error in session.execute(statement):
        problem = f": {error}" if error else ""
        yield Finding("outbound", outbound_id, f"it still waits to be sent, after {attempts} tries{problem}")
