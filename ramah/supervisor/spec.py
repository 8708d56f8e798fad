"""What is to be run, and how patiently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class ProcessSpec:
    """One process.

    Attributes:
        name: How the log calls it.
        command: The program and its arguments; no shell reads them.
        environment: Its whole environment.
        health_url: Answers 200 as soon as the process can do its work.
        working_directory: The folder that it runs in.
        start_patience: Seconds that it may take until it is healthy.
        port_setting: The setting that moves its port, for messages.
        advice: What to do when it does not start.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    health_url: str
    working_directory: Path
    start_patience: float = 60.0
    port_setting: str = ""
    advice: str = "Mend what the lines above name and start again."

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that the process will listen on."""
        parts = urlsplit(self.health_url)
        return parts.hostname or "127.0.0.1", parts.port or 80


@dataclass(frozen=True)
class Pace:
    """The supervisor's times, in seconds.

    Attributes:
        first_wait: Before the first restart; every further one waits twice as long.
        longest_wait: The wait stops growing here.
        settled_after: A process that was ready for so long begins again with the first wait.
        stop_patience: Between the request to stop and the kill.
        progress_every: Between two lines that say what is still starting.
    """

    first_wait: float = 1.0
    longest_wait: float = 30.0
    settled_after: float = 60.0
    stop_patience: float = 15.0
    progress_every: float = 2.0

    def waits(self) -> Iterator[float]:
        """The waits before restarts, without end."""
        wait = self.first_wait
        while True:
            yield wait
            wait = min(wait * 2, self.longest_wait)
