"""A turn of long ago once more: what today's model makes of it, while nothing is stored and no action really runs."""

from __future__ import annotations

import sqlite3
import time
import uuid
from typing import Any

import pytest
from fake_action_server import FakeActionServer, Outcome
from running_engine import RunningEngine, texts


@pytest.fixture
def conversation() -> str:
    return uuid.uuid4().hex


def replayed(engine: RunningEngine, conversation: str, message_id: str) -> dict[str, Any]:
    answer = engine.post("replay", {"conversation_id": conversation, "message_id": message_id})
    assert answer.status_code == 200, answer.text
    return answer.json()


def stored(engine: RunningEngine) -> int:
    with sqlite3.connect(engine.database) as connection:
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


def test_every_turn_of_a_booking_says_again_what_it_said(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    said = {
        "m1": engine.turn(conversation, "x", payload="/book_service", message_id="m1"),
        "m2": engine.turn(conversation, "x", payload="/greet", message_id="m2"),
        "m3": engine.turn(conversation, "Budi Santoso", message_id="m3"),
        "m4": engine.turn(conversation, "B 1234 XYZ", message_id="m4"),
    }
    before, calls = stored(engine), len(action_server.calls)
    for message_id, then in said.items():
        now = replayed(engine, conversation, message_id)
        assert texts(now) == texts(then)
        assert (now["did"], now["understood"]) == (then["did"], then["understood"])
        assert now["explained"]["slots"] == then["explained"]["slots"]
    assert (stored(engine), len(action_server.calls)) == (before, calls)


def test_actions_run_again_by_the_code_of_today(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    for message_id, text in (("m1", "/book_service"), ("m2", "Budi Santoso"), ("m3", "B 1234 XYZ")):
        payload = text if text.startswith("/") else None
        engine.turn(conversation, text, payload=payload, message_id=message_id)
    action_server.behave("action_submit", Outcome(responses=[{"text": "Hari ini lain."}]))
    assert texts(replayed(engine, conversation, "m3")) == ["Hari ini lain."]


def test_the_sandbox_hears_the_moment_what_was_remembered_and_each_call_of_the_turn(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    began = time.time()
    engine.turn(conversation, "x", payload="/book_service", message_id="m1")
    engine.turn(conversation, "Budi Santoso", message_id="m2")
    engine.turn(conversation, "B 1234 XYZ", message_id="m3")
    ended = time.time()
    replayed(engine, conversation, "m3")
    trials = action_server.trials
    names = [[call["next_action"] for call in trial["calls"]] for trial in trials]
    assert names == [["validate_booking_form"], ["validate_booking_form", "action_submit"]]
    assert len({trial["replay"] for trial in trials}) == 1
    for trial in trials:
        assert (trial["conversation_id"], trial["message_id"]) == (conversation, "m3")
        assert began < trial["moment"] < ended
        assert trial["slots"]["name"] == "Budi Santoso" and trial["slots"].get("plate") is None


def test_what_was_withheld_is_told(engine: RunningEngine, action_server: FakeActionServer, conversation: str) -> None:
    engine.turn(conversation, "x", payload="/book_service", message_id="m1")
    engine.turn(conversation, "Budi Santoso", message_id="m2")
    withheld = [{"system": "erp", "operation": "book", "about": "wash"}]
    written = [{"verb": "insert", "table": "drafts", "rows": 1}]
    action_server.told = {"withheld": withheld, "written": written}
    now = replayed(engine, conversation, "m2")
    assert (now["withheld"], now["written"]) == (withheld, written)
    assert "call validate_booking_form" in [span["name"] for span in now["spans"]]


def test_an_action_that_fails_today_is_named(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    engine.turn(conversation, "x", payload="/book_service", message_id="m1")
    engine.turn(conversation, "Budi Santoso", message_id="m2")
    failure = {"subsystem": "booking", "kind": "KeyError", "place": "ramah.booking.x:f:3"}
    action_server.behave("validate_booking_form", Outcome(status=500, body={"failure": failure}))
    answer = engine.post("replay", {"conversation_id": conversation, "message_id": "m2"})
    assert answer.status_code == 502
    assert answer.json()["failure"]["place"] == "ramah.booking.x:f:3"


def test_the_conversation_goes_on_where_it_was(engine: RunningEngine, conversation: str) -> None:
    engine.turn(conversation, "x", payload="/book_service", message_id="m1")
    replayed(engine, conversation, "m1")
    assert texts(engine.turn(conversation, "Budi Santoso")) == ["Nomor platnya?"]


def test_a_message_that_nobody_handled_cannot_be_replayed(engine: RunningEngine, conversation: str) -> None:
    answer = engine.post("replay", {"conversation_id": conversation, "message_id": "m1"})
    assert answer.status_code == 400
    assert answer.json()["failure"]["operation"] == "replay"


def test_a_turn_that_failed_is_replayed_where_it_stood(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    engine.turn(conversation, "x", payload="/book_service", message_id="m1")
    moment = time.time()
    engine.turn(conversation, "x", payload="/greet", message_id="m1-led-out")
    failed = {"text": "Budi Santoso", "payload": None, "channel": "webchat", "moment": moment}
    body = {"conversation_id": conversation, "message_id": "m2", "failed": failed}
    answer = engine.post("replay", body)
    assert answer.status_code == 200, answer.text
    assert texts(answer.json()) == texts(engine.turn(conversation, "Budi Santoso", message_id="m3"))
    assert engine.post("replay", {**body, "failed": None}).status_code == 400
