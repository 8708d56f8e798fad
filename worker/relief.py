"""Relief for a team: while some of its threads are held by work that takes long, others look in their place."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from threading import Lock

from worker.loops import Loop, Loops


class Relief:
    """Keeps ``size`` threads of a team free of work that takes long, with up to ``most`` threads in all.

    ``held`` tells how many are held up now; ``hire`` makes the loop with this number, those of the team itself having
    the numbers before. Threads are started when they are wanted and go when they are not: idle, the team is as small as
    it was."""

    def __init__(self, size: int, most: int, held: Callable[[], int], hire: Callable[[int], Loop]) -> None:
        self._size = size
        self._most = most
        self._held = held
        self._hire = hire
        self._numbers = count(size)
        self._hired = 0
        self._lock = Lock()

    def look(self, loops: Loops) -> bool:
        """Start as many further threads as are wanted now. Always False: the next look is due after a rest."""
        while self._is_short():
            newcomer = self._hire(next(self._numbers))
            newcomer.may_go = self._dismiss
            loops.add(newcomer)
        return False

    def _is_short(self) -> bool:
        wanted = min(self._held(), self._most - self._size)
        with self._lock:
            if self._hired >= wanted:
                return False
            self._hired += 1
            return True

    def _dismiss(self) -> bool:
        """Whether a hired thread, which is between two steps, is wanted no longer."""
        held = self._held()
        with self._lock:
            if self._hired <= held:
                return False
            self._hired -= 1
            return True
