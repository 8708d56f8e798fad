"""Parts of the day and occasions (prayers, meals, work): what hours they mean.

Prayer times move with place and season; these are rounded clock times that a customer can be
asked to confirm. Indonesia and Malaysia differ by more than an hour because Malaysia keeps the
clock of a zone further east. "After" adds half an hour, rounded to what people mean by it.
"""

from dataclasses import dataclass
from datetime import datetime, time

MORNING, MIDDAY, AFTERNOON, LATE_AFTERNOON, EVENING = "pagi", "siang", "petang", "sore", "malam"

#: When each part of the day begins and ends, for choosing among free slots.
PART_WINDOWS: dict[str, tuple[time, time]] = {
    MORNING: (time(4), time(11)),
    MIDDAY: (time(11), time(15)),
    AFTERNOON: (time(12), time(19)),
    LATE_AFTERNOON: (time(15), time(19)),
    EVENING: (time(18), time(23, 59)),
}


@dataclass(frozen=True)
class PartOfDay:
    """``label`` in PART_WINDOWS, a sensible ``start``, and the hours on the 12-hour dial that lie before noon."""

    label: str
    start: time
    morning_hours: range


_NONE = range(0)
PARTS: dict[str, PartOfDay] = {
    "subuh": PartOfDay(MORNING, time(5), range(1, 12)),
    "pagi": PartOfDay(MORNING, time(9), range(1, 12)),
    "siang": PartOfDay(MIDDAY, time(12), range(9, 12)),
    "tengah hari": PartOfDay(MIDDAY, time(12), range(9, 12)),
    "petang": PartOfDay(AFTERNOON, time(14), _NONE),
    "sore": PartOfDay(LATE_AFTERNOON, time(15), _NONE),
    # "jam 2 malam" is two in the night.
    "malam": PartOfDay(EVENING, time(19), range(1, 5)),
    "evening": PartOfDay(EVENING, time(19), _NONE),
    "night": PartOfDay(EVENING, time(19), range(1, 4)),
}

#: Parts in which twelve o'clock is midnight.
MIDNIGHT_PARTS = {"malam", "night", "subuh"}

_ZONES_OF_MALAYSIA = {"Asia/Kuala_Lumpur", "Asia/Kuching", "Asia/Singapore", "Asia/Brunei"}
_OCCASIONS_INDONESIA = {
    "lunch": (time(12), time(13)),
    "work": (time(9), time(17)),
    "dinner": (time(19), time(20)),
    "subuh": (time(4, 30), time(6)),
    "zuhur": (time(12), time(12, 30)),
    "jumatan": (time(12), time(13)),
    "asar": (time(15), time(15, 30)),
    "maghrib": (time(18), time(18, 30)),
    "isya": (time(19), time(19, 30)),
    "tarawih": (time(19, 30), time(20, 30)),
    "dhuha": (time(8), time(9)),
}
_OCCASIONS_MALAYSIA = {
    "lunch": (time(13), time(14)),
    "work": (time(9), time(18)),
    "dinner": (time(20), time(21)),
    "subuh": (time(6), time(7)),
    "zuhur": (time(13, 15), time(14)),
    "jumatan": (time(13, 15), time(14, 30)),
    "asar": (time(16, 30), time(17)),
    "maghrib": (time(19, 15), time(19, 45)),
    "isya": (time(20, 30), time(21)),
    "tarawih": (time(21), time(22)),
    "dhuha": (time(8), time(9)),
}


def occasion_time(occasion: str, now: datetime, *, after: bool) -> time:
    """Clock time at or after an occasion, by the zone of ``now``."""
    malaysian = str(now.tzinfo) in _ZONES_OF_MALAYSIA
    at, done = (_OCCASIONS_MALAYSIA if malaysian else _OCCASIONS_INDONESIA)[occasion]
    return done if after else at
