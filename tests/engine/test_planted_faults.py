"""Faults planted in the real engine and the real action server: each is told by kind, part, step and line of ours."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from fake_action_server import FakeActionServer, Outcome, slot
from planted_engine import BREAKS_A_COMPONENT
from running_engine import ACTIONS_TOKEN, ROOT, RunningEngine, free_port, texts

HERE = "tests.engine.planted_engine"
TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"
SORRY = {"response": "utter_language_set", "variables": {}, "slots": {}}


def place(module: str, function: str, marker: str) -> str:
    """`module:function:line` of the one line that holds the marker, looked up in the source as it is today."""
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8").splitlines()
    (line,) = (number for number, text in enumerate(source, 1) if marker in text)
    return f"{module}:{function}:{line}"


def named(told: dict[str, Any]) -> tuple[str, str, str, str]:
    """What the platform makes an incident of."""
    return told["kind"], told["subsystem"], told["operation"], told["place"]


@pytest.fixture
def conversation() -> str:
    return uuid.uuid4().hex


@pytest.fixture(scope="module")
def planted(project: Path, action_server: FakeActionServer) -> Iterator[RunningEngine]:
    """The engine with faults in it, otherwise as it always runs."""
    command = (str(ROOT / "tests/engine/planted_engine.py"),)
    with RunningEngine(project, action_server.url, free_port(), command=command) as running:
        running.wait_until_ready()
        yield running


def customer_hears_of(engine: RunningEngine, conversation: str) -> None:
    """The platform can still have a polite line said, in the same conversation."""
    body = {"conversation_id": conversation, "message_id": uuid.uuid4().hex, "channel": "web", "language": "ms"}
    answer = engine.post("say", {**body, **SORRY})
    assert answer.status_code == 200, answer.text
    assert texts(answer.json()) == ["Baik, guna bahasa Melayu ya."]


def test_a_component_that_raises_is_named_with_its_line_and_none_of_its_words(
    planted: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    message = f"halo {BREAKS_A_COMPONENT}"
    response = planted.traced_turn(conversation, message, TRACEPARENT)
    failure = response.json()["failure"]
    expected = ("internal", "engine", "understand", place(HERE, "breaking", "raise PlantedError("))
    assert (response.status_code, named(failure)) == (500, expected)
    assert (failure["detail"], failure["permanent"]) == ("PlantedError", False)
    assert BREAKS_A_COMPONENT not in response.text
    assert any("PlantedError" in str(one.get("error")) for one in response.json()["spans"])
    customer_hears_of(planted, conversation)
    assert texts(planted.turn(conversation, "", payload="/greet"))


def test_the_line_of_the_log_about_a_failed_turn_names_its_trace(planted: RunningEngine, conversation: str) -> None:
    planted.traced_turn(conversation, BREAKS_A_COMPONENT, TRACEPARENT)
    said = planted.log.read_text().splitlines()
    lines = [line for line in said if "engine.connector.channel: " in line and "internal in understand" in line]
    assert lines
    assert all(f"trace_id={TRACE}" in line for line in lines)


def test_a_response_without_a_text_in_the_language_is_said_in_indonesian_and_told_beside_the_answer(
    planted: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    answer = planted.turn(conversation, "", payload="/goodbye", language_hint="ms")
    line = place("engine.connector.wording", "generate_from_slots", "record_trouble(FailureKind.UNKNOWN_RESPONSE")
    assert [named(one) for one in answer["troubles"]] == [("unknown_response", "engine", "utter_goodbye", line)]
    assert "'ms'" in answer["troubles"][0]["detail"]
    assert texts(answer) == ["Sampai jumpa! 👋"]
    assert planted.turn(uuid.uuid4().hex, "", payload="/goodbye", language_hint="en")["troubles"] == []


def test_a_variable_that_nobody_gives_is_told_with_its_response_beside_the_answer(
    planted: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    answer = planted.turn(conversation, "", payload="/greet")
    (trouble,) = answer["troubles"]
    expected = (
        "lacks_variables",
        "engine",
        "utter_greet",
        place("engine.connector.wording", "_fill_response", "record_trouble(FailureKind.LACKS_VARIABLES"),
    )
    assert named(trouble) == expected
    assert "nobody" in trouble["detail"]
    assert texts(answer) == ["Hi !"]


def test_a_slot_that_the_domain_does_not_know_is_told_with_the_action_beside_the_answer(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    action_server.behave("action_control", Outcome([slot("no_such_slot", 1)], [{"text": "baik"}]))
    answer = engine.turn(conversation, "", payload="/control")
    expected = (
        "unknown_slot",
        "actions",
        "action_control",
        place("engine.connector.action_server", "_note_unknown_slots", "record_trouble("),
    )
    assert [named(one) for one in answer["troubles"]] == [expected]
    assert "no_such_slot" in answer["troubles"][0]["detail"]
    assert texts(answer) == ["baik"]


def test_an_action_server_that_is_gone_is_named(project: Path, conversation: str) -> None:
    with RunningEngine(project, f"http://127.0.0.1:{free_port()}/webhook", free_port()) as lonely:
        lonely.wait_until_ready()
        failure = lonely.try_turn(conversation, "", payload="/control").json()["failure"]
        expected = (
            "action_unreachable",
            "actions",
            "action_control",
            place("engine.connector.action_server", "_unreachable", "action, detail, permanent=False)"),
        )
        assert named(failure) == expected
        customer_hears_of(lonely, conversation)


def test_a_tracker_store_that_is_locked_is_named_and_the_turn_comes_again(
    engine: RunningEngine, conversation: str
) -> None:
    with closing(sqlite3.connect(engine.database, isolation_level=None)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        failure = engine.try_turn(conversation, "", payload="/greet", message_id="m").json()["failure"]
        blocker.execute("ROLLBACK")
    assert named(failure)[:3] == ("tracker_store", "engine", "save")
    assert failure["place"].rpartition(":")[0].startswith("engine.")
    assert failure["permanent"] is False
    assert engine.turn(conversation, "", payload="/greet", message_id="m")["repeated"] is False


@contextmanager
def real_actions(folder: Path) -> Iterator[str]:
    """The real action server, in the platform's environment; gives its address."""
    port = free_port()
    command = [str(ROOT / ".venv/bin/python"), str(ROOT / "tests/engine/planted_actions.py"), str(port), ACTIONS_TOKEN]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=folder, env=environment) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}/webhook"
        finally:
            server.terminate()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            requests.get(url, timeout=1)
            return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("the action server did not start")


def test_an_action_that_raises_while_a_form_is_validated_is_named_by_the_line_of_the_action(
    project: Path, conversation: str
) -> None:
    with real_actions(project) as url, RunningEngine(project, url, free_port()) as engine:
        engine.wait_until_ready()
        response = engine.traced_turn(conversation, "", TRACEPARENT, payload="/book_service")
        failure = response.json()["failure"]
        expected = (
            "action_failed",
            "actions",
            "validate_booking_form",
            place("tests.engine.planted_actions", "fail", "raise PlantedError("),
        )
        assert (response.status_code, named(failure)) == (502, expected)
        assert "PlantedError" in failure["detail"]
        assert "Budi" not in str(failure)
        ran = [one["name"] for one in response.json()["spans"] if one.get("error")]
        assert "run validate_booking_form" in ran
        customer_hears_of(engine, conversation)


def _ask_in_vain(engine: RunningEngine, conversation: str) -> None:
    with pytest.raises(requests.ConnectionError):
        engine.try_turn(conversation, "", payload="/control", message_id="m")


def test_an_engine_that_is_killed_in_the_middle_of_a_turn_runs_it_again_when_it_is_back(
    project: Path, action_server: FakeActionServer, conversation: str
) -> None:
    port = free_port()
    action_server.hang("action_control")
    with RunningEngine(project, action_server.url, port) as first:
        first.wait_until_ready()
        asked = threading.Thread(target=_ask_in_vain, args=(first, conversation))
        asked.start()
        while not action_server.called():
            time.sleep(0.05)
        first.process.kill()
        asked.join(30)
    action_server.reset()
    with RunningEngine(project, action_server.url, port) as second:
        second.wait_until_ready()
        answer = second.turn(conversation, "", payload="/control", message_id="m")
        assert (answer["repeated"], answer["replies"][0]["custom"]) == (False, {"handover": True})
