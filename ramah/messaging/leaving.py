"""Leaving messages with the person who had the conversation when they came."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.messaging.inbox import SAY
from ramah.messaging.models import Conversation, HandledBy, Inbound, InboundStatus, Interaction
from ramah.store import utc_now


def leave_with_person(session: Session, conversation: Conversation) -> None:
    """What was written to a person is not answered by the bot afterwards, though no worker has looked at it yet.

    The caller holds the conversation's lock. Whoever works on such a message just now comes back with an old fencing
    number and writes nothing."""
    waiting = session.scalars(
        select(Inbound).where(
            Inbound.conversation_id == conversation.id,
            Inbound.status == InboundStatus.WAITING,
            Inbound.kind != SAY,
        )
    ).all()
    for inbound in waiting:
        inbound.status, inbound.done_at = InboundStatus.DONE, utc_now()
        did = [{"left_with": HandledBy.HUMAN.value}]
        session.add(Interaction(conversation_id=conversation.id, inbound_id=inbound.id, did=did))
    if waiting:
        conversation.fence += 1
        conversation.lease_owner = conversation.lease_until = None
