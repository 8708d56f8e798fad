"""Turns that hang hold up nobody else: others are answered, in order, with an engine stand-in that hangs for some."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, update

from ramah.messaging.claims import claim_turn
from ramah.messaging.courtesy import Courtesy
from ramah.messaging.engine_client import EngineReply, EngineTurn, TurnRequest
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, Inbound, InboundStatus
from ramah.messaging.shares import Shares
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, defaults, text_message
from worker.loops import Loops
from worker.turns import TurnTeam

WORKERS, MOST = 2, 8
SHARE = (WORKERS + MOST) // 2
"""What one organisation alone comes to when its turns hang."""
PATIENCE = 20.0
PAUSE = 0.02


class HangingEngine(ScriptedEngine):
    """Hangs for one organisation until it is let go."""

    def __init__(self, organisation_id: str) -> None:
        super().__init__(answer=self._answer)
        self._organisation_id = organisation_id
        self.go_on = threading.Event()
        self.hanging = 0
        self._lock = threading.Lock()

    def _answer(self, request: TurnRequest) -> EngineTurn:
        if request.metadata["organisation_id"] == self._organisation_id and not self.go_on.is_set():
            self._count(1)
            self.go_on.wait(PATIENCE)
            self._count(-1)
        return EngineTurn(replies=[EngineReply(text=f"echo {request.text}")], language="id")

    def _count(self, more: int) -> None:
        with self._lock:
            self.hanging += more


@contextmanager
def running(database: Database, engine: HangingEngine) -> Iterator[Loops]:
    """The team of threads that answer, as the worker runs it."""
    config, courtesy = defaults(turn_workers=WORKERS, turns_at_once=MOST, erp_all_at_once=1), Courtesy(database)
    team = TurnTeam(database, engine, config, courtesy, "me", PAUSE)
    loops = Loops(team.loops())
    loops.add(team.relief(loops))
    loops.start()
    try:
        yield loops
    finally:
        engine.go_on.set()
        loops.stop(PATIENCE)
        courtesy.close()


@pytest.fixture
def engine(stranger: Tenant) -> HangingEngine:
    """An engine that hangs for the stranger's customers."""
    return HangingEngine(stranger.id)


def wrote(database: Database, tenant: Tenant, who: int, key: str) -> None:
    accept(database, tenant.whatsapp, text_message("halo", key, who=f"6281100{who:05}"))


def comes_true(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE / 2
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def done(database: Database, tenant: Tenant) -> int:
    with database.tenant_reading(tenant.id) as session:
        return session.scalar(select(func.count(Inbound.id)).where(Inbound.status == InboundStatus.DONE)) or 0


def test_who_writes_while_others_hang_is_answered(
    database: Database, engine: HangingEngine, kilap: Tenant, stranger: Tenant
) -> None:
    for who in range(WORKERS):
        wrote(database, stranger, who, f"s{who}")
    with running(database, engine):
        assert comes_true(lambda: engine.hanging == WORKERS)
        wrote(database, kilap, 1, "k1")
        assert comes_true(lambda: done(database, kilap) == 1)
        assert engine.hanging == WORKERS
        # Who waits for somebody else holds no connection meanwhile.
        assert comes_true(lambda: database.engine.pool.checkedout() == 0)  # type: ignore[attr-defined]


def test_a_crowd_of_one_organisation_leaves_threads_to_others(
    database: Database, engine: HangingEngine, kilap: Tenant, stranger: Tenant
) -> None:
    for who in range(3 * MOST):
        wrote(database, stranger, who, f"s{who}")
    with running(database, engine):
        assert comes_true(lambda: engine.hanging >= SHARE)
        wrote(database, kilap, 1, "k1")
        assert comes_true(lambda: done(database, kilap) == 1)
        # Threads that look at the same moment may each take the last one.
        assert engine.hanging < SHARE + WORKERS
        engine.go_on.set()
        assert comes_true(lambda: done(database, stranger) == 3 * MOST)


def test_a_conversation_that_hangs_is_answered_in_order_by_one_thread(
    database: Database, engine: HangingEngine, kilap: Tenant, stranger: Tenant
) -> None:
    with running(database, engine):
        for number in range(5):
            wrote(database, stranger, 1, f"s{number}")
        assert comes_true(lambda: engine.hanging == 1)
        wrote(database, kilap, 1, "k1")
        assert comes_true(lambda: done(database, kilap) == 1)
        assert engine.hanging == 1
        engine.go_on.set()
        assert comes_true(lambda: done(database, stranger) == 5)
    with database.tenant_reading(stranger.id) as session:
        ids = session.scalars(select(Inbound.id).order_by(Inbound.position)).all()
        fences = session.scalars(select(Conversation.fence)).all()
    asked = [int(one.message_id) for one in engine.turns if one.metadata["organisation_id"] == stranger.id]
    assert asked == list(ids) and fences == [len(asked)]


def test_the_team_is_as_small_as_before_when_nothing_hangs_any_more(
    database: Database, engine: HangingEngine, stranger: Tenant
) -> None:
    for who in range(MOST):
        wrote(database, stranger, who, f"s{who}")
    with running(database, engine) as loops:
        assert comes_true(lambda: engine.hanging >= SHARE)
        assert len(loops.loops) > WORKERS + 1
        engine.go_on.set()
        assert comes_true(lambda: len(loops.loops) == WORKERS + 1)


def test_a_crowd_that_comes_back_does_not_push_in_front_of_fresh_messages(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    """Those who come back wrote earlier, so that by age alone they would always be first."""
    wrote(database, stranger, 1, "s1")
    wrote(database, stranger, 2, "s2")
    wrote(database, kilap, 1, "k1")
    with database.tenant(stranger.id) as session:
        session.execute(update(Inbound).values(attempts=1))
    shares = Shares(1, 8)
    first = claim_turn(database, "w", 60, fresh_first=shares.prefers_fresh())
    assert first is not None and first.organisation_id == stranger.id
    with shares.held(first.organisation_id, again=first.attempts > 1):
        fresh, again = (claim_turn(database, "w", 60, fresh_first=shares.prefers_fresh()) for _ in range(2))
    assert fresh is not None and fresh.organisation_id == kilap.id
    assert again is not None and again.organisation_id == stranger.id
