"""Change of hands: one write that raises the epoch, so that the bot never talks over a person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramah.messaging.conversations import take_position, touch
from ramah.messaging.divisions.waiting import end_wait
from ramah.messaging.live import announce
from ramah.messaging.models import Conversation, HandledBy, ThreadNote
from ramah.messaging.outbox import drop_queued_bot_messages
from ramah.messaging.proposals import expire_outdated
from ramah.people.audit import Subject, record


def change_hands(
    session: Session,
    conversation: Conversation,
    handled_by: HandledBy,
    staff_id: str | None,
    note: str,
    *,
    by: str | None = None,
    about: str | None = None,
) -> None:
    """Give the conversation to somebody else, or close it. The caller holds its lock.

    What the bot still wanted to say is dropped, its drafts are out of date; ``note`` stands in the thread as the line
    of ``by`` (else of ``staff_id``), with whom or what it is ``about``.
    """
    if conversation.handled_by == HandledBy.QUEUE:
        end_wait(session, conversation, staff_id if handled_by is HandledBy.HUMAN else None)
    if handled_by is HandledBy.BOT:
        conversation.division_id = None
    actor = by or staff_id
    if actor is not None:
        holder = staff_id if handled_by is HandledBy.HUMAN else None
        _note(session, conversation, {"handled_by": handled_by.value, "staff_id": holder}, actor, note)
    conversation.epoch += 1
    conversation.handled_by = handled_by
    conversation.staff_id = staff_id if handled_by is HandledBy.HUMAN else None
    conversation.handover_reason = None
    drop_queued_bot_messages(session, conversation)
    expire_outdated(session, conversation)
    conversation.snoozed_until = None
    position = take_position(conversation)
    line = ThreadNote(
        conversation_id=conversation.id, position=position, kind=note, staff_id=by or staff_id, text=about
    )
    session.add(line)
    touch(session, conversation)
    announce(session, conversation.organisation_id, conversation.id, "state", handled_by=handled_by)


def _note(session: Session, conversation: Conversation, after: dict[str, str | None], actor: str, note: str) -> None:
    """In the audit log: what a person of the staff did. What bot and customer do stands in the thread alone."""
    before = {"handled_by": str(conversation.handled_by), "staff_id": conversation.staff_id}
    about = Subject("conversation", conversation.id, conversation.recipient)
    record(session, f"conversation.{note}", about, old=before, new=after, staff_id=actor)
