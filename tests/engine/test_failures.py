"""Turns that fail: loudly, typed, and without a trace."""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path

import pytest
import requests
from fake_action_server import Call, FakeActionServer, Outcome, slot
from running_engine import ROOT, RunningEngine, free_port, texts


@pytest.fixture
def conversation() -> str:
    return uuid.uuid4().hex


def stored_events(engine: RunningEngine, conversation: str) -> int:
    with sqlite3.connect(engine.database) as connection:
        return connection.execute("SELECT count(*) FROM events WHERE sender_id = ?", (conversation,)).fetchone()[0]


def failing(status: int, body: object = None) -> Outcome:
    return Outcome(status=status, body={"error": "secret detail", "tracker": {"x": 1}} if body is None else body)


@pytest.mark.parametrize(
    ("outcome", "kind", "permanent"),
    [
        (failing(500), "action_failed", False),
        (failing(404), "action_failed", True),
        (failing(401), "action_failed", False),
        (failing(503), "action_unreachable", False),
        (failing(400, b"no json"), "action_failed", True),
        (failing(200, b"no json"), "action_failed", True),
        (failing(200, {"responses": []}), "action_failed", True),
        (failing(200, {"events": [{"event": "slot"}], "responses": []}), "action_failed", True),
    ],
)
def test_an_action_that_fails_fails_the_turn(
    engine: RunningEngine,
    action_server: FakeActionServer,
    conversation: str,
    outcome: Outcome,
    kind: str,
    permanent: bool,
) -> None:
    action_server.behave("action_control", outcome)
    response = engine.try_turn(conversation, "x", payload="/control")
    failure = response.json()["failure"]
    assert response.status_code == 502
    assert (failure["kind"], failure["operation"], failure["permanent"]) == (kind, "action_control", permanent)
    assert "secret" not in response.text
    assert stored_events(engine, conversation) == 0


def test_what_failed_can_be_sent_again(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    engine.turn(conversation, "x", payload="/greet")
    before = stored_events(engine, conversation)
    action_server.behave("action_control", failing(500))
    assert engine.try_turn(conversation, "x", payload="/control", message_id="m").status_code == 502
    assert stored_events(engine, conversation) == before
    action_server.reset()
    answer = engine.turn(conversation, "x", payload="/control", message_id="m")
    assert answer["repeated"] is False
    assert answer["replies"][0]["custom"] == {"handover": True}


def test_an_action_that_fails_inside_the_form_leaves_the_form_as_it_was(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    engine.turn(conversation, "x", payload="/book_service")
    action_server.behave("validate_booking_form", failing(500))
    assert engine.try_turn(conversation, "Budi").json()["failure"]["operation"] == "validate_booking_form"
    action_server.reset()
    assert texts(engine.turn(conversation, "Budi")) == ["Nomor platnya?"]


def test_a_message_may_leave_a_form_whose_actions_fail(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    engine.turn(conversation, "x", payload="/book_service")
    action_server.behave("validate_booking_form", failing(500))
    answer = engine.turn(conversation, "", payload="/greet", leaves_form=True)
    assert len(answer["replies"]) == 1
    assert "requested_slot" not in answer["slots"]
    assert [done["action"] for done in answer["did"]] == ["utter_greet"]


def test_an_action_may_reject(engine: RunningEngine, action_server: FakeActionServer, conversation: str) -> None:
    rejected = {"action_name": "action_control", "error": "not now"}
    action_server.behave("action_control", Outcome(status=400, body=rejected))
    assert texts(engine.turn(conversation, "x", payload="/control")) == ["?"]


def test_an_action_that_hangs_is_given_up(project: Path, action_server: FakeActionServer) -> None:
    endpoints = project / "endpoints.yml"
    original = endpoints.read_text()
    endpoints.write_text(original.replace("timeout_seconds: 15", "timeout_seconds: 1"))
    try:
        with RunningEngine(project, action_server.url, free_port()) as impatient:
            impatient.wait_until_ready()
            action_server.hang("action_control")
            failure = impatient.try_turn("hanging", "x", payload="/control").json()["failure"]
            assert (failure["kind"], failure["permanent"]) == ("action_unreachable", False)
            assert stored_events(impatient, "hanging") == 0
            assert impatient.stop() == 0
    finally:
        endpoints.write_text(original)


def test_an_unreachable_action_server_is_told_apart(project: Path, action_server: FakeActionServer) -> None:
    with RunningEngine(project, f"http://127.0.0.1:{free_port()}/webhook", free_port()) as lonely:
        lonely.wait_until_ready()
        response = lonely.try_turn("lonely", "x", payload="/control")
        assert response.status_code == 502
        assert response.json()["failure"]["kind"] == "action_unreachable"
        assert texts(lonely.turn("lonely", "x", payload="/greet"))


def test_silence_is_a_failure(engine: RunningEngine, conversation: str) -> None:
    response = engine.try_turn(conversation, "x", payload="/silent")
    assert response.status_code == 502
    assert response.json()["failure"]["kind"] == "no_reply"
    assert stored_events(engine, conversation) == 0


def test_a_response_that_does_not_exist_is_named(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    action_server.behave("action_control", Outcome(responses=[{"response": "utter_nowhere"}]))
    failure = engine.try_turn(conversation, "x", payload="/control").json()["failure"]
    assert failure["kind"] == "no_reply"
    assert "utter_nowhere" in failure["detail"]


def test_a_failing_action_is_named_with_the_place_that_its_server_tells(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    told = {"subsystem": "erp", "kind": "Unavailable", "place": "ramah.integrations.http:_exchange:9"}
    action_server.behave("action_control", failing(500, {"error": "secret detail", "failure": told}))
    failure = engine.try_turn(conversation, "x", payload="/control").json()["failure"]
    assert (failure["subsystem"], failure["place"]) == (told["subsystem"], told["place"])
    action_server.behave("action_control", failing(500, {"failure": {**told, "place": "Budi, Jl. Mawar 7"}}))
    failure = engine.try_turn(conversation, "x", payload="/control").json()["failure"]
    assert (failure["subsystem"], failure["place"].rpartition(":")[0]) == (
        "actions",
        "engine.connector.action_server:_refused",
    )


def test_another_system_that_is_away_is_no_fault_of_the_action(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    told = {"subsystem": "erp", "kind": "Busy", "place": "ramah.integrations.http:_guarded:9", "away": True}
    action_server.behave("action_control", failing(500, {"failure": told}))
    failure = engine.try_turn(conversation, "x", payload="/control").json()["failure"]
    assert (failure["kind"], failure["subsystem"], failure["permanent"]) == ("system_away", "erp", False)


def test_what_rasa_only_logs_is_told_beside_the_answer(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    responses = [{"text": "baik"}, {"response": "utter_nowhere"}]
    action_server.behave("action_control", Outcome(events=[slot("no_such_slot", 1)], responses=responses))
    answer = engine.turn(conversation, "x", payload="/control")
    assert texts(answer) == ["baik"]
    told = [(one["kind"], one["subsystem"], one["place"].rpartition(":")[0]) for one in answer["troubles"]]
    assert told == [
        ("unknown_slot", "actions", "engine.connector.action_server:_note_unknown_slots"),
        ("unknown_response", "engine", "engine.connector.wording:generate_from_slots"),
    ]


def test_a_failure_names_the_line_that_noted_it(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    action_server.behave("action_control", Outcome(responses=[{"response": "utter_nowhere"}]))
    failure = engine.try_turn(conversation, "x", payload="/control").json()["failure"]
    module, function, line = failure["place"].split(":")
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8").splitlines()
    assert (function, source[int(line) - 1].strip()) == ("generate_from_slots", "record_missing(utter_action)")


def test_the_engine_says_whether_it_lives_and_can_serve_and_counts(engine: RunningEngine, conversation: str) -> None:
    engine.turn(conversation, "x", payload="/greet")
    root = engine.url.removesuffix("/webhooks/ramah")
    assert requests.get(f"{root}/healthz", timeout=5).json() == {"alive": True}
    assert requests.get(f"{root}/readyz", timeout=5).json() == {"ready": True, "troubles": [], "warnings": []}
    figures = requests.get(f"{root}/metrics", timeout=5).text
    assert 'ramah_engine_requests_total{route="turn",ended="answered"}' in figures
    assert "ramah_engine_model_info{model=" in figures


def test_policies_that_never_listen_are_stopped(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    def again(_: Call) -> Outcome:
        return Outcome(events=[{"event": "followup", "name": "action_control"}], responses=[{"text": "again"}])

    action_server.behave("action_control", again)
    response = engine.try_turn(conversation, "x", payload="/control")
    assert response.status_code == 500
    assert response.json()["failure"]["kind"] == "internal"
    assert stored_events(engine, conversation) == 0


def test_a_store_that_cannot_be_written_is_a_failure_and_never_memory(engine: RunningEngine, conversation: str) -> None:
    blocker = sqlite3.connect(engine.database, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    try:
        response = engine.try_turn(conversation, "x", payload="/greet", message_id="m")
    finally:
        blocker.execute("ROLLBACK")
        blocker.close()
    assert response.status_code == 503
    assert response.json()["failure"]["kind"] == "tracker_store"
    assert response.json()["failure"]["permanent"] is False
    assert engine.turn(conversation, "x", payload="/greet", message_id="m")["repeated"] is False
