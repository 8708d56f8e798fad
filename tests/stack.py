"""The running stack for tests: all processes as ``ramah run`` starts them, on free ports and an empty folder."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from ramah.store import Database
from tests.databases import fresh_url

PROJECT = Path(__file__).resolve().parents[1]
PATIENCE = 180.0
LOWEST_PORT, LOWEST_GIVEN_PORT = 15_000, 32_000
PORTS = ("CONSOLE", "ENGINE", "ACTIONS", "WORKER", "WHATSAPP_DEMO")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at this moment, below those that the system gives to outgoing connections: one of
    these may be taken in the moment before a server binds it."""
    dice, sockets = random.SystemRandom(), list[socket.socket]()
    try:
        while len(sockets) < count:
            one = socket.socket()
            sockets.append(one)
            try:
                one.bind(("127.0.0.1", dice.randrange(LOWEST_PORT, LOWEST_GIVEN_PORT)))
            except OSError:
                sockets.pop().close()
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    """Look again and again until something is true; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


@dataclass
class Stack:
    """All processes, supervised, with their addresses and database."""

    folder: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.database = Database(self.database_url)
        self.console = f"http://127.0.0.1:{self.ports['CONSOLE']}"
        self.graph = f"http://127.0.0.1:{self.ports['WHATSAPP_DEMO']}"

    def environment(self) -> dict[str, str]:
        """What the processes run with; nothing of the developer's own settings gets in."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("RAMAH_")}
        ours |= {f"RAMAH_{name}_PORT": str(port) for name, port in self.ports.items()}
        return ours | {
            "RAMAH_VAR_DIR": str(self.folder),
            "RAMAH_DATABASE_URL": self.database_url,
            "RAMAH_ENGINE_STORE_URL": f"sqlite:///{self.folder / 'engine.db'}",
            "RAMAH_MEDIA_URL": f"file://{self.folder}/media",
            "RAMAH_WEBCHAT_LIMIT": "100000/minute",
            "RAMAH_LOGIN_LIMIT": "1000/minute",
            # A busy machine must not add a sentence to what a test counts.
            "RAMAH_NOTICE_AFTER": "0",
            **self.settings,
        }

    def start(self) -> None:
        """Start everything and wait until it says that it is ready."""
        log = (self.folder / "run.log").open("ab")
        command = [sys.executable, "-m", "ramah", "run", "--demo", "--whatsapp-demo"]
        self.process = subprocess.Popen(
            command, cwd=PROJECT, env=self.environment(), stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        wait_for(self._is_ready, f"the stack is ready; see {self.folder / 'run.log'}", PATIENCE)

    def _is_ready(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError("the stack did not start:\n" + self.log()[-4000:])
        return "Ramah is ready" in self.log()

    def log(self) -> str:
        """All that the processes have printed."""
        return (self.folder / "run.log").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> int:
        """Ctrl-C; returns the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        self.database.close()
        return code

    def pid_of(self, name: str) -> int:
        """The process id of one of the processes, by the module that it runs."""
        assert self.process is not None
        words = {"engine": "engine.serve"}.get(name, name)
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and self._is_child(folder, f"-m\0{words}\0"):
                return int(folder.name)
        raise AssertionError(f"no process {name}")

    def _is_child(self, folder: Path, words: str) -> bool:
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            environment = (folder / "environ").read_bytes().decode(errors="replace")
        except OSError:
            return False
        return words in command and f"RAMAH_CONSOLE_PORT={self.ports['CONSOLE']}\0" in environment + "\0"

    def kill(self, name: str) -> None:
        """Kill one process the hard way; the supervisor starts it again."""
        os.kill(self.pid_of(name), signal.SIGKILL)

    def is_answering(self, name: str) -> bool:
        """Whether a process is healthy."""
        paths = {"console": "/readyz", "worker": "/readyz", "actions": "/health", "engine": "/webhooks/ramah/health"}
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.ports[name.upper()]}{paths[name]}", timeout=2)
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK


__all__ = ["Stack", "free_ports", "fresh_url", "wait_for"]
