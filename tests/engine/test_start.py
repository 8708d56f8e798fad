"""Starting the engine: what it refuses, and what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from running_engine import ROOT, RunningEngine, free_port

from engine.environment import EnvironmentProblem, read_environment
from engine.models import current_fingerprint, fingerprint_of, newest_model, remove_old_models

ACTIONS = "http://127.0.0.1:9/webhook"
GOOD = {
    "RAMAH_ENGINE_TOKEN": "t",
    "RAMAH_ENGINE_STORE_URL": "sqlite:///x.db",
    "RAMAH_ACTIONS_URL": ACTIONS,
    "RAMAH_ACTIONS_TOKEN": "a",
}


def test_the_environment_has_defaults_for_the_rest() -> None:
    environment = read_environment(GOOD)
    assert (environment.host, environment.port) == ("127.0.0.1", 5205)
    assert (environment.model, environment.broker_url) == (None, None)


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("value", [None, "", "  ", "${LEFT_OVER}", "x${LEFT_OVER}y"])
def test_a_setting_that_is_missing_is_named(name: str, value: str | None) -> None:
    environment = {**GOOD, name: value} if value is not None else {k: v for k, v in GOOD.items() if k != name}
    with pytest.raises(EnvironmentProblem, match=name):
        read_environment(environment)


@pytest.mark.parametrize(
    ("name", "value"),
    [("RAMAH_ENGINE_PORT", "x"), ("RAMAH_ENGINE_PORT", "70000"), ("RAMAH_BROKER_URL", "http://localhost")],
)
def test_a_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(EnvironmentProblem, match=name):
        read_environment({**GOOD, name: value})


def serve(project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine.serve"],
        cwd=project,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_does_not_start_without_its_settings(project: Path) -> None:
    refused = serve(project)
    assert refused.returncode == 2
    assert "RAMAH_ENGINE_TOKEN is not set" in refused.stderr


def test_it_does_not_start_without_a_model(tmp_path: Path) -> None:
    refused = serve(tmp_path, **GOOD)
    assert refused.returncode == 2
    assert "python -m engine.train" in refused.stderr


def test_it_does_not_start_on_a_database_that_is_not_there(project: Path) -> None:
    url = "postgresql://root@127.0.0.1:1/nowhere"
    refused = serve(project, **{**GOOD, "RAMAH_ENGINE_STORE_URL": url, "RAMAH_ENGINE_PORT": str(free_port())})
    assert refused.returncode != 0
    assert url in refused.stderr


@pytest.mark.parametrize("store", ["engine.tracker_store.DurableTrackrStore", "engine.no_such_module.Store", None])
def test_it_refuses_to_serve_from_memory(project: Path, store: str | None) -> None:
    endpoints = project / "endpoints.yml"
    original = endpoints.read_text()
    action_part, _, _ = original.partition("tracker_store:")
    changed = original.replace("engine.tracker_store.DurableTrackerStore", store) if store else action_part
    endpoints.write_text(changed)
    try:
        with RunningEngine(project, ACTIONS, free_port()) as forgetful:
            health = forgetful.wait_for_answer()
            turn = forgetful.try_turn("c", "halo kak")
    finally:
        endpoints.write_text(original)
    for response in (health, turn):
        assert response.status_code == 503
        assert response.json()["failure"]["kind"] == "not_ready"
        assert "InMemoryTrackerStore" in response.json()["failure"]["detail"]
    assert "refuses to serve" in forgetful.log.read_text()


def test_it_stops_cleanly_and_quietly(project: Path) -> None:
    with RunningEngine(project, ACTIONS, free_port()) as running:
        running.wait_until_ready()
        assert running.stop() == 0
        log = running.log.read_text()
    assert "Traceback" not in log
    assert "DeprecationWarning" not in log


def test_a_second_training_of_the_same_files_does_nothing(project: Path) -> None:
    before = newest_model(project)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "engine.train"]
    told = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert "up to date" in told.stdout
    assert newest_model(project) == before
    assert fingerprint_of(before) == current_fingerprint(project)


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/general/nlu.ms.yml", "data/general/rules.yml"])
def test_any_change_of_the_sources_changes_the_fingerprint(tmp_path: Path, name: str) -> None:
    for source in ("config.yml", "domain.yml", "data/general/nlu.ms.yml", "data/general/rules.yml"):
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / source).write_text("x")
    before = current_fingerprint(tmp_path)
    (tmp_path / "data/general/notes.txt").write_text("not a source")
    assert current_fingerprint(tmp_path) == before
    (tmp_path / name).write_text("y")
    assert current_fingerprint(tmp_path) != before


def test_only_the_models_trained_last_are_kept(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    for number in range(5):
        path = tmp_path / "models" / f"ramah-{number:016x}.tar.gz"
        path.write_bytes(b"")
        os.utime(path, (number, number))
    (tmp_path / "models" / "by-hand.tar.gz").write_bytes(b"")
    remove_old_models(tmp_path)
    kept = sorted(path.name for path in (tmp_path / "models").iterdir())
    assert kept == ["by-hand.tar.gz", *[f"ramah-{number:016x}.tar.gz" for number in (2, 3, 4)]]
