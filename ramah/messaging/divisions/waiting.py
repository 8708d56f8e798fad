"""Beginning and ending a wait: what the conversation says about itself, and the row that remembers it.

All functions are called with the conversation's lock held."""

from __future__ import annotations

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from ramah.messaging.models import Conversation, Division, HandledBy, QueueMode, QueueWait, WaitStatus
from ramah.messaging.saying import request_say
from ramah.people import Organisation
from ramah.store import utc_now

MENU, PLACE = "divisions:menu", "divisions:place"
"""What the bot is asked to say by itself; the menu's words and the place are found when it is said."""
SAID_HERE = frozenset({MENU, PLACE})


def active_divisions(session: Session) -> list[Division]:
    """The divisions that customers may choose, in the menu's order."""
    return list(
        session.scalars(
            select(Division).where(Division.is_active).order_by(Division.position, Division.created_at, Division.id)
        )
    )


def begin_wait(session: Session, conversation: Conversation, *, may_choose: bool = True) -> None:
    """A person is wanted: ask which division, where there is a choice. Nothing where the organisation has no queue."""
    organisation = session.get_one(Organisation, conversation.organisation_id)
    if organisation.queue_mode == QueueMode.OFF:
        return
    divisions = active_divisions(session)
    wait = new_wait(session, conversation)
    if not may_choose or not divisions:
        return
    if len(divisions) == 1:
        put_into(session, conversation, wait, divisions[0].id)
        request_say(session, conversation, f"place-{wait.id}", PLACE, {})
    else:
        conversation.awaiting_division_selection = True
        request_say(session, conversation, f"divisions-{wait.id}", MENU, {})


def new_wait(session: Session, conversation: Conversation) -> QueueWait:
    """The row of a wait that begins; the conversation is in nobody's line yet, or in everybody's."""
    end_wait(session, conversation)
    wait = QueueWait(
        conversation_id=conversation.id, division_id=conversation.division_id, queued_at=conversation.queued_at
    )
    session.add(wait)
    session.flush()
    return wait


def wait_of(session: Session, conversation: Conversation) -> QueueWait | None:
    """The wait that goes on, or None."""
    # Written out in the statement, so that SQLite too sees that the index of open waits is enough.
    waiting = literal(WaitStatus.WAITING.value, literal_execute=True)
    return session.scalar(
        select(QueueWait).where(QueueWait.conversation_id == conversation.id, QueueWait.status == waiting)
    )


def put_into(session: Session, conversation: Conversation, wait: QueueWait, division_id: str | None) -> None:
    """The customer goes to the end of a division's line; None is the line that anybody serves."""
    conversation.queued_at = wait.queued_at = utc_now()
    conversation.division_id = wait.division_id = division_id
    conversation.awaiting_division_selection = False
    wait.offered, wait.tries = [], 0
    wait.place_at_start = wait.promised_from = wait.promised_to = None
    session.flush()


def end_wait(session: Session, conversation: Conversation, staff_id: str | None = None) -> None:
    """The wait is over: somebody of ours has the conversation, or nobody needs to."""
    wait = wait_of(session, conversation)
    conversation.awaiting_division_selection = False
    if wait is None:
        return
    wait.ended_at = utc_now()
    wait.status = WaitStatus.CANCELLED
    if staff_id is not None:
        wait.status, wait.staff_id, wait.assigned_at = WaitStatus.ASSIGNED, staff_id, wait.ended_at
        if wait.promised_to is not None:
            wait.kept = (wait.ended_at - wait.queued_at).total_seconds() <= wait.promised_to
    session.flush()


def leave_line(session: Session, conversation: Conversation) -> None:
    """The customer wants the assistant after all."""
    end_wait(session, conversation)
    conversation.division_id = None
    conversation.handled_by, conversation.handover_reason = HandledBy.BOT, None
