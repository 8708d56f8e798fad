"""Who may write in a conversation: the person who has it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramah.lib.errors import Refused
from ramah.messaging.conversations import locked
from ramah.messaging.models import Conversation, HandledBy


def held_by(session: Session, conversation_id: str, staff_id: str) -> Conversation:
    """The conversation, locked, for the person who has it. Raises Refused for anybody else."""
    conversation = locked(session, conversation_id)
    if conversation.handled_by != HandledBy.HUMAN or conversation.staff_id != staff_id:
        raise Refused("take the conversation over first")
    return conversation
