"""Telling: a message that will not arrive is told to whoever wrote it, at once and in the thread."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramah.messaging.conversations import take_position, touch
from ramah.messaging.live import announce
from ramah.messaging.models import Author, Conversation, HandledBy, Outbound, ThreadNote
from ramah.messaging.queueing import ask_for_person

NOT_DELIVERED = "not_delivered"
UNDELIVERED = "undelivered"


def tell_writer(session: Session, row: Outbound) -> None:
    """A person of ours gets a line in the thread and a live event; where the bot wrote, a person is asked to look.

    The caller holds the conversation's lock.
    """
    conversation = session.get_one(Conversation, row.conversation_id)
    if row.author == Author.STAFF:
        session.add(
            ThreadNote(
                organisation_id=row.organisation_id,
                conversation_id=conversation.id,
                position=take_position(conversation),
                kind=NOT_DELIVERED,
                staff_id=row.staff_id,
            )
        )
        announce(session, row.organisation_id, conversation.id, "failed", position=row.position, staff_id=row.staff_id)
        touch(session, conversation)
    elif conversation.handled_by == HandledBy.BOT:
        ask_for_person(session, conversation, UNDELIVERED, may_choose=False)
