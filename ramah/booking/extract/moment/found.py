"""What the extractors hand back."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True)
class FoundDate:
    """A calendar day named in a text.

    ``start`` and ``end`` are character offsets. ``exact`` is False where the words leave a
    choice ("next week", "akhir bulan") or contradict each other ("Sabtu 6 Desember" when the
    6th is a Sunday); ``value`` is then the first plausible day and should be read back.
    """

    value: date
    start: int
    end: int
    exact: bool


@dataclass(frozen=True)
class FoundTime:
    """A time of day named in a text, on the clock of the outlet.

    ``part_of_day`` is a key of ``PART_WINDOWS`` when a part of the day was said. ``exact`` is
    False for a part of the day alone, "around", "after", "before", prayer times and ranges;
    ``value`` is then a sensible start. ``only_part`` says that no hour was named at all ("besok
    pagi"), so that one still has to be asked or offered.
    """

    value: time
    start: int
    end: int
    part_of_day: str | None
    exact: bool
    only_part: bool = False
