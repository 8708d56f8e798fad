"""A tiny supervisor: processes that a test kills the hard way and starts again."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.stack import PROJECT, wait_for

PATIENCE = 60.0


@dataclass
class Member:
    """One process. ``health`` is the address that answers 200 when it is ready."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    health: str
    folder: Path
    kills: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def start(self) -> None:
        """Start it; returns at once."""
        with self._lock, (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env=dict(self.environment),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is finished or flushed."""
        with self._lock:
            assert self._process is not None
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self.kills += 1

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None
        return self._process.pid

    def end(self) -> None:
        """Kill it if it runs; nothing of it is wanted any more."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.send_signal(signal.SIGKILL)
                self._process.wait()

    def answer(self, path: str | None = None) -> httpx.Response | None:
        """What its health page says; None when it does not answer at all."""
        try:
            return httpx.get(path or self.health, timeout=5, trust_env=False, verify=False)
        except httpx.TransportError:
            return None

    def is_ready(self) -> bool:
        """Whether it can do its work."""
        answer = self.answer()
        return answer is not None and answer.status_code == httpx.codes.OK

    def log(self) -> str:
        """What it printed."""
        return (self.folder / f"{self.name}.log").read_text(encoding="utf-8", errors="replace")

    def wait_ready(self) -> None:
        """Fail with its last words unless it gets ready."""

        def ready() -> bool:
            assert self._process is not None
            assert self._process.poll() is None, f"{self.name} ended by itself:\n{self.log()[-3000:]}"
            return self.is_ready()

        wait_for(ready, f"{self.name} is ready", PATIENCE)


def clean_environment() -> dict[str, str]:
    """This process's environment without the developer's own settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("RAMAH_")}
