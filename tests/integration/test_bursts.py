"""Several short messages in a row are one thought: answered once, each of them on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.messaging import arrivals, claims
from ramah.messaging.claims import claim_turn
from ramah.messaging.engine_client import EngineError
from ramah.messaging.inbox import accept
from ramah.messaging.models import Inbound, InboundStatus, Interaction, Outbound
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database, utc_now
from tests.integration.conftest import ScriptedEngine, Tenant, defaults, text_message

WINDOW = 2.0


@pytest.fixture(autouse=True)
def _window(monkeypatch: pytest.MonkeyPatch) -> None:
    config = defaults(burst_window=WINDOW)
    for module in (arrivals, claims):
        monkeypatch.setattr(module, "settings", lambda: config)


def tap(key: str, payload: str = "/yes") -> Incoming:
    return Incoming(
        external_id=f"t-{key}",
        sender=Sender(platform_id="62811000001"),
        kind=IncomingKind.TAP,
        text="Ya",
        payload=payload,
    )


def write(database: Database, tenant: Tenant, *texts: str, pause: float = 0.5) -> None:
    """Typed messages, ``pause`` seconds apart, the last one just now."""
    start = utc_now() - timedelta(seconds=pause * (len(texts) - 1))
    for number, text in enumerate(texts):
        with time_machine.travel(start + timedelta(seconds=pause * number), tick=False):
            accept(database, tenant.webchat, text_message(text, key=f"{text}-{number}"))


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(utc_now() + timedelta(seconds=seconds), tick=True)


def test_a_burst_is_answered_as_one_thought(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    write(database, kilap, "mau booking", "cuci premium", "besok ya")
    assert not runner.run_one()
    with later(WINDOW + 0.1):
        assert runner.run_one()
        assert not runner.run_one()
    assert [turn.text for turn in engine.turns] == ["mau booking\ncuci premium\nbesok ya"]
    with database.tenant_reading(kilap.id) as session:
        first, *further = session.scalars(select(Inbound).order_by(Inbound.position)).all()
        assert {row.status for row in (first, *further)} == {InboundStatus.DONE}
        assert [row.joined_to for row in further] == [first.id, first.id]
        assert len(session.scalars(select(Interaction)).all()) == 3
        assert len(session.scalars(select(Outbound)).all()) == 1


def test_messages_with_a_pause_between_them_are_thoughts_of_their_own(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    write(database, kilap, "jam buka?", "halo?", pause=WINDOW + 1)
    with later(WINDOW + 0.1):
        assert runner.run_one() and runner.run_one()
    assert [turn.text for turn in engine.turns] == ["jam buka?", "halo?"]


def test_a_tap_ends_the_waiting_and_is_never_joined(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    write(database, kilap, "mau booking", "besok")
    accept(database, kilap.webchat, tap("1"))
    assert runner.run_one() and runner.run_one()
    assert [(turn.text, turn.payload) for turn in engine.turns] == [("mau booking\nbesok", None), ("Ya", "/yes")]


def test_somebody_who_never_stops_typing_is_answered_all_the_same(
    database: Database, kilap: Tenant, runner: TurnRunner
) -> None:
    write(database, kilap, *(f"lagi {number}" for number in range(8)), pause=WINDOW * 0.6)
    assert runner.run_one()


def test_a_turn_that_runs_again_says_the_same_to_the_engine(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    write(database, kilap, "satu", "dua")
    engine.failure = EngineError("down", "away")
    with later(WINDOW + 0.1):
        assert runner.run_one()
        accept(database, kilap.webchat, text_message("tiga", key="3"))
    engine.failure = None
    with later(4 * WINDOW):
        while runner.run_one():
            continue
    assert [turn.text for turn in engine.turns] == ["satu\ndua", "satu\ndua", "tiga"]


def test_a_worker_that_died_in_a_burst_leaves_it_whole(database: Database, kilap: Tenant) -> None:
    write(database, kilap, "satu", "dua")
    with later(WINDOW + 0.1):
        dead = claim_turn(database, "dead", -1)
        accept(database, kilap.webchat, text_message("tiga", key="3"))
    with later(4 * WINDOW):
        following = claim_turn(database, "next", 60)
    assert dead is not None and following is not None
    assert (following.inbound_id, following.joined) == (dead.inbound_id, dead.joined)
    assert following.fence > dead.fence
