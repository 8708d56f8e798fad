"""Changing the model of a running engine: no turn is lost, and a bad model changes nothing."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_action_server import FakeActionServer
from running_engine import RunningEngine, free_port, texts

from engine.light_start import needs_tensorflow

PATIENCE = 60


@pytest.fixture
def changing(project: Path, tmp_path: Path, action_server: FakeActionServer) -> Iterator[RunningEngine]:
    """An engine in a project of its own, whose models may be changed."""
    folder = tmp_path / "project"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("var", "*.log"))
    with RunningEngine(folder, action_server.url, free_port()) as running:
        running.wait_until_ready()
        yield running


def models_of(engine: RunningEngine) -> Path:
    return engine.log.parent / "models"


def add_model(engine: RunningEngine, name: str, content: bytes | None = None) -> None:
    """Put a model that is newer than all others in its place at once, as training does."""
    folder = models_of(engine)
    source = next(folder.glob("ramah-*.tar.gz"))
    made = folder / ".making"
    made.write_bytes(source.read_bytes() if content is None else content)
    ahead = time.time() + len(list(folder.iterdir()))
    os.utime(made, (ahead, ahead))
    made.replace(folder / name)


def wait_for(engine: RunningEngine, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        health = engine.health()
        assert health.status_code == 200
        if condition(health.json()):
            return health.json()
        time.sleep(0.1)
    raise AssertionError(f"not within {PATIENCE} s: {engine.log.read_text()}")


def test_turns_go_on_while_the_model_changes(changing: RunningEngine) -> None:
    assert texts(changing.turn("form", "x", payload="/book_service"))
    stop, answers = threading.Event(), list[int]()

    def converse(customer: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            answers.append(changing.try_turn(f"c{customer}", "x", payload="/greet").status_code)

    customers = [threading.Thread(target=converse, args=(customer,)) for customer in range(3)]
    for customer in customers:
        customer.start()
    for number in range(2):
        add_model(changing, f"newer-{number}.tar.gz")
        wait_for(changing, lambda health, wanted=number + 1: health["changes"] == wanted)
        before = len(answers)
        while len(answers) < before + 6:
            time.sleep(0.01)
    stop.set()
    for customer in customers:
        customer.join()
    assert set(answers) == {200}
    assert texts(changing.turn("form", "Budi Santoso")) == ["Nomor platnya?"]


def test_a_file_that_is_no_model_changes_nothing_and_shows_in_the_health(changing: RunningEngine) -> None:
    before = changing.health().json()
    add_model(changing, "broken.tar.gz", b"no model at all")
    health = wait_for(changing, lambda health: health["refused"] is not None)
    assert health["refused"]["model"] == "broken.tar.gz"
    assert (health["model"], health["changes"]) == (before["model"], 0)
    assert texts(changing.turn("c", "x", payload="/greet"))
    add_model(changing, "good.tar.gz")
    assert wait_for(changing, lambda health: health["changes"] == 1)["refused"] is None


def test_a_change_can_be_asked_for_and_says_how_it_went(changing: RunningEngine) -> None:
    assert changing.post("model", {}, token=None).status_code == 401
    assert changing.post("model", {}).json()["changes"] == 0
    add_model(changing, "newer.tar.gz")
    assert changing.post("model", {}).json()["changes"] == 1
    add_model(changing, "broken.tar.gz", b"no model at all")
    refused = changing.post("model", {})
    assert refused.status_code == 422
    assert refused.json()["failure"]["kind"] == "model_refused"
    assert "broken.tar.gz" in refused.json()["failure"]["detail"]


def test_components_that_may_need_tensorflow_are_named() -> None:
    assert needs_tensorflow(["rasa.core.policies.ted_policy.TEDPolicy", "RulePolicy"]) == {"TEDPolicy"}
