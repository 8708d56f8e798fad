"""Customers arrive in a division's lines while its agents free themselves, take breaks and come back, all at once."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from unittest.mock import patch

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.desk.handover import close
from ramah.lib.errors import Refused
from ramah.messaging.conversations import locked
from ramah.messaging.divisions import assigning
from ramah.messaging.divisions.agents import Agent
from ramah.messaging.divisions.assigning import serve
from ramah.messaging.divisions.places import place_of
from ramah.messaging.divisions.presence import HEARTBEAT, heard_from
from ramah.messaging.divisions.waiting import leave_line, new_wait, put_into, wait_of
from ramah.messaging.inbox import accept
from ramah.messaging.models import (
    Conversation,
    Division,
    DivisionAgent,
    HandledBy,
    QueueMode,
    QueueSettings,
    QueueWait,
    WaitStatus,
)
from ramah.people import Organisation, Staff
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, text_message

LEAVERS = 0.05
CAPACITY = 2
LOOK_EVERY = 0.05
"""Seconds."""


@dataclass
class Rush:
    """So many agents, so many customers. Every customer is served once or leaves."""

    database: Database
    tenant: Tenant
    agents: int
    customers: int
    seed: int = 7
    arrived: dict[str, datetime] = field(default_factory=dict)
    decided: dict[str, datetime] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    over_capacity: list[str] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    staff: list[str] = field(default_factory=list)
    divisions: list[str] = field(default_factory=list)
    _screens: dict[str, SimpleQueue[str]] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def run(self, doors: int = 6) -> None:
        """All of it; returns when nobody waits any more."""
        with self._noting_decisions():
            self._run(doors)

    @contextmanager
    def _noting_decisions(self) -> Iterator[None]:
        """When the rows were read from which it was decided whom a customer goes to. The row of the wait says when that
        was written, some milliseconds later, in which another one may have arrived."""
        looked, look, give = threading.local(), assigning._next, assigning.give_to

        def noted_look(session: Session, settings: QueueSettings, now: datetime) -> tuple[str, Agent] | None:
            looked.at = now
            return look(session, settings, now)

        def noted_give(session: Session, settings: QueueSettings, chat: Conversation, staff_id: str, name: str) -> None:
            self.decided[chat.id] = looked.at
            give(session, settings, chat, staff_id, name)

        with patch.multiple(assigning, _next=noted_look, give_to=noted_give):
            yield

    def _run(self, doors: int) -> None:
        self._prepare()
        waiting = self.customers // 3
        self._together([self._arrive(range(index, waiting, doors), index) for index in range(doors)])
        self._screens = {staff_id: SimpleQueue() for staff_id in self.staff}
        rest = [self._arrive(range(waiting + index, self.customers, doors), 100 + index) for index in range(doors)]
        self._together([*rest, *(self._work(staff_id) for staff_id in self.staff), self._show, self._beat])

    def _prepare(self) -> None:
        with self.database.tenant(self.tenant.id) as session:
            session.get_one(Organisation, self.tenant.id).queue_mode = QueueMode.CHOOSE
            session.add(QueueSettings(texts={}, capacity=CAPACITY))
            divisions = [Division(name=f"Team {number}", position=number) for number in range(3)]
            people = [
                Staff(email=f"a{number}@kilap.example", name=f"A{number}", password_hash="-", roles=["agent"])
                for number in range(self.agents)
            ]
            session.add_all([*divisions, *people])
            session.flush()
            self.divisions, self.staff = [one.id for one in divisions], [one.id for one in people]
            for number, staff_id in enumerate(self.staff):
                for division_id in {self.divisions[number % 3], self.divisions[(number // 3) % 3]}:
                    session.add(DivisionAgent(division_id=division_id, staff_id=staff_id))

    def _arrive(self, numbers: range, seed: int) -> Callable[[], None]:
        def run() -> None:
            dice = random.Random(self.seed * 1000 + seed)
            for number in numbers:
                conversation_id = self._queue_up(number, dice.choice(self.divisions))
                self.arrived[conversation_id] = utc_now()
                serve(self.database, self.tenant.id)
                if dice.random() < LEAVERS:
                    self._leave(conversation_id)

        return run

    def _queue_up(self, number: int, division_id: str) -> str:
        message = text_message("halo", f"r-{number}", f"62814{number:07}")
        conversation_id = accept(self.database, self.tenant.whatsapp, message).conversation_id
        with self.database.tenant(self.tenant.id) as session:
            conversation = locked(session, conversation_id)
            conversation.handled_by = HandledBy.QUEUE
            put_into(session, conversation, new_wait(session, conversation), division_id)
        return conversation_id

    def _leave(self, conversation_id: str) -> None:
        with self.database.tenant(self.tenant.id) as session:
            conversation = locked(session, conversation_id)
            if conversation.handled_by == HandledBy.QUEUE and wait_of(session, conversation) is not None:
                leave_line(session, conversation)
                self.left.add(conversation_id)

    def _work(self, staff_id: str) -> Callable[[], None]:
        """An agent ends what they are shown, at once, again and again until nobody waits."""

        def run() -> None:
            while not self._over.is_set():
                with suppress(Empty):
                    close(self.database, self.tenant.id, self._screens[staff_id].get(timeout=LOOK_EVERY), staff_id)

        return run

    def _show(self) -> None:
        """Shows everybody what is theirs, and looks at random moments, between all the others' steps, at how much it
        is."""
        shown: set[str] = set()
        while not self._is_over():
            with self.database.tenant_reading(self.tenant.id) as session:
                mine = select(Conversation.id, Conversation.staff_id).where(Conversation.handled_by == "human")
                held = {row[0]: str(row[1]) for row in session.execute(mine)}
            self.over_capacity += [staff_id for staff_id, load in Counter(held.values()).items() if load > CAPACITY]
            for conversation_id in held.keys() - shown:
                self._screens[held[conversation_id]].put(conversation_id)
            shown |= held.keys()
            self._over.wait(LOOK_EVERY)
        self._over.set()

    def _beat(self) -> None:
        """Everybody's page stays open, and the worker looks every second, as it always does."""
        while not self._over.is_set():
            for staff_id in self.staff:
                heard_from(self.database, self.tenant.id, staff_id, active=True)
            for _ in range(HEARTBEAT.seconds):
                serve(self.database, self.tenant.id)
                self._over.wait(1)

    def _is_over(self) -> bool:
        if self.failures:
            return True
        if len(self.arrived) < self.customers:
            return False
        with self.database.tenant_reading(self.tenant.id) as session:
            open_ones = select(func.count(Conversation.id)).where(Conversation.handled_by.in_(("queue", "human")))
            return not session.scalar(open_ones)

    def _together(self, works: list[Callable[[], None]]) -> None:
        threads = [threading.Thread(target=self._guarded, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.failures == []

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            self.failures.append(error)
            raise


@dataclass(frozen=True)
class Verdict:
    """What came of the rush."""

    served: int
    overtaken: list[str]
    doubled: list[str]


def judge(rush: Rush) -> Verdict:
    """Who came into a line (committed) before another one's assignment was decided, and earlier in turn, must have been
    assigned first, unless they left."""
    with rush.database.tenant_reading(rush.tenant.id) as session:
        waits = session.scalars(select(QueueWait).where(QueueWait.status == WaitStatus.ASSIGNED)).all()
    doubled = [one for one, times in Counter(wait.conversation_id for wait in waits).items() if times > 1]
    overtaken = []
    for division_id in rush.divisions:
        line = sorted((one for one in waits if one.division_id == division_id), key=lambda one: one.queued_at)
        overtaken += _overtaken(line, rush)
    return Verdict(len(waits), overtaken, doubled)


def _overtaken(line: list[QueueWait], rush: Rush) -> list[str]:
    """In the order of their turn: who was assigned after somebody behind them although they stood there already."""
    found = []
    earliest_behind: datetime | None = None
    for wait in reversed(line):
        decided = rush.decided[wait.conversation_id]
        if earliest_behind is not None and rush.arrived[wait.conversation_id] < earliest_behind < decided:
            found.append(f"{wait.conversation_id} waited since {wait.queued_at}, was passed at {earliest_behind}")
        earliest_behind = min(decided, earliest_behind or decided)
    return found


@dataclass
class Leavers:
    """A line from which people leave at its head while its last one asks for the place."""

    rush: Rush
    wrong: list[str] = field(default_factory=list)

    def ask(self, chats: list[str]) -> None:
        """Each leaves in turn; right after it the last one's place must be one less."""
        with self.rush.database.tenant_reading(self.rush.tenant.id) as session:
            last = session.get_one(Conversation, chats[-1])
            before = place_of(session, last)
        for gone, chat in enumerate(chats[:-1], start=1):
            self.rush._leave(chat)
            with self.rush.database.tenant_reading(self.rush.tenant.id) as session:
                place = place_of(session, session.get_one(Conversation, chats[-1]))
            if place != before - gone:
                self.wrong.append(f"{place} after {gone} of {before} left")


def try_to_take(take: Callable[[], None]) -> str | None:
    """What the person was told, or None when they have it."""
    try:
        take()
    except Refused as refusal:
        return str(refusal)
    return None
