"""Whoever watches turns: what is noted, what is put right, and that no turn fails by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from ramah.care import CareObserver
from ramah.messaging.claims import Claim
from ramah.messaging.engine_client import EngineError, EngineReply, EngineTurn, TurnRequest
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, HandledBy, Interaction
from ramah.messaging.observing import Observation, Remedy
from ramah.messaging.thread import read_thread
from ramah.messaging.turn_runner import TurnRunner
from ramah.observe import Incident
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, defaults, text_message

SAME = "Mobilnya apa, Kak?"


@pytest.fixture
def watched_runner(database: Database, engine: ScriptedEngine) -> TurnRunner:
    """A worker whose turns are watched."""
    return TurnRunner(database, engine, defaults(), "worker-1", observer=CareObserver(database))


@pytest.fixture
def say(database: Database, kilap: Tenant, watched_runner: TurnRunner) -> Callable[[str], list[str]]:
    """Send a message and read what came back."""
    seen = 0

    def send(text: str) -> list[str]:
        nonlocal seen
        stored = accept(database, kilap.webchat, text_message(text, key=f"k{seen}-{text}"))
        while watched_runner.run_one():
            pass
        with database.tenant_reading(kilap.id) as session:
            lines = read_thread(session, stored.conversation_id, seen)
        seen = lines[-1].position
        return [line.text for line in lines if line.author == "bot"]

    return send


def asking(text: str) -> Callable[[TurnRequest], EngineTurn]:
    """A dialogue that asks the same in a form of its own, until it is taken out of it."""

    def answer(request: TurnRequest) -> EngineTurn:
        if request.payload == "/unstuck":
            return EngineTurn(replies=[EngineReply(text="way out")])
        return EngineTurn(
            replies=[EngineReply(text="a notice"), EngineReply(text=text)],
            slots={"requested_slot": "what"},
            did=[{"action": "complaint_form"}],
            language="id",
        )

    return answer


def test_mood_and_stage_are_noted_with_the_turn_and_the_conversation(
    database: Database, kilap: Tenant, say: Callable[[str], list[str]]
) -> None:
    say("lama banget sih, cepetan dong!")
    with database.tenant_reading(kilap.id) as session:
        turn, conversation = session.scalars(select(Interaction)).one(), session.scalars(select(Conversation)).one()
        for row in (turn, conversation):
            assert (row.mood, row.urgent, row.stage) == ("anger", True, "greeting")
            assert row.mood_score is not None and row.mood_score > 0.5


def test_actions_are_told_the_mood_of_these_turns(engine: ScriptedEngine, say: Callable[[str], list[str]]) -> None:
    say("lama banget sih")
    say("ok")
    told = [turn.metadata for turn in engine.turns]
    assert (told[0]["mood"], told[0]["upset"]) == ("anger", "true")
    assert (told[1]["mood"], told[1]["upset"]) == ("neutral", "true")


def test_twice_upset_brings_an_apology_and_a_person_once(say: Callable[[str], list[str]]) -> None:
    assert say("lama banget sih") == ["echo lama banget sih"]
    assert say("kesel saya") == ["echo kesel saya", "utter_offer_person_upset"]
    assert say("parah banget") == ["echo parah banget"]


def test_the_third_time_in_the_same_words_the_way_out_comes_instead(
    database: Database, kilap: Tenant, engine: ScriptedEngine, say: Callable[[str], list[str]]
) -> None:
    engine.answer = asking(SAME)
    assert [say("satu"), say("dua"), say("tiga")] == [["a notice", SAME]] * 2 + [["a notice", "way out"]]
    unstick = engine.turns[-1]
    assert (unstick.payload, unstick.leaves_form) == ("/unstuck", True)
    with database.tenant_reading(kilap.id) as session:
        assert [turn.doctor for turn in session.scalars(select(Interaction).order_by(Interaction.id))] == [
            None,
            None,
            "same_words",
        ]
        incident = session.scalars(select(Incident)).one()
    assert (incident.subsystem, incident.operation) == ("dialogue", "stuck:same_words")
    assert incident.place.startswith("data/booking/responses.id.yml:utter_ask_car_model:") or ":" in incident.place
    assert "customer: tiga" in incident.message and f"bot (now): {SAME}" in incident.message
    assert "the step was what" in incident.message and "complaint_form" in incident.message


def test_he_rests_five_turns_and_after_two_interventions_a_person_gets_it(
    database: Database, kilap: Tenant, engine: ScriptedEngine, say: Callable[[str], list[str]]
) -> None:
    engine.answer = asking(SAME)
    freed = [number for number in range(1, 16) if "way out" in say(f"pesan {number}")]
    assert freed == [3, 9]
    with database.tenant_reading(kilap.id) as session:
        conversation = session.scalars(select(Conversation)).one()
        assert (conversation.handled_by, conversation.handover_reason) == (HandledBy.QUEUE, "stuck")


def test_a_dialogue_that_breaks_at_a_message_is_left_once(
    database: Database, kilap: Tenant, engine: ScriptedEngine, say: Callable[[str], list[str]]
) -> None:
    def answer(request: TurnRequest) -> EngineTurn:
        if request.payload == "/unstuck":
            return EngineTurn(replies=[EngineReply(text="way out")])
        raise EngineError("the action raised KeyError", "action_failed", operation="booking_form", permanent=True)

    engine.answer = answer
    assert say("halo") == ["way out"]
    assert say("halo lagi") == ["utter_technical_trouble"]
    with database.tenant_reading(kilap.id) as session:
        assert session.scalars(select(Conversation)).one().handled_by == HandledBy.QUEUE
        assert "stuck:error_twice" in session.scalars(select(Incident.operation)).all()


def test_when_the_way_out_fails_too_the_turn_is_as_it_was(
    database: Database, kilap: Tenant, engine: ScriptedEngine, say: Callable[[str], list[str]]
) -> None:
    stuck = asking(SAME)

    def answer(request: TurnRequest) -> EngineTurn:
        if request.payload == "/unstuck":
            raise EngineError("no", "action_failed", permanent=True)
        return stuck(request)

    engine.answer = answer
    assert [say("satu"), say("dua"), say("tiga")] == [["a notice", SAME]] * 3
    with database.tenant_reading(kilap.id) as session:
        assert all(turn.doctor is None for turn in session.scalars(select(Interaction)))


def test_a_person_who_has_the_chat_is_not_disturbed_but_sees_the_mood(
    database: Database, kilap: Tenant, say: Callable[[str], list[str]]
) -> None:
    say("halo")
    with database.tenant(kilap.id) as session:
        session.scalars(select(Conversation)).one().handled_by = HandledBy.HUMAN
    assert [say("kesel saya"), say("marah nih")] == [[], []]
    with database.tenant_reading(kilap.id) as session:
        assert session.scalars(select(Conversation)).one().mood == "anger"


def test_who_is_handed_to_a_person_needs_neither_doctor_nor_comfort(
    database: Database, kilap: Tenant, engine: ScriptedEngine, say: Callable[[str], list[str]]
) -> None:
    say("lama banget sih")
    engine.answer = lambda request: EngineTurn(
        replies=[EngineReply(text="sebentar ya"), EngineReply(custom={"handover": {"reason": "complaint"}})]
    )
    assert say("kesel, mau komplain") == ["sebentar ya"]


class Broken:
    """An observer that fails at everything."""

    def before(self, claim: Claim) -> dict[str, str]:
        raise RuntimeError("before")

    def observe(self, claim: Claim, turn: EngineTurn, *, answered: bool) -> Observation:
        raise RuntimeError("observe")

    def rescue(self, claim: Claim, error: EngineError) -> Remedy | None:
        raise RuntimeError("rescue")


def test_an_observer_that_fails_is_an_incident_and_no_turn_notices(
    database: Database, kilap: Tenant, engine: ScriptedEngine
) -> None:
    runner = TurnRunner(database, engine, defaults(), "worker-1", observer=Broken())
    stored = accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    with database.tenant_reading(kilap.id) as session:
        assert [line.text for line in read_thread(session, stored.conversation_id)] == ["halo", "echo halo"]
        operations: Any = set(session.scalars(select(Incident.operation)))
    assert operations == {"watch:before", "watch:observe"}
