"""The queue: a conversation that the bot gave up waits there for a person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramah.messaging.conversations import touch
from ramah.messaging.divisions.waiting import begin_wait
from ramah.messaging.live import announce
from ramah.messaging.models import Conversation, HandledBy
from ramah.store import utc_now


def ask_for_person(session: Session, conversation: Conversation, reason: str, *, may_choose: bool = True) -> None:
    """The bot hands over: the conversation waits for a person. The caller holds its lock.

    Where the organisation has divisions the customer is asked which one, unless they are not there to answer
    (``may_choose``)."""
    if conversation.handled_by != HandledBy.BOT:
        return
    conversation.handled_by, conversation.handover_reason = HandledBy.QUEUE, reason[:60]
    conversation.told_waiting_at = conversation.queued_at = utc_now()
    conversation.snoozed_until = None
    begin_wait(session, conversation, may_choose=may_choose)
    touch(session, conversation)
    announce(session, conversation.organisation_id, conversation.id, "state", handled_by=HandledBy.QUEUE)
