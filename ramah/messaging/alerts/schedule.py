"""When an alert that could not be told is told again: soon at first, later once an hour, and it is never given up."""

from __future__ import annotations

FIRST_WAIT = 30.0
LONGEST_WAIT = 3600.0


def tries_due(seconds: float) -> int:
    """How many tries should have begun so many seconds after an alert was opened or closed; one at once.

    A try that is late uses up all that were due before it, so that nobody is stormed when a worker comes back."""
    due, wait = 1, FIRST_WAIT
    left = seconds
    while left >= wait and wait < LONGEST_WAIT:
        left, due, wait = left - wait, due + 1, min(LONGEST_WAIT, wait * 2)
    return due + int(left // wait)
