"""That nothing is left, however the supervisor ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ramah.supervisor import SupervisorError, only_one
from tests.unit.supervisor.stand import impatient, is_running, spec, stand, until

PROJECT = Path(__file__).resolve().parents[3]
ALONE = """
import asyncio, sys
from pathlib import Path
from ramah.supervisor import Supervisor, only_one
from tests.unit.supervisor.stand import spec

folder = Path(sys.argv[1])
with only_one(folder / "supervisor.lock"):
    specs = [spec(name, folder=folder) for name in ("one", "two")]
    sys.exit(asyncio.run(Supervisor(specs, folder / "log", announce=lambda: print("all ready", flush=True)).run()))
"""


async def test_the_last_started_is_stopped_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    children = [spec(name, "--order", str(order), folder=tmp_path) for name in ("one", "two", "three")]
    async with stand(tmp_path, *children) as running:
        await running.until_ready()
        await running.stop()
    assert order.read_text().split() == ["three", "two", "one"]


async def test_stopping_leaves_no_process(tmp_path: Path) -> None:
    async with stand(tmp_path, spec("one", "--grandchild", folder=tmp_path), spec("two", folder=tmp_path)) as running:
        await running.until_ready()
        pids = [*running.pids("one"), *running.pids("two"), int(running.log("one").split("grandchild ")[1].split()[0])]
        assert all(map(is_running, pids))
        assert await running.stop() == 0
        await until(lambda: not any(map(is_running, pids)))


async def test_one_that_does_not_listen_is_killed_after_the_patience(tmp_path: Path) -> None:
    async with stand(tmp_path, spec("mule", "--stubborn", folder=tmp_path), pace=impatient(0.3)) as running:
        await running.until_ready()
        assert await running.stop() == 0
        assert "I stay" in running.log("mule")
        assert "mule: stopped (killed by SIGKILL)" in running.log("supervisor")
        assert not any(map(is_running, running.pids("mule")))


async def test_a_second_request_kills_at_once(tmp_path: Path) -> None:
    async with stand(tmp_path, spec("mule", "--stubborn", folder=tmp_path), pace=impatient(600.0)) as running:
        await running.until_ready()
        os.kill(os.getpid(), signal.SIGTERM)
        await running.until_said("I stay", name="mule")
        assert await running.stop() == 0
        assert not any(map(is_running, running.pids("mule")))


async def test_a_stop_while_starting_leaves_no_process(tmp_path: Path) -> None:
    async with stand(tmp_path, spec("mute", "--mute", folder=tmp_path)) as running:
        await until(lambda: bool(running.pids("mute")))
        assert await running.stop() == 0
        assert running.announcements == 0
        assert not any(map(is_running, running.pids("mute")))


def _alone(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ALONE, str(folder)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _read_until_ready(supervisor: subprocess.Popen[str]) -> list[int]:
    """The pids of its children, as soon as all are ready."""
    assert supervisor.stdout is not None
    seen = ""
    for line in supervisor.stdout:
        seen += line
        if line == "all ready\n":
            return [int(pid) for pid in re.findall(r"\| pid (\d+)", seen)]
    raise AssertionError(f"it ended early: {seen}")


async def test_no_child_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    with _alone(tmp_path) as supervisor:
        pids = _read_until_ready(supervisor)
        assert len(pids) == 2
        assert all(map(is_running, pids))
        supervisor.kill()
        await until(lambda: not any(map(is_running, pids)))
    with only_one(tmp_path / "supervisor.lock"):
        assert (tmp_path / "supervisor.lock").read_text() == str(os.getpid())


async def test_ctrl_c_ends_it_with_code_0_and_a_second_one_cannot_start_before(tmp_path: Path) -> None:
    with _alone(tmp_path) as supervisor:
        pids = _read_until_ready(supervisor)
        with pytest.raises(SupervisorError, match=f"already running here .process {supervisor.pid}"):
            only_one(tmp_path / "supervisor.lock").__enter__()
        supervisor.send_signal(signal.SIGINT)
        output, _ = supervisor.communicate(timeout=40)
    assert supervisor.returncode == 0
    assert "all processes are stopped" in output
    assert not any(map(is_running, pids))


def test_a_terminal_that_went_away_stops_nothing(tmp_path: Path) -> None:
    with _alone(tmp_path) as supervisor:
        _read_until_ready(supervisor)
        assert supervisor.stdout is not None
        supervisor.stdout.close()
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(timeout=40) == 0
    assert "all processes are stopped" in (tmp_path / "log" / "supervisor.log").read_text()
