"""Telling customers that their line moved, when it means something and not too often; and those who never chose."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.messaging.conversations import locked, touch
from ramah.messaging.divisions.places import IN_TURN, place_of, waits
from ramah.messaging.divisions.reassigning import say_in_line
from ramah.messaging.divisions.waiting import put_into, wait_of
from ramah.messaging.models import Conversation, HandledBy, QueueMode, QueueSettings, QueueWait, WaitStatus
from ramah.people import Organisation
from ramah.store import Database, utc_now

NOT_AGAIN_FOR = timedelta(minutes=3)
WINDOW = timedelta(hours=23)
"""Nobody is told who wrote so long ago that the channel would refuse it."""
CHOOSE_FOR = timedelta(minutes=5)
MOST_TOLD = 20


def is_worth_telling(told: int, now: int) -> bool:
    """The customer is next, or at least two places and a third of the line are gone."""
    return (now == 1 and told > 1) or (told - now >= 2 and now * 3 <= told * 2)


def move_up_everywhere(database: Database) -> bool:
    """The worker's round over all organisations with a queue. False when nobody was told anything."""
    with database.every_organisation_reading() as session:
        found = session.scalars(select(Organisation.id).where(Organisation.queue_mode != QueueMode.OFF)).all()
    moved = [tell_who_moved(database, one) + place_the_undecided(database, one) for one in found]
    return any(moved)


def tell_who_moved(database: Database, organisation_id: str) -> int:
    """Tell those whose place has changed enough; returns how many."""
    with database.tenant_reading(organisation_id) as session:
        due = _moved(session)
    return sum(_tell(database, organisation_id, conversation_id) for conversation_id in due)


def place_the_undecided(database: Database, organisation_id: str) -> int:
    """Who does not choose a division for a while is served by anybody, from where they began to wait."""
    with database.tenant_reading(organisation_id) as session:
        due = session.scalars(
            select(Conversation.id).where(
                Conversation.handled_by == HandledBy.QUEUE,
                Conversation.awaiting_division_selection,
                Conversation.queued_at < utc_now() - CHOOSE_FOR,
            )
        ).all()
    return sum(_place(database, organisation_id, conversation_id) for conversation_id in due)


def _moved(session: Session) -> list[str]:
    place = func.row_number().over(partition_by=Conversation.division_id, order_by=IN_TURN).label("place")
    line = (
        select(Conversation.id.label("conversation_id"), Conversation.last_inbound_at.label("wrote_at"), place)
        .where(waits())
        .subquery()
    )
    now = utc_now()
    rows = session.execute(
        select(line.c.conversation_id, line.c.place, QueueWait.told_place)
        .join(QueueWait, QueueWait.conversation_id == line.c.conversation_id)
        .where(
            QueueWait.status == WaitStatus.WAITING,
            QueueWait.told_place > line.c.place,
            QueueWait.told_at < now - NOT_AGAIN_FOR,
            line.c.wrote_at > now - WINDOW,
        )
        .order_by(line.c.place)
    )
    return [row.conversation_id for row in rows if is_worth_telling(row.told_place, row.place)][:MOST_TOLD]


def _tell(database: Database, organisation_id: str, conversation_id: str) -> bool:
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        settings = session.get(QueueSettings, organisation_id)
        wait = wait_of(session, conversation)
        if settings is None or wait is None or conversation.handled_by != HandledBy.QUEUE:
            return False
        place = place_of(session, conversation)
        if not is_worth_telling(wait.told_place or place, place):
            return False
        wait.told_place, wait.told_at = place, utc_now()
        text = "next_in_line_message" if place == 1 else "position_changed_message"
        say_in_line(session, settings, conversation, text, f"place-{wait.id}-{place}")
        return True


def _place(database: Database, organisation_id: str, conversation_id: str) -> bool:
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        settings = session.get(QueueSettings, organisation_id)
        wait = wait_of(session, conversation)
        if settings is None or wait is None or not conversation.awaiting_division_selection:
            return False
        began = conversation.queued_at
        put_into(session, conversation, wait, None)
        conversation.queued_at = wait.queued_at = began
        touch(session, conversation)
        say_in_line(session, settings, conversation, "any_team_message", f"undecided-{wait.id}")
        return True
