"""A small Rasa project, trained once, with a running engine and a fake action server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(Path(__file__).parent))

from engine.light_start import components_of_configuration, leave_out_tensorflow  # noqa: E402
from engine.quiet import silence  # noqa: E402
from tests.services import POSTGRES, address_of  # noqa: E402

silence()
leave_out_tensorflow(components_of_configuration(ROOT / "config.yml"))

from fake_action_server import FakeActionServer  # noqa: E402
from running_engine import ACTIONS_TOKEN, RunningEngine, free_port  # noqa: E402

POSTGRESQL = address_of(POSTGRES)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained project: three languages, a few rules and one form."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "tests/engine/project", folder, dirs_exist_ok=True)
    for name in ("config.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(ROOT / name, folder / name)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "engine.train"], cwd=folder, env=environment, check=True, timeout=300)
    return folder


@pytest.fixture(scope="session")
def model(project: Path) -> Path:
    """The trained model."""
    return next((project / "models").glob("ramah-*.tar.gz"))


@pytest.fixture(scope="session")
def action_server() -> Iterator[FakeActionServer]:
    """The fake action server."""
    with FakeActionServer(ACTIONS_TOKEN) as server:
        yield server


@pytest.fixture(autouse=True)
def _forget_behaviour(request: pytest.FixtureRequest) -> None:
    """Every test starts with well-behaved actions."""
    if "action_server" in request.fixturenames or "engine" in request.fixturenames:
        request.getfixturevalue("action_server").reset()


@pytest.fixture(scope="session")
def engine(project: Path, action_server: FakeActionServer) -> Iterator[RunningEngine]:
    """A running engine that keeps its conversations in SQLite."""
    with RunningEngine(project, action_server.url, free_port()) as running:
        running.wait_until_ready()
        yield running


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRESQL else [])])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/deep/folder/engine.db"
        return
    import psycopg2

    name = f"engine_test_{uuid.uuid4().hex[:12]}"
    assert POSTGRESQL is not None
    connection = psycopg2.connect(POSTGRESQL)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"CREATE DATABASE {name}")
    yield POSTGRESQL.rpartition("/")[0] + f"/{name}"
    cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    connection.close()
