"""Who wrote to us has an address in the book; without it, the next message would come from a stranger."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ramah.messaging.inbox import SAY
from ramah.messaging.ledger.counts import in_day
from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.span import Span
from ramah.messaging.models import ChannelAccount, Conversation, Inbound
from ramah.people import Identity

AT_ONCE = 500


def forgotten(session: Session, span: Span) -> Iterator[Finding]:
    """Conversations in which somebody wrote on the day, whose address belongs to nobody any more. One statement."""
    wrote = exists().where(
        Inbound.conversation_id == Conversation.id, Inbound.kind != SAY, *in_day(Inbound.received_at, span)
    )
    known = exists().where(
        Identity.organisation_id == span.organisation_id,
        Identity.platform_type == ChannelAccount.kind,
        Identity.platform_id == Conversation.recipient,
    )
    statement = (
        select(Conversation.id, Conversation.contact_id)
        .join(ChannelAccount, ChannelAccount.id == Conversation.channel_account_id)
        .where(Conversation.organisation_id == span.organisation_id, Conversation.last_activity_at >= span.begin)
        .where(wrote, ~known)
        .order_by(Conversation.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for conversation_id, contact_id in session.execute(statement):
        why = f"the address that conversation {conversation_id} answers to is not in the book any more"
        yield Finding("identity", f"contact {contact_id}", why)
