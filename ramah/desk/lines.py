"""Lines of the thread's own history: who did what, seen by colleagues only."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramah.messaging.conversations import take_position
from ramah.messaging.live import announce
from ramah.messaging.models import Conversation, ThreadNote


def add_line(
    session: Session,
    conversation: Conversation,
    kind: str,
    staff_id: str | None,
    text: str | None = None,
    send_key: str | None = None,
) -> ThreadNote:
    """Write a line and tell open pages. The caller holds the conversation's lock.

    It is no activity: the place in the list stays, since nothing was said to or by the customer."""
    row = ThreadNote(
        conversation_id=conversation.id,
        position=take_position(conversation),
        kind=kind,
        staff_id=staff_id,
        text=text,
        send_key=send_key,
    )
    session.add(row)
    session.flush()
    announce(session, conversation.organisation_id, conversation.id, "conversation", position=row.position)
    return row
