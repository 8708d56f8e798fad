"""Live events: what open pages want to know, in the transaction that made it true, numbered without gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, event, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from ramah.lib.sandbox import current_sandbox
from ramah.messaging.models import LiveEvent, LiveSequence
from ramah.messaging.wake import wake_others
from ramah.store import Base, Database, utc_now

LOOK_BACK = 200
"""PostgreSQL may commit row 12 before row 11, so a look goes back this many rows; the sequence fills larger holes."""
PENDING = "ramah_live_events"
TOLD = "ramah_live_events_told"

# Built once and sent past the unit of work, as each message tells at least one event.
EVENTS, SEQUENCES = Base.metadata.tables["live_events"], Base.metadata.tables["live_sequences"]
TELL = insert(EVENTS)
NEWEST = SEQUENCES.c.newest
FURTHER = {"newest": NEWEST + bindparam("taken")}
ONE = ["organisation_id"]
TAKE_NUMBERS = {
    "sqlite": sqlite_insert(SEQUENCES).on_conflict_do_update(index_elements=ONE, set_=FURTHER).returning(NEWEST),
    "postgresql": postgresql_insert(SEQUENCES)
    .on_conflict_do_update(index_elements=ONE, set_=FURTHER)
    .returning(NEWEST),
}


@dataclass(frozen=True)
class Event:
    """One live event as readers see it. ``sequence`` counts within the organisation, without gaps."""

    sequence: int
    organisation_id: str
    conversation_id: str
    kind: str
    data: dict[str, Any]


def announce(session: Session, organisation_id: str, conversation_id: str, kind: str, **data: Any) -> None:
    """Tell open pages, when the running transaction commits. Of equal events only the last one is told."""
    pending: dict[tuple[str, ...], dict[str, Any]] = session.info.setdefault(PENDING, {})
    # Ticks of different messages are different events; anything else is "look again".
    place = str(data.get("position")) if kind == "status" else ""
    key = (organisation_id, conversation_id, kind, place)
    pending.pop(key, None)
    pending[key] = data


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    """Number and write the events last of all, so that the organisation's number is held only while committing."""
    pending: dict[tuple[str, ...], dict[str, Any]] | None = session.info.pop(PENDING, None)
    # A sandbox tells nobody, and must not hold the organisation's number until it is rolled back.
    if not pending or current_sandbox() is not None:
        return
    session.info[TOLD] = True
    session.flush()
    connection = session.connection()
    # Sorted, since two transactions over several organisations would otherwise wait for one another.
    for organisation_id in sorted({key[0] for key in pending}):
        keys = [key for key in pending if key[0] == organisation_id]
        first = _take_numbers(connection, organisation_id, len(keys))
        rows = [
            {
                "organisation_id": organisation_id,
                "sequence": first + index,
                "conversation_id": key[1],
                "kind": key[2],
                "data": pending[key],
                "created_at": utc_now(),
            }
            for index, key in enumerate(keys)
        ]
        connection.execute(TELL, rows)


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    if session.info.pop(TOLD, False):
        wake_others(session)


def _take_numbers(connection: Connection, organisation_id: str, count: int) -> int:
    """The first of ``count`` numbers."""
    values = {"organisation_id": organisation_id, "newest": count, "taken": count}
    newest: int | None = connection.scalar(TAKE_NUMBERS[connection.dialect.name], values)
    assert newest is not None  # noqa: S101 - an upsert always returns its row
    return newest - count + 1


def newest_sequence(session: Session, organisation_id: str) -> int:
    """The newest event number of an organisation; 0 before the first."""
    found = session.scalar(select(LiveSequence.newest).where(LiveSequence.organisation_id == organisation_id))
    return found or 0


class LiveReader:
    """Follows the events of all organisations; one reader per process, who hands them out."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.every_organisation_reading() as session:
            self._newest = {row.organisation_id: row.newest for row in session.scalars(select(LiveSequence))}
            self._last_id = session.scalar(select(func.max(LiveEvent.id))) or 0

    def fetch(self) -> list[Event]:
        """Events since the last call, each exactly once; of one organisation in the order of their numbers."""
        with self._database.every_organisation_reading() as session:
            rows = session.scalars(
                select(LiveEvent).where(LiveEvent.id > self._last_id - LOOK_BACK).order_by(LiveEvent.id)
            ).all()
            fresh: list[Event] = []
            for row in sorted(rows, key=lambda row: (row.organisation_id, row.sequence)):
                fresh.extend(self._new_events(session, row))
        self._last_id = max([self._last_id, *(row.id for row in rows)])
        return fresh

    def _new_events(self, session: Session, row: LiveEvent) -> list[Event]:
        known = self._newest.get(row.organisation_id, 0)
        if row.sequence <= known:
            return []
        events = _between(session, row.organisation_id, known, row.sequence) if row.sequence > known + 1 else []
        self._newest[row.organisation_id] = row.sequence
        return [*events, _event(row)]

    def newest(self, organisation_id: str) -> int:
        """The newest number handed out for an organisation."""
        return self._newest.get(organisation_id, 0)


def _between(session: Session, organisation_id: str, after: int, before: int) -> list[Event]:
    rows = session.scalars(
        select(LiveEvent)
        .where(LiveEvent.organisation_id == organisation_id, LiveEvent.sequence > after, LiveEvent.sequence < before)
        .order_by(LiveEvent.sequence)
    )
    return [_event(row) for row in rows]


def _event(row: LiveEvent) -> Event:
    return Event(row.sequence, row.organisation_id, row.conversation_id, row.kind, row.data)


def missed_events(database: Database, organisation_id: str, after: int, most: int = 500) -> list[Event] | None:
    """Events of an organisation after a number, or None when there are too many (or they are gone) to catch up."""
    with database.tenant_reading(organisation_id) as session:
        rows = session.scalars(
            select(LiveEvent).where(LiveEvent.sequence > after).order_by(LiveEvent.sequence).limit(most + 1)
        ).all()
        newest = newest_sequence(session, organisation_id)
    complete = len(rows) <= most and (not rows or rows[0].sequence == after + 1) and (bool(rows) or newest <= after)
    return [_event(row) for row in rows] if complete else None


def forget_old_events(database: Database, keep_days: int) -> int:
    """Delete events that no page can want any more; returns how many. Numbers go on where they were."""
    with database.every_organisation() as session:
        gone = session.execute(
            delete(LiveEvent)
            .where(LiveEvent.created_at < utc_now() - timedelta(days=keep_days))
            .execution_options(synchronize_session=False)
        )
        return gone.rowcount  # type: ignore[attr-defined, no-any-return]  # a DELETE gives a CursorResult
