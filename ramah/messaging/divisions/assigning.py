"""Who serves whom: first come, first served within a division, decided one at a time for each organisation.

The row of the organisation's settings is the lock. A decision takes it, then the conversation's row, and nothing takes
them the other way round; what it reads after that is what other decisions have committed. So nobody is assigned twice,
or beyond their capacity, and nobody overtakes. On SQLite a writing transaction has the database to itself anyway.

Fifty who free themselves at once do not stand in line for the lock, each with a connection: whoever holds it looks
again after each decision, and so sees what the others had committed before they found it taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ramah.channels.content import Outgoing
from ramah.messaging.conversations import locked
from ramah.messaging.divisions.agents import Agent, Team, online_team
from ramah.messaging.divisions.places import IN_TURN, waits
from ramah.messaging.divisions.presence import presence_row
from ramah.messaging.divisions.texts import texts_from
from ramah.messaging.hands import change_hands
from ramah.messaging.live import announce
from ramah.messaging.models import Author, Conversation, HandledBy, QueueMode, QueueSettings
from ramah.messaging.outbox import Writer, write_outbound
from ramah.people import Organisation
from ramah.store import Database, utc_now

MOST_AT_ONCE = 100
ASSIGNED = "queue_assigned"


class _Busy(Exception):
    """Somebody else is deciding at this moment."""


@dataclass(frozen=True)
class Assignment:
    """Who got whom."""

    conversation_id: str
    staff_id: str


def serve(database: Database, organisation_id: str, most: int = MOST_AT_ONCE) -> list[Assignment]:
    """Give waiting customers to people with room until nobody waits or nobody has any, or until somebody else decides:
    they go on. What falls between two is found by the worker's next round."""
    made: list[Assignment] = []
    while len(made) < most and _anything(database, organisation_id):
        try:
            assignment = _assign_next(database, organisation_id)
        except _Busy:
            break
        if assignment is not None:
            made.append(assignment)
    return made


def serve_everywhere(database: Database) -> bool:
    """The worker's round over all organisations with a queue. False when there was nothing."""
    with database.every_organisation_reading() as session:
        found = session.scalars(
            select(Organisation.id).where(
                Organisation.queue_mode != QueueMode.OFF,
                select(Conversation.id).where(Conversation.organisation_id == Organisation.id, waits()).exists(),
            )
        ).all()
    served = [serve(database, organisation_id) for organisation_id in found]
    return any(served)


def lock_queue(session: Session, organisation_id: str) -> QueueSettings | None:
    """The organisation's settings, locked: from here on nobody else decides who serves whom."""
    return session.get(QueueSettings, organisation_id, with_for_update=True)


def give_to(session: Session, settings: QueueSettings, conversation: Conversation, staff_id: str, name: str) -> None:
    """The conversation is this person's and the customer is told by whom. The caller holds both locks."""
    change_hands(session, conversation, HandledBy.HUMAN, staff_id, ASSIGNED)
    presence_row(session, staff_id).last_assigned_at = utc_now()
    text = texts_from(settings, conversation.language).say("assigned_message", agent=name)
    writer = Writer(Author.BOT, conversation.epoch)
    write_outbound(session, conversation, writer, Outgoing(text=text), f"assigned-{conversation.epoch}")
    announce(session, conversation.organisation_id, conversation.id, ASSIGNED, staff_id=staff_id)


def _anything(database: Database, organisation_id: str) -> bool:
    """A look without a lock, since most looks find nothing to do."""
    with database.tenant_reading(organisation_id) as session:
        organisation = session.get(Organisation, organisation_id)
        settings = session.get(QueueSettings, organisation_id)
        if organisation is None or organisation.queue_mode == QueueMode.OFF or settings is None:
            return False
        return _next(session, settings, utc_now()) is not None


def _assign_next(database: Database, organisation_id: str) -> Assignment | None:
    with database.tenant(organisation_id) as session:
        settings = session.get(QueueSettings, organisation_id, with_for_update={"skip_locked": True})
        if settings is None:
            raise _Busy
        # The moment before the rows are read: who committed until then is seen.
        found = _next(session, settings, utc_now())
        if found is None:
            return None
        conversation_id, agent = found
        conversation = locked(session, conversation_id)
        if conversation.handled_by != HandledBy.QUEUE or conversation.awaiting_division_selection:
            return None  # they left while we waited for the row
        give_to(session, settings, conversation, agent.staff_id, agent.name)
        return Assignment(conversation_id, agent.staff_id)


def _next(session: Session, settings: QueueSettings, now: datetime) -> tuple[str, Agent] | None:
    """The first customer in turn whom somebody has room for, and that person."""
    team = online_team(session, settings, now)
    if not team.with_room:
        return None
    row = session.execute(
        select(Conversation.id, Conversation.division_id).where(waits(), _served(team)).order_by(*IN_TURN).limit(1)
    ).first()
    agent = team.best_for(row.division_id) if row else None
    return (row.id, agent) if row is not None and agent is not None else None


def _served(team: Team) -> ColumnElement[bool]:
    return or_(Conversation.division_id.is_(None), Conversation.division_id.in_(sorted(team.lines())))
