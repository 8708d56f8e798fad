"""Notices on SQLite that somebody committed something, at almost no cost, so that the loops need not keep asking."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from ramah.store import Database

GLANCE = 0.02
"""Seconds between two glances; one costs some 30 microseconds, a look of a loop some milliseconds."""


class CommitWatch:
    """Rings when another connection has committed, and once more ``later`` seconds after it, for what was not due yet.

    SQLite tells by ``PRAGMA data_version``, which changes in one connection with each commit of another.
    See https://www.sqlite.org/pragma.html#pragma_data_version."""

    def __init__(self, database: Database, ring: Callable[[], object], later: float) -> None:
        self._database = database
        self._ring = ring
        self._later = later
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; returns once the thread has ended."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        with self._database.glances() as version:
            seen, due = version(), time.monotonic()
            waiting = True
            while not self._stop.wait(GLANCE):
                now, latest = time.monotonic(), version()
                if latest != seen:
                    seen, due, waiting = latest, now + self._later, True
                    self._ring()
                elif waiting and now >= due:
                    waiting = False
                    self._ring()
