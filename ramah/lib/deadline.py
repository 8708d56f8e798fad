"""The time left for what runs now, seen by all that it calls, threads of ``asyncio.to_thread`` included."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ends: ContextVar[float | None] = ContextVar("deadline", default=None)
_given_up: ContextVar[set[str] | None] = ContextVar("given_up", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What runs inside has so many seconds, or what is left of an earlier deadline."""
    ends, outer = time.monotonic() + seconds, _ends.get()
    known = _given_up.get()
    token, given = (
        _ends.set(ends if outer is None else min(ends, outer)),
        _given_up.set(set() if known is None else known),
    )
    try:
        yield
    finally:
        _ends.reset(token)
        _given_up.reset(given)


def time_left() -> float | None:
    """Seconds until the deadline, 0 when it is over; None where there is none."""
    ends = _ends.get()
    return None if ends is None else max(0.0, ends - time.monotonic())


def given_up() -> set[str]:
    """The systems that what runs now has waited for in vain; a set to add to. Outside of a deadline nothing is kept."""
    known = _given_up.get()
    return set() if known is None else known
