"""A turn of long ago once more: what today's model makes of it, while nothing is stored and nobody is called."""

from __future__ import annotations

import sqlite3
import uuid
from typing import Any

import pytest
from fake_action_server import FakeActionServer
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
        assert (now["did"], now["understood"], now["ends_at"]) == (then["did"], then["understood"], None)
        assert now["explained"]["slots"] == then["explained"]["slots"]
    assert (stored(engine), len(action_server.calls)) == (before, calls)


def test_the_conversation_goes_on_where_it_was(engine: RunningEngine, conversation: str) -> None:
    engine.turn(conversation, "x", payload="/book_service", message_id="m1")
    replayed(engine, conversation, "m1")
    assert texts(engine.turn(conversation, "Budi Santoso")) == ["Nomor platnya?"]


def test_a_message_that_nobody_handled_cannot_be_replayed(engine: RunningEngine, conversation: str) -> None:
    answer = engine.post("replay", {"conversation_id": conversation, "message_id": "m1"})
    assert answer.status_code == 400
    assert answer.json()["failure"]["operation"] == "replay"
