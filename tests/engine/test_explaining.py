"""Why a turn went as it did: rules by name and file, wording, slots, and what took how long."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from fake_action_server import FakeActionServer, Outcome
from running_engine import RunningEngine

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def conversation() -> str:
    return uuid.uuid4().hex


def decided(answer: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(one["action"], one["rule"], one["file"]) for one in answer["explained"]["decisions"]]


def test_the_rule_that_fired_is_named_with_its_file(engine: RunningEngine, conversation: str) -> None:
    greeting = decided(engine.turn(conversation, "halo kak"))
    assert [(action, rule) for action, rule, _ in greeting] == [("utter_greet", "greet")]
    file = greeting[0][2]
    assert file is not None and file.startswith("data/") and file.endswith("rules.yml")


def test_rules_inside_a_form_are_named_and_the_forms_own_way_has_none(engine: RunningEngine, conversation: str) -> None:
    (began,) = decided(engine.turn(conversation, "x", payload="/book_service"))
    assert began[:2] == ("booking_form", "begin booking")
    between = decided(engine.turn(conversation, "x", payload="/greet"))
    assert ("utter_greet", "greeting inside the form") in [one[:2] for one in between]
    going_on = decided(engine.turn(conversation, "Budi Santoso"))
    assert [one[:2] for one in going_on] == [("booking_form", None)]


def test_wording_variables_and_slots_are_told(engine: RunningEngine, conversation: str) -> None:
    engine.turn(conversation, "x", payload="/book_service")
    told = engine.turn(conversation, "Budi Santoso")["explained"]
    assert told["slots"]["name"] == {"before": None, "after": "Budi Santoso"}
    assert told["normalised"] == "budi santoso"
    said = engine.turn(conversation, "B 1234 XYZ")["explained"]["responses"][-1]
    assert (said["response"], said["variables"]) == ("utter_booked", {"name": "Budi Santoso"})
    assert "{name}" in said["template"]


def test_a_turn_in_a_trace_tells_what_took_how_long(engine: RunningEngine, conversation: str) -> None:
    spans = engine.traced_turn(conversation, "halo kak", TRACEPARENT).json()["spans"]
    names = [one["name"] for one in spans]
    assert {"load", "understand", "extract slots", "action utter_greet"} <= set(names)
    assert "run LinearIntentClassifier" in names and "run RulePolicy" in names
    known = {one["id"] for one in spans} | {"b7ad6b7169203331"}
    assert all(one["parent"] in known and one["micros"] >= 0 for one in spans)


def test_a_turn_outside_of_traces_notes_nothing(engine: RunningEngine, conversation: str) -> None:
    assert engine.turn(conversation, "halo kak")["spans"] == []


def test_a_failed_turn_tells_where_it_got_to(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    theirs = {"id": "00f067aa0ba902b7", "parent": None, "name": "erp", "process": "actions", "start": 1, "micros": 2}
    action_server.behave("action_control", Outcome(status=500, body={"error": "KeyError", "spans": [theirs]}))
    answer = engine.traced_turn(conversation, "x", TRACEPARENT, payload="/control")
    assert answer.status_code == 502
    spans = {one["name"]: one for one in answer.json()["spans"]}
    assert spans["erp"] == theirs
    assert "call action_control" in spans and spans["action action_control"]["error"]
