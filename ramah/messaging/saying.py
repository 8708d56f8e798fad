"""What the bot wants to say by itself waits in the lane of its conversation like a message from outside."""

from __future__ import annotations

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from ramah.messaging.conversations import take_position
from ramah.messaging.models import Conversation, Inbound
from ramah.messaging.models.inbound import SAY as SAY
from ramah.store import PREPARED

BY_EXTERNAL_ID = (
    select(Inbound.id, Inbound.conversation_id, Inbound.position)
    .where(
        Inbound.channel_account_id == bindparam("account_id"),
        Inbound.external_id == bindparam("external_id"),
    )
    .execution_options(**PREPARED)
)


def request_say(
    session: Session, conversation: Conversation, key: str, response: str, variables: dict[str, str]
) -> None:
    """Ask the bot to say something by itself, in the lane of the conversation, once per ``key``."""
    if stored_message(session, conversation.channel_account_id, key) is not None:
        return
    session.add(
        Inbound(
            channel_account_id=conversation.channel_account_id,
            conversation_id=conversation.id,
            external_id=key,
            position=take_position(conversation),
            kind=SAY,
            raw={"response": response, "variables": variables},
        )
    )


def stored_message(session: Session, account_id: str, external_id: str) -> Row[int, str, int] | None:
    """Id, conversation and position of the message with this external id, if it is there."""
    return session.execute(BY_EXTERNAL_ID, {"account_id": account_id, "external_id": external_id}).first()
