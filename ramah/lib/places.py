"""Places at something that serves only so many at a time, and when it is in vain to wait for one."""

from __future__ import annotations

import time
from threading import Condition

LINE = 4
"""How many may wait for each place. Whoever waits holds a thread: a crowd must not hold all of them."""


class Places:
    """So many places. Safe to share between threads. ``waiting`` is how many stand in line.

    Waiting is in vain where those who have a place keep it for long: the one who left last had kept it for longer than
    the newcomer would wait, or all who have one now have had it for that long already. Who is hurried gives up at once
    then, and also where the line is full."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._changed = Condition()
        self._taken: dict[object, float] = {}
        self.waiting = 0
        self._latest = 0.0

    def take(self, seconds: float, *, hurried: bool = False) -> object | None:
        """A place, to be given back by ``leave``; None where there is none within so many seconds."""
        with self._changed:
            if not self._is_free() and ((hurried and self._is_in_vain(seconds)) or not self._comes_free(seconds)):
                return None
            place = object()
            self._taken[place] = time.monotonic()
            return place

    def leave(self, place: object) -> None:
        """Give a place back."""
        with self._changed:
            self._latest = time.monotonic() - self._taken.pop(place)
            self._changed.notify()

    def _is_free(self) -> bool:
        return len(self._taken) < self._count

    def _is_in_vain(self, seconds: float) -> bool:
        now = time.monotonic()
        kept = min(now - began for began in self._taken.values())
        return max(kept, self._latest) >= seconds or self.waiting >= LINE * self._count

    def _comes_free(self, seconds: float) -> bool:
        self.waiting += 1
        try:
            return self._changed.wait_for(self._is_free, seconds)
        finally:
            self.waiting -= 1
