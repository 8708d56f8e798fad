"""Live events: what open pages want to know, in the transaction that made it true."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.messaging.models import LiveEvent
from ramah.store import Database

# PostgreSQL may commit number 12 before number 11, so each look goes back this many numbers.
LOOK_BACK = 200


@dataclass(frozen=True)
class Event:
    """One live event as readers see it."""

    id: int
    organisation_id: str
    conversation_id: str
    kind: str
    data: dict[str, Any]


def announce(session: Session, organisation_id: str, conversation_id: str, kind: str, **data: Any) -> None:
    """Tell open pages, when the running transaction commits."""
    session.add(LiveEvent(organisation_id=organisation_id, conversation_id=conversation_id, kind=kind, data=data))


class LiveReader:
    """Follows the events of all organisations; one reader per process, who hands them out."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: deque[int] = deque(maxlen=LOOK_BACK * 10)
        self._known: set[int] = set()
        self._last = self._newest()

    def _newest(self) -> int:
        with self._database.every_organisation_reading() as session:
            return session.scalar(select(func.max(LiveEvent.id))) or 0

    def fetch(self) -> list[Event]:
        """Events since the last call, each exactly once, in order of their numbers."""
        with self._database.every_organisation_reading() as session:
            rows = session.scalars(
                select(LiveEvent).where(LiveEvent.id > self._last - LOOK_BACK).order_by(LiveEvent.id)
            ).all()
            fresh = [_event(row) for row in rows if row.id not in self._known]
        self._remember([event.id for event in fresh])
        return fresh

    def start_here(self) -> int:
        """Forget what was before; returns the newest number. Call once before the first fetch."""
        self.fetch()
        return self._last

    def _remember(self, numbers: list[int]) -> None:
        for number in numbers:
            if len(self._seen) == self._seen.maxlen:
                self._known.discard(self._seen.popleft())
            self._seen.append(number)
            self._known.add(number)
            self._last = max(self._last, number)


def _event(row: LiveEvent) -> Event:
    return Event(row.id, row.organisation_id, row.conversation_id, row.kind, row.data)


def missed_events(database: Database, organisation_id: str, after: int, most: int = 500) -> list[Event] | None:
    """Events of an organisation after a number, or None when there are too many (or they are gone) to catch up."""
    with database.tenant_reading(organisation_id) as session:
        rows = session.scalars(
            select(LiveEvent).where(LiveEvent.id > after).order_by(LiveEvent.id).limit(most + 1)
        ).all()
        return [_event(row) for row in rows] if len(rows) <= most else None
