"""Live events inside the console process: one reader of the table, one bounded queue per open page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from ramah.messaging.live import Event, LiveReader
from ramah.store import Database

log = structlog.get_logger()
QUEUE_SIZE = 500
AFTER_FAILURE = 1.0


@dataclass(eq=False)
class Subscription:
    """One page's queue. ``overflowed`` means that events were dropped: the page must fetch anew."""

    organisation_id: str
    conversation_id: str | None
    queue: asyncio.Queue[Event] = field(default_factory=lambda: asyncio.Queue(QUEUE_SIZE))
    overflowed: bool = False

    def wants(self, event: Event) -> bool:
        """Whether this page may and wants to see the event."""
        same_organisation = event.organisation_id == self.organisation_id
        return same_organisation and self.conversation_id in (None, event.conversation_id)


class LiveHub:
    """Reads new events and hands them to the pages that may see them."""

    def __init__(self, database: Database, interval: float) -> None:
        self._database = database
        self._interval = interval
        self._subscriptions: set[Subscription] = set()
        self._following = asyncio.Event()
        self._reader: LiveReader | None = None
        self._bell = asyncio.Event()

    @asynccontextmanager
    async def subscribe(self, organisation_id: str, conversation_id: str | None = None) -> AsyncIterator[Subscription]:
        """A queue of events until the page goes away; waits until the table is being followed."""
        await self._following.wait()
        subscription = Subscription(organisation_id, conversation_id)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    async def run(self) -> None:
        """Follow the table for as long as the process lives."""
        while True:
            try:
                reader = self._reader or await self._begin()
                events = await asyncio.to_thread(reader.fetch)
            except Exception:
                # Pages keep their connection; they catch up when the database is back.
                log.exception("live_reader_failed")
                await asyncio.sleep(AFTER_FAILURE)
                continue
            for event in events:
                self._hand_out(event)
            await self._rest()

    async def _rest(self) -> None:
        """Until somebody rings, but never longer than the interval."""
        try:
            await asyncio.wait_for(self._bell.wait(), self._interval)
        except TimeoutError:
            return
        self._bell.clear()

    def ring(self) -> None:
        """Look now. Called on the loop's own thread."""
        self._bell.set()

    async def _begin(self) -> LiveReader:
        self._reader = await asyncio.to_thread(LiveReader, self._database)
        self._following.set()
        return self._reader

    def newest(self, organisation_id: str) -> int:
        """The number of the newest event that pages of this organisation were told."""
        return self._reader.newest(organisation_id) if self._reader else 0

    def _hand_out(self, event: Event) -> None:
        for subscription in self._subscriptions:
            if subscription.wants(event):
                try:
                    subscription.queue.put_nowait(event)
                except asyncio.QueueFull:
                    subscription.overflowed = True
