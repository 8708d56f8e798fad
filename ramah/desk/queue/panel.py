"""The queue as operators see it: who waits where and since when, and who is there to serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ramah.messaging.divisions.agents import loads_of
from ramah.messaging.divisions.estimates import Wait, estimator
from ramah.messaging.divisions.places import IN_TURN, waits
from ramah.messaging.divisions.presence import Presence, idle_time, presence_of
from ramah.messaging.models import (
    ChannelAccount,
    Conversation,
    Division,
    DivisionAgent,
    QueueSettings,
    QueueWait,
    StaffPresence,
    WaitStatus,
)
from ramah.people import Contact, Staff
from ramah.store import utc_now

MOST_SHOWN = 200
PROMISES_OF = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """One customer in a line; ``place`` was counted when this was read."""

    conversation: Conversation
    contact: Contact
    channel: str
    place: int


@dataclass(frozen=True)
class Row:
    """One line: a division's, or (None) that of those whom anybody serves. ``next_wait`` is for who comes now."""

    division: Division | None
    waiting: list[Waiting]
    length: int
    next_wait: Wait | None


@dataclass(frozen=True)
class Person:
    """Somebody who serves."""

    staff: Staff
    presence: Presence
    seen_at: datetime | None
    load: int
    capacity: int
    own_capacity: int | None
    division_ids: frozenset[str]


@dataclass(frozen=True)
class Promises:
    """How many of the waits that somebody was told beforehand were no longer than told."""

    kept: int
    told: int

    @property
    def share(self) -> int | None:
        """Percent; None while nothing was told."""
        return round(100 * self.kept / self.told) if self.told else None


@dataclass(frozen=True)
class Panel:
    """Everything on the page. A fixed number of queries, however many wait."""

    rows: list[Row]
    people: list[Person]
    promises: Promises


def read_panel(session: Session, organisation_id: str) -> Panel:
    """The queue right now."""
    divisions = session.scalars(select(Division).order_by(Division.position, Division.created_at, Division.id)).all()
    settings = session.get(QueueSettings, organisation_id)
    return Panel(_rows(session, divisions), read_people(session, settings), promises(session))


def read_people(session: Session, settings: QueueSettings | None) -> list[Person]:
    """All active staff, those who are online first. Three queries."""
    found = session.execute(
        select(Staff, StaffPresence)
        .outerjoin(StaffPresence, StaffPresence.staff_id == Staff.id)
        .where(Staff.active)
        .order_by(Staff.name)
    ).all()
    loads = loads_of(session, [row[0].id for row in found])
    serves: dict[str, set[str]] = {}
    for staff_id, division_id in session.execute(select(DivisionAgent.staff_id, DivisionAgent.division_id)):
        serves.setdefault(staff_id, set()).add(division_id)
    people = [
        _person(staff, presence, settings, loads.get(staff.id, 0), frozenset(serves.get(staff.id, ())))
        for staff, presence in found
    ]
    return sorted(people, key=lambda person: (list(Presence).index(person.presence), person.staff.name))


def promises(session: Session, division_id: str | None = None) -> Promises:
    """Promises of the last week. One query."""
    waited = QueueWait.promised_to.is_not(None), QueueWait.status == WaitStatus.ASSIGNED
    kept = func.coalesce(func.sum(case((QueueWait.kept.is_(True), 1), else_=0)), 0)
    statement = select(kept, func.count(QueueWait.id)).where(*waited, QueueWait.assigned_at > utc_now() - PROMISES_OF)
    if division_id is not None:
        statement = statement.where(QueueWait.division_id == division_id)
    row = session.execute(statement).one()
    return Promises(int(row[0]), row[1])


def _person(
    staff: Staff, row: StaffPresence | None, settings: QueueSettings | None, load: int, divisions: frozenset[str]
) -> Person:
    own = row.capacity if row else None
    usual = settings.capacity if settings else 0
    presence = presence_of(row, idle_time(settings), utc_now())
    seen_at = row.seen_at if row else None
    return Person(staff, presence, seen_at, load, usual if own is None else own, own, divisions)


def _rows(session: Session, divisions: Sequence[Division]) -> list[Row]:
    lines = _lines(session)
    estimates = estimator(session, divisions)
    known = {division.id: division for division in divisions}
    rows = [
        _row(division, lines.get(division.id, []), estimates.wait(division.id, len(lines.get(division.id, [])) + 1))
        for division in divisions
    ]
    rest = [one for division_id, line in lines.items() if division_id not in known for one in line]
    return [*rows, Row(None, rest[:MOST_SHOWN], len(rest), None)] if rest else rows


def _row(division: Division, line: list[Waiting], wait: Wait | None) -> Row:
    return Row(division, line[:MOST_SHOWN], len(line), wait)


def _lines(session: Session) -> dict[str | None, list[Waiting]]:
    place = func.row_number().over(partition_by=Conversation.division_id, order_by=IN_TURN)
    rows = session.execute(
        select(Conversation, Contact, ChannelAccount.kind, place)
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(ChannelAccount, ChannelAccount.id == Conversation.channel_account_id)
        .where(waits())
        .order_by(*IN_TURN)
    )
    lines: dict[str | None, list[Waiting]] = {}
    for row in rows:
        lines.setdefault(row[0].division_id, []).append(Waiting(row[0], row[1], row[2], row[3]))
    return lines
