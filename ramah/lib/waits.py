"""Waits before the next try."""

from __future__ import annotations

import random

SPREAD = 0.25


def jittered(seconds: float) -> float:
    """Up to a quarter less, by chance: what failed together does not all come back at the same moment."""
    return seconds * random.uniform(1.0 - SPREAD, 1.0)  # noqa: S311 - it decides nothing but a wait
