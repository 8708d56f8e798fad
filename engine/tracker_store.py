"""The conversations' events in SQLite or PostgreSQL, with no fallback: what cannot be stored is an error."""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
import sqlalchemy.orm
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from engine.database import TrackerStoreError, connect
from engine.event_rows import (
    EVENTS,
    event_id_of_message,
    event_rows,
    events_in,
    insert_events,
    keep_snapshot,
    last_event_id,
    latest_session,
    lock_conversation,
    snapshot_of,
)
from engine.stored_tracker import StoredTracker, TrackerCache

__all__ = ["DurableTrackerStore", "StoredTracker", "TrackerStoreError"]

logger = logging.getLogger(__name__)

LONGEST_TURN = 100

Result = TypeVar("Result")


class DurableTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store without its patience and its guesses.

    Each message is handled once: its id is unique per conversation in the database. A tracker that was
    just saved is kept and used again as long as no other event of its conversation has been stored.

    Args:
        domain: The domain of the model; set again whenever a model is loaded.
        host: The database URL, `sqlite:///path` or `postgresql://...`; Rasa passes `url` under this name.
        event_broker: Receives the events once they are stored.

    Raises:
        TrackerStoreError: The URL is unusable or the database cannot be reached.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        self._cache = TrackerCache()
        self.engine = connect(host, self.Base.metadata)
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)
        TrackerStore.__init__(self, domain, event_broker, **kwargs)

    @property
    def domain(self) -> Domain:
        """The domain of the loaded model."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._cache.clear()

    @property
    def place(self) -> str:
        """The database, without its password."""
        return str(self.engine.url.render_as_string(hide_password=True))

    def sibling(self) -> DurableTrackerStore:
        """A store on the same database for another model, whose domain and trackers are its own."""
        other = copy.copy(self)
        other._cache = TrackerCache()
        return other

    def init_tracker(self, sender_id: str) -> StoredTracker:
        """A tracker of a conversation that has no events yet."""
        return StoredTracker(sender_id, self.domain.slots)

    async def check(self) -> None:
        """Ask the database for an answer.

        Raises:
            TrackerStoreError: It gave none.
        """
        await self._in_thread("check", self._ask)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await self._in_thread("keys", self._keys)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker with the events since the last session start, or None for an unknown conversation.

        Where older events of the session were summarised, the summary stands in their place.

        Raises:
            TrackerStoreError: The database did not answer.
        """
        last = await self._in_thread("retrieve", lambda: self._last_event_id(sender_id))
        if last is None:
            return None
        return self._cache.take(sender_id, last) or await self._in_thread("retrieve", lambda: self._load(sender_id))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The tracker with every event ever stored, or None for an unknown conversation.

        Raises:
            TrackerStoreError: The database did not answer.
        """
        return await self._in_thread("retrieve", lambda: self._load(conversation_id, whole=True))

    async def events_from_message(self, sender_id: str, message_id: str) -> list[Event]:
        """The events from a handled message on, however old; empty when it was never handled.

        Raises:
            TrackerStoreError: The database did not answer.
        """
        return await self._in_thread("retrieve", lambda: self._events_from_message(sender_id, message_id))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the events that are new since the tracker was retrieved, all or none.

        Raises:
            TrackerStoreError: Nothing was stored: the database did not answer, or the conversation has
                changed since the tracker was retrieved.
        """
        stored = tracker if isinstance(tracker, StoredTracker) else await self._adopted(tracker)
        new_events = stored.unsaved_events()
        if not new_events:
            return
        last = await self._in_thread("save", lambda: self._insert(stored, new_events))
        stored.mark_saved(last)
        self._cache.put(stored)
        if self.event_broker:
            await self._stream_new_events(self.event_broker, new_events, tracker.sender_id)

    async def _adopted(self, tracker: DialogueStateTracker) -> StoredTracker:
        """A tracker that this store did not hand out: all but its last events are stored already."""
        known = await self.retrieve(tracker.sender_id)
        adopted: StoredTracker = StoredTracker.from_events(tracker.sender_id, list(tracker.events), self.domain.slots)
        if isinstance(known, StoredTracker):
            adopted.last_event_id, adopted.saved_events = known.last_event_id, known.saved_events
        return adopted

    async def _in_thread(self, operation: str, work: Callable[[], Result]) -> Result:
        """Run database work off the event loop, which has other conversations to serve."""
        try:
            return await asyncio.to_thread(work)
        except sa.exc.SQLAlchemyError as error:
            logger.error("Tracker store: %s failed: %s", operation, type(error).__name__, exc_info=error)
            raise TrackerStoreError(operation, f"the database failed ({type(error).__name__})") from error

    def _ask(self) -> None:
        with self.engine.connect() as connection:
            connection.execute(sa.select([1]))

    def _keys(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select([EVENTS.c.sender_id]).distinct()).scalars())

    def _last_event_id(self, sender_id: str) -> int | None:
        with self.engine.connect() as connection:
            return last_event_id(connection, sender_id)

    def _load(self, sender_id: str, whole: bool = False) -> StoredTracker | None:
        with self.engine.connect() as connection:
            start, sessions = latest_session(connection, sender_id)
            last, summary = (0, []) if whole else snapshot_of(connection, sender_id)
            if last < start:  # a session that began later knows nothing of what was summarised
                last, summary = start - 1, []
            rows = event_rows(connection, sender_id, 0 if whole else last + 1)
        if not rows and not summary:
            return None
        tracker: StoredTracker = StoredTracker.from_events(sender_id, summary + events_in(rows), self.domain.slots)
        tracker.mark_saved(rows[-1]["id"] if rows else last)
        tracker.summarised = len(summary)
        tracker.has_older_events = bool(summary) or (sessions > 1 and not whole)
        return tracker

    def _events_from_message(self, sender_id: str, message_id: str) -> list[Event]:
        with self.engine.connect() as connection:
            start = event_id_of_message(connection, sender_id, message_id)
            return events_in(event_rows(connection, sender_id, start, LONGEST_TURN)) if start else []

    def _insert(self, tracker: StoredTracker, events: list[Event]) -> int:
        with self.engine.begin() as connection:
            lock_conversation(connection, tracker.sender_id)
            last = last_event_id(connection, tracker.sender_id) or 0
            if last != tracker.last_event_id:
                raise TrackerStoreError("save", "the conversation has changed since it was read")
            if not tracker.is_summary_saved:
                keep_snapshot(connection, tracker.sender_id, tracker.summary, tracker.saved_events - tracker.summarised)
            return insert_events(connection, tracker.sender_id, events, last)
