"""Nobody waits for somebody who is gone: what an agent leaves unanswered goes back to the head of its line."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from ramah.channels.content import Outgoing
from ramah.messaging.conversations import locked
from ramah.messaging.divisions.assigning import lock_queue
from ramah.messaging.divisions.opening import closed
from ramah.messaging.divisions.places import place_of
from ramah.messaging.divisions.presence import gone_since, idle_time
from ramah.messaging.divisions.texts import texts_from
from ramah.messaging.divisions.waiting import new_wait
from ramah.messaging.hands import change_hands
from ramah.messaging.models import (
    Author,
    Conversation,
    Division,
    HandledBy,
    Outbound,
    QueueMode,
    QueueSettings,
    QueueWait,
    StaffPresence,
    WaitStatus,
)
from ramah.messaging.outbox import Writer, write_outbound
from ramah.people import Organisation
from ramah.store import Database, utc_now

REASSIGNED = "queue_reassigned"


def take_back_everywhere(database: Database) -> bool:
    """The worker's round. False when there was nothing to take back."""
    with database.every_organisation_reading() as session:
        found = session.scalars(select(Organisation.id).where(Organisation.queue_mode != QueueMode.OFF)).all()
    taken = [take_back(database, organisation_id) for organisation_id in found]
    return any(taken)


def take_back(database: Database, organisation_id: str) -> int:
    """Take back what people who are gone for too long have not answered; returns how many conversations."""
    with database.tenant_reading(organisation_id) as session:
        settings = session.get(QueueSettings, organisation_id)
        found = _left_behind(session, settings, utc_now()) if settings else []
    return sum(_take_back_one(database, organisation_id, conversation_id) for conversation_id in found)


def _take_back_one(database: Database, organisation_id: str, conversation_id: str) -> bool:
    with database.tenant(organisation_id) as session:
        settings = lock_queue(session, organisation_id)
        conversation = locked(session, conversation_id)
        # They may have come back, or answered, while we waited for the locks.
        if settings is None or conversation_id not in _left_behind(session, settings, utc_now()):
            return False
        return_to_line(session, settings, conversation)
        return True


def return_to_line(session: Session, settings: QueueSettings, conversation: Conversation) -> None:
    """Back to the line with the place that goes with the first arrival, and the customer is told."""
    before = _last_wait(session, conversation)
    change_hands(session, conversation, HandledBy.QUEUE, None, REASSIGNED)
    conversation.queued_at = before.queued_at if before else utc_now()
    conversation.told_waiting_at = utc_now()
    new_wait(session, conversation)
    say_in_line(session, settings, conversation, "reassigned_message", f"reassigned-{conversation.epoch}")


def say_in_line(session: Session, settings: QueueSettings, conversation: Conversation, text: str, key: str) -> None:
    """One of the texts that tell of a place, which is counted now."""
    texts = texts_from(settings, conversation.language)
    division = session.get(Division, conversation.division_id) if conversation.division_id else None
    said = texts.say(
        text,
        division=division.name if division else texts.word("any_team"),
        queue_number=place_of(session, conversation),
    )
    shut = closed(division, utc_now())
    said = f"{said}\n{shut.sentence(texts)}" if shut else said
    write_outbound(session, conversation, Writer(Author.BOT, conversation.epoch), Outgoing(text=said), key)


def _left_behind(session: Session, settings: QueueSettings, now: datetime) -> list[str]:
    """Conversations from a line whose person is gone, and whose customer has heard nothing since they wrote."""
    patience = timedelta(minutes=settings.reassign_after)
    rows = session.scalars(select(StaffPresence)).all()
    since = {row.staff_id: gone_since(row, idle_time(settings), now) for row in rows}
    gone = sorted(staff_id for staff_id, moment in since.items() if moment is not None and moment <= now - patience)
    return list(session.scalars(_unanswered(gone))) if gone else []


def _unanswered(staff_ids: list[str]) -> Select[str]:
    answered = (
        select(Outbound.id)
        .where(
            Outbound.conversation_id == Conversation.id,
            Outbound.author == Author.STAFF,
            Outbound.created_at > QueueWait.assigned_at,
            or_(Conversation.last_inbound_at.is_(None), Outbound.created_at > Conversation.last_inbound_at),
        )
        .exists()
    )
    return (
        select(Conversation.id)
        .join(QueueWait, QueueWait.conversation_id == Conversation.id)
        .where(
            Conversation.handled_by == HandledBy.HUMAN,
            Conversation.staff_id.in_(staff_ids),
            QueueWait.staff_id == Conversation.staff_id,
            QueueWait.status == WaitStatus.ASSIGNED,
            ~answered,
        )
        .distinct()
    )


def _last_wait(session: Session, conversation: Conversation) -> QueueWait | None:
    return session.scalar(
        select(QueueWait).where(QueueWait.conversation_id == conversation.id).order_by(QueueWait.id.desc()).limit(1)
    )
