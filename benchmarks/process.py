"""Servers that a benchmark starts: their health, memory and end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import httpx

PROJECT = Path(__file__).resolve().parents[1]
ENGINE_PYTHON = PROJECT / "engine" / ".venv" / "bin" / "python"
START_SECONDS = 600.0  # stock Rasa builds its neural networks' graphs at the start
STOP_SECONDS = 30.0
LOG_TAIL = 3000


class BenchmarkError(Exception):
    """The measurement cannot be made, or an answer was not what it has to be."""


@dataclass
class Server:
    """One process that answers HTTP on the loopback interface; started and ended as a context manager.

    Attributes:
        name: What it is called in messages.
        command: The command line.
        folder: Its working directory.
        health_url: Answers 200 once it can be used.
        log: The file that gets its output.
        environment: Variables beside those of this process.
        start_seconds: How long it took to become healthy.
        start_work: Seconds of processor time that it used for that.
    """

    name: str
    command: list[str]
    folder: Path
    health_url: str
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    start_seconds: float = 0.0
    start_work: float = 0.0

    def __enter__(self) -> Server:
        started = time.monotonic()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**clean_environment(), **self.environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise
        self.start_seconds, self.start_work = time.monotonic() - started, self.processor_time()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it as a supervisor does, the hard way if it does not listen."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def memory(self) -> int:
        """Resident memory of the process and its children, in bytes."""
        return sum(resident_memory(pid) for pid in family(self._process.pid))

    def processor_time(self) -> float:
        """Seconds of processor time that the process and its children have used."""
        return sum(used_processor_time(pid) for pid in family(self._process.pid))

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                tail = self.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:]
                raise BenchmarkError(f"{self.name} did not start:\n{tail}")
            time.sleep(0.1)

    def _is_healthy(self) -> bool:
        try:
            return httpx.get(self.health_url, timeout=2).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


def clean_environment() -> dict[str, str]:
    """This process's environment without the developer's own settings, quiet and without telemetry."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RAMAH_")}
    return ours | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONUNBUFFERED": "1",
    }


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            parents.setdefault(_parent(folder), []).append(int(folder.name))
    found, rest = [pid], [pid]
    while rest:
        children = parents.get(rest.pop(), [])
        found += children
        rest += children
    return found


def resident_memory(pid: int) -> int:
    """Resident memory of one process in bytes; 0 once it has gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def used_processor_time(pid: int) -> float:
    """Seconds of processor time of one process, its own and the system's for it; 0 once it has gone."""
    fields = _state(Path(f"/proc/{pid}"))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _parent(folder: Path) -> int:
    fields = _state(folder)
    return int(fields[1]) if fields else 0


def _state(folder: Path) -> list[str]:
    """The fields of a process's `stat` after its name, which is in parentheses and may itself hold spaces."""
    try:
        return (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
