"""Which hour a customer means: the half of the day, opening hours, parts of the day."""

from dataclasses import dataclass
from datetime import datetime, time

from ramah.booking.extract.moment.parts_of_day import MIDNIGHT_PARTS, PARTS

NOON = 12
HOURS_IN_DAY = 24
MINUTES_IN_HOUR = 60
#: Where opening hours do not decide, people mean these hours of the day.
_WAKING_HOURS = range(7, 19)


@dataclass(frozen=True)
class TimeSetting:
    """What the reading of a time depends on; ``opens`` and ``closes`` bound an ambiguous hour."""

    now: datetime
    opens: time
    closes: time

    def is_open(self, moment: time) -> bool:
        """Whether the outlet is open; closing at or before opening means open round the clock."""
        return self.closes <= self.opens or self.opens <= moment < self.closes


@dataclass(frozen=True)
class Clock:
    """Hands of a clock as they were said: ``minutes`` since 0:00, before the half of the day is known.

    ``written`` says that the hour was written with two figures from 00 to 09, as on a 24-hour clock.
    """

    minutes: int
    written: bool = False

    @property
    def hour(self) -> int:
        """The hour said, 0 to 24."""
        return self.minutes // MINUTES_IN_HOUR


def settle(clock: Clock, part: str, setting: TimeSetting) -> time:
    """The time of day, with ``part`` a name in PARTS, "am", "pm" or empty."""
    candidates = _candidates(clock)
    if part in ("am", "pm"):
        return candidates[0] if (part == "am") == (candidates[0].hour < NOON) else candidates[-1]
    if part:
        return _in_part(clock, part, candidates)
    if clock.written or len(candidates) == 1:
        return candidates[0]
    return _most_likely(candidates, setting)


def _candidates(clock: Clock) -> list[time]:
    """The times that the hands can show, one or two, the earlier in the day first."""
    hour, minute = divmod(clock.minutes, MINUTES_IN_HOUR)
    if hour == 0 or hour > NOON:
        return [time(hour % HOURS_IN_DAY, minute)]
    return [time(hour % NOON, minute), time(hour % NOON + NOON, minute)]


def _in_part(clock: Clock, part: str, candidates: list[time]) -> time:
    """The candidate that lies in a part of the day: 7 malam is 19:00, 2 malam 02:00."""
    if len(candidates) == 1:
        return candidates[0]
    if clock.hour == NOON:
        return candidates[0] if part in MIDNIGHT_PARTS else candidates[1]
    return candidates[0] if clock.hour in PARTS[part].morning_hours else candidates[1]


def _most_likely(candidates: list[time], setting: TimeSetting) -> time:
    """The candidate in opening hours, or else, and between two, the one people are awake at."""
    inside = [moment for moment in candidates if setting.is_open(moment)] or candidates
    waking = [moment for moment in inside if moment.hour in _WAKING_HOURS]
    return (waking or inside)[0] if len(inside) > 1 else inside[0]
