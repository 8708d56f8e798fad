"""Token buckets: so many at once, then so many a second."""

from __future__ import annotations


class Buckets:
    """One bucket per key, full at first."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, key: str, now: float) -> bool:
        """Take one token at the time ``now`` (seconds); False when the bucket is empty."""
        level, since = self._levels.get(key, (float(self._burst), now))
        level = min(float(self._burst), level + (now - since) * self._rate)
        enough = level >= 1
        self._levels[key] = (level - 1 if enough else level, now)
        return enough
