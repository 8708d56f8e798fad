"""Who writes to SQLite next: the threads of one process stand in line, first come, first served.

SQLite lets one transaction write at a time; whoever finds it busy sleeps and tries again, longer and longer, in no
order at all. Of fifty threads some are passed until their patience ends in "database is locked", although each write
takes milliseconds. In a line everybody's turn comes, and only one thread of a process tries at SQLite's own lock."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class WriteLine:
    """The line of one process for one SQLite database. A thread whose turn it is may come again within its turn."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False
        self._mine = threading.local()

    @contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """Wait for the turn and keep it. After ``patience`` seconds the caller goes on without it: SQLite's own lock
        still holds, and says so when it cannot be had."""
        if getattr(self._mine, "turn", False) or not self._wait(patience):
            yield
            return
        self._mine.turn = True
        try:
            yield
        finally:
            self._mine.turn = False
            self._pass_on()

    def _wait(self, patience: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            place = threading.Lock()
            place.acquire()
            self._waiting.append(place)
        return place.acquire(timeout=patience) or not self._leave(place)

    def _leave(self, place: threading.Lock) -> bool:
        """Whether somebody who lost patience left the line; the turn may have come at that very moment."""
        with self._guard:
            if place not in self._waiting:
                return False
            self._waiting.remove(place)
            return True

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
