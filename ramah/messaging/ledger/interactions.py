"""Each message that is done has its note of what the bot understood and did, silence included."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ramah.messaging.inbox import SAY
from ramah.messaging.ledger.counts import in_day
from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.span import Span
from ramah.messaging.models import Inbound, InboundStatus, Interaction

AT_ONCE = 500


def unexplained(session: Session, span: Span) -> Iterator[Finding]:
    """Messages of the day that are done, and nothing says what was done with them. One statement."""
    statement = (
        select(Inbound.id, Inbound.conversation_id, Inbound.position)
        .where(Inbound.organisation_id == span.organisation_id, *in_day(Inbound.received_at, span))
        .where(Inbound.status == InboundStatus.DONE, Inbound.kind != SAY)
        .where(~exists().where(Interaction.inbound_id == Inbound.id))
        .order_by(Inbound.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for inbound_id, conversation_id, position in session.execute(statement):
        why = f"message {position} of conversation {conversation_id} is done, and nothing says what was done"
        yield Finding("interaction", f"inbound {inbound_id}", why)
