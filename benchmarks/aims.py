"""What the engine is to reach beside stock Rasa in the same run, and whether it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MEGABYTE = 2**20

AT_LEAST_SHORT = 6.0
AT_LEAST_LATE = 30.0
LATE_TURN = 300
AT_MOST_GROWTH = 1.1
AT_MOST_START = 12.0
AT_MOST_TRAINING = 60.0
AT_MOST_MEMORY = 600 * MEGABYTE


@dataclass(frozen=True)
class Aim:
    """One aim. ``measured`` is None where this run could not measure it.

    ``by_processor`` is the same by processor time, which other work on the machine disturbs less.
    """

    name: str
    limit: float
    measured: float | None
    by_processor: float | None
    unit: str
    is_floor: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it was measured and reached."""
        if self.measured is None:
            return False
        return self.measured >= self.limit if self.is_floor else self.measured <= self.limit

    @property
    def verdict(self) -> str:
        """One word for the table."""
        if self.measured is None:
            return "not measured"
        return "met" if self.is_met else "MISSED"

    @property
    def wanted(self) -> str:
        """The limit with its direction."""
        return f"{'>=' if self.is_floor else '<='} {self.limit:g} {self.unit}"


Pair = tuple[float | None, float | None]
NOT_MEASURED: Pair = (None, None)


@dataclass(frozen=True)
class Figures:
    """What the aims are about, by the clock and by processor time; None for what was not measured.

    Attributes:
        short: Our turns a second over stock's, on short conversations of one customer.
        late: Stock's time for a turn at turn 300 over ours.
        growth: Our turns late in a long conversation over early turns taken next to them.
        late_turn: The turn that "late" is in ``growth``.
        start: Seconds until our engine is ready.
        training: Seconds of our training.
        memory: Resident bytes of our engine after all rounds.
    """

    short: Pair
    late: Pair
    growth: Pair
    late_turn: int
    start: Pair
    training: Pair
    memory: int


def aims(figures: Figures) -> Sequence[Aim]:
    """The aims in the order of the report."""
    memory = figures.memory / MEGABYTE
    return (
        Aim("short conversations, x stock", AT_LEAST_SHORT, *figures.short, "x", is_floor=True),
        Aim(f"at turn {LATE_TURN}, x stock", AT_LEAST_LATE, *figures.late, "x", is_floor=True),
        Aim(f"turn {figures.late_turn} over turn 10", AT_MOST_GROWTH, *figures.growth, "x"),
        Aim("start-up", AT_MOST_START, *figures.start, "s"),
        Aim("training", AT_MOST_TRAINING, *figures.training, "s"),
        Aim("memory of the engine", AT_MOST_MEMORY / MEGABYTE, memory, None, "MiB"),
    )
