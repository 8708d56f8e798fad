"""Change of hands: one write that raises the epoch, so that the bot never talks over a person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramah.messaging.conversations import take_position, touch
from ramah.messaging.live import announce
from ramah.messaging.models import Conversation, HandledBy, ThreadNote
from ramah.messaging.outbox import drop_queued_bot_messages


def change_hands(
    session: Session, conversation: Conversation, handled_by: HandledBy, staff_id: str | None, note: str
) -> None:
    """Give the conversation to somebody else, or close it. The caller holds its lock.

    What the bot still wanted to say is dropped; ``note`` stands in the thread.
    """
    conversation.epoch += 1
    conversation.handled_by = handled_by
    conversation.staff_id = staff_id if handled_by is HandledBy.HUMAN else None
    conversation.handover_reason = None
    drop_queued_bot_messages(session, conversation)
    session.add(
        ThreadNote(conversation_id=conversation.id, position=take_position(conversation), kind=note, staff_id=staff_id)
    )
    touch(session, conversation)
    announce(session, conversation.organisation_id, conversation.id, "state", handled_by=handled_by)
