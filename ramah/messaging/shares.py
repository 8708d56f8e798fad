"""What each organisation holds of the turns that a process may have under way: no slow system takes them all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition

SLOW_AFTER = 0.3
"""Seconds after which a turn counts as slow: it waits for somebody else, and its thread needs no processor."""


@dataclass(frozen=True, eq=False)
class _Turn:
    organisation_id: str
    began: float
    again: bool


class Shares:
    """The turns under way by organisation; safe to share between threads.

    ``workers`` turns run at a time as long as none of them is slow, ``most`` with those that are. An organisation may
    begin another one while it holds less than is left for all: one whose turns hang comes to about half, two to a third
    each, and whoever else writes finds room. Such a bound follows the load by itself: A. K. Choudhury, E. L. Hahne,
    "Dynamic queue length thresholds for shared-memory packet switches" (1998)."""

    def __init__(self, workers: int, most: int) -> None:
        self._room = workers + most
        self._turns: set[_Turn] = set()
        self._changed = Condition()

    def full(self) -> frozenset[str]:
        """The organisations that begin no further turn now."""
        with self._changed:
            left = self._room - len(self._turns)
            held = Counter(turn.organisation_id for turn in self._turns)
        return frozenset(one for one, count in held.items() if count >= left)

    def total(self) -> int:
        """How many turns are under way."""
        with self._changed:
            return len(self._turns)

    def any(self, seconds: float) -> bool:
        """Whether one is under way, now or within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._turns), seconds)

    def slow(self) -> int:
        """How many of them have been so for long."""
        before = time.monotonic() - SLOW_AFTER
        with self._changed:
            return sum(turn.began <= before for turn in self._turns)

    def prefers_fresh(self) -> bool:
        """Whether messages that were never tried come first now: one that is tried again, and not slow, is under way.

        Those are older and would always come first; a crowd that waits for a system would keep coming back before
        everybody else. One at a time they come in their order, so that they never starve."""
        before = time.monotonic() - SLOW_AFTER
        with self._changed:
            return any(turn.again and turn.began > before for turn in self._turns)

    @contextmanager
    def held(self, organisation_id: str, *, again: bool = False) -> Iterator[None]:
        """A turn of this organisation is under way inside. ``again``: it was tried before."""
        turn = _Turn(organisation_id, time.monotonic(), again)
        with self._changed:
            self._turns.add(turn)
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._turns.remove(turn)
