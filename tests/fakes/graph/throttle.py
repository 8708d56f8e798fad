"""Meta's speed limits, and how often somebody ran into them."""

from __future__ import annotations

from tests.fakes.graph.accounts import Limits
from tests.fakes.graph.buckets import Buckets
from tests.fakes.graph.refusals import RefusalError

PAIR_RATE = 131056
THROUGHPUT = 130429


class Throttle:
    """Refuses what is too fast. ``refused`` counts its own refusals by code; ordered faults are not in it."""

    def __init__(self, limits: Limits) -> None:
        self.refused = {PAIR_RATE: 0, THROUGHPUT: 0}
        self._throughput = Buckets(limits.throughput_rate, limits.throughput_burst)
        self._pairs = Buckets(limits.pair_rate, limits.pair_burst)

    def respect(self, phone_number_id: str, user: str, now: float) -> None:
        """Count one message at the time ``now``. Raises RefusalError when it is one too many."""
        if not self._throughput.take(phone_number_id, now):
            self.refused[THROUGHPUT] += 1
            raise RefusalError(429, THROUGHPUT, "Rate limit hit", "Cloud API message throughput has been reached.")
        if not self._pairs.take(f"{phone_number_id}>{user}", now):
            self.refused[PAIR_RATE] += 1
            raise RefusalError(400, PAIR_RATE, "(Business Account, Consumer Account) pair rate limit hit")
