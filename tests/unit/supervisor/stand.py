"""A supervisor with small children, as the tests need it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from ramah.supervisor import Pace, ProcessSpec, Supervisor

CHILD = Path(__file__).with_name("child.py")
QUICK = Pace(first_wait=0.05, longest_wait=0.2, settled_after=60.0, stop_patience=10.0, progress_every=0.2)
PATIENCE = 40.0
LOOK_EVERY = 0.02


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def spec(name: str, *options: str, folder: Path, port: int | None = None, patience: float = PATIENCE) -> ProcessSpec:
    """A child process by that name."""
    port = port or free_port()
    return ProcessSpec(
        name,
        [sys.executable, "-I", "-S", str(CHILD), "--name", name, "--port", str(port), *options],
        {"PATH": os.defpath, "PYTHONUNBUFFERED": "1"},
        f"http://127.0.0.1:{port}/health",
        folder,
        start_patience=patience,
        port_setting=f"RAMAH_{name.upper()}_PORT",
        advice=f"Mend the {name}.",
    )


class Stand:
    """A supervisor that runs in a task of the test."""

    def __init__(self, folder: Path, *specs: ProcessSpec, pace: Pace = QUICK) -> None:
        self.logs = folder / "log"
        self.ready = asyncio.Event()
        self.announcements = 0
        self._task = asyncio.create_task(Supervisor(specs, self.logs, announce=self._announced, pace=pace).run())

    def log(self, name: str) -> str:
        """All that was written under that name."""
        path = self.logs / f"{name}.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def pids(self, name: str) -> list[int]:
        """The process ids that a child had, oldest first."""
        return [int(pid) for pid in re.findall(r"^pid (\d+)$", self.log(name), re.MULTILINE)]

    async def until_ready(self) -> None:
        """Wait until everything is ready."""
        async with asyncio.timeout(PATIENCE):
            await self.ready.wait()

    async def until_said(self, text: str, times: int = 1, name: str = "supervisor") -> None:
        """Wait until the log says it so often."""
        await until(lambda: self.log(name).count(text) >= times)

    async def stop(self) -> int:
        """Ask it to stop as a terminal would, and wait; returns the exit code."""
        os.kill(os.getpid(), signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        """Wait for the end; returns the exit code."""
        async with asyncio.timeout(PATIENCE):
            return await self._task

    def _announced(self) -> None:
        self.announcements += 1
        self.ready.set()

    async def clear_away(self) -> None:
        """End what a failed test left."""
        self._task.cancel()
        await asyncio.wait([self._task])


@asynccontextmanager
async def stand(folder: Path, *specs: ProcessSpec, pace: Pace | None = None) -> AsyncIterator[Stand]:
    """A running supervisor; nothing of it is left afterwards."""
    running = Stand(folder, *specs, pace=pace or QUICK)
    try:
        yield running
    finally:
        await running.clear_away()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for the condition, looking often; fails after a bounded time."""
    deadline = time.monotonic() + PATIENCE
    while True:
        if condition():
            return
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen in time")
        await asyncio.sleep(LOOK_EVERY)


def is_running(pid: int) -> bool:
    """Whether the process exists and is more than an entry that waits for its parent."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    if sys.platform != "linux":
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def impatient(stop_patience: float) -> Pace:
    """The quick pace with a short patience at the stop."""
    return replace(QUICK, stop_patience=stop_patience)
