"""Dates and times of a wish to move: which name the booking ("yang besok"), which the new time ("ke Kamis jam 3")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from ramah.booking.extract.moment import FoundDate, FoundTime, find_dates, find_times

_TO = re.compile(
    r"\b(ke|k|kpd|kepada|jadi|jd|menjadi|dijadikan|to|into|for|instead)\s+"
    r"((hari|hr|tanggal|tgl|tarikh|jam|jm|pukul|pkl|the|at|on)\s+)*$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\b(yang|yg|dari|drpd|daripada|from|booking|bookingan|tempahan|pesanan|jadwal|jadual|janji|temujanji|"
    r"appointment|appt|visit|my|the|at)\s+((saya|sy|aku|kami|hari|hr|jam|jm|pukul|pkl|tanggal|tgl|pada|pd|on|at|for|the)\s+)*$",
    re.IGNORECASE,
)
_BORDER = re.compile(r"\b(?=(?:ke|k|kpd|kepada|jadi|jd|menjadi|dijadikan|to|into)\s)", re.IGNORECASE)
_NUMBERS = {"se": 1, "satu": 1, "sa": 1, "one": 1, "an": 1, "a": 1, "dua": 2, "two": 2, "tiga": 3, "three": 3}
_SHIFT = re.compile(
    r"\b(?:(?P<half>setengah|half an|half)|(?P<number>\d{1,2}|se|satu|one|an|a|dua|two|tiga|three))\s*"
    r"(?P<unit>jam|hari|minggu|hours?|days?|weeks?)\b(?!\s*\d)",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(undur\w*|diundur\w*|mundur\w*|dimundur\w*|tunda\w*|ditunda\w*|lewat\w*|dilewat\w*|tangguh\w*|ditangguh\w*|anjak\w*|dianjak\w*|"
    r"geser\w*|digeser\w*|delay\w*|postpone\w*|push(ed)?|later|back|telat|lambat\w*)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"\b(maju\w*|dimaju\w*|awal\w*|diawal\w*|cepat\w*|dipercepat|forward|earlier)\b", re.IGNORECASE)
_UNITS = {"jam": 60, "hour": 60, "hours": 60, "hari": 1440, "day": 1440, "days": 1440}
_WEEK = 7 * 1440


@dataclass(frozen=True)
class SpokenMoments:
    """What names a booking (``of_day``, ``of_time``) and what is wanted instead (``day``, ``time``, or only a part
    of the day); ``shift`` is how much later it is to be."""

    of_day: date | None = None
    of_time: time | None = None
    day: date | None = None
    time: time | None = None
    part_of_day: str | None = None
    shift: timedelta | None = None

    @property
    def wants_something(self) -> bool:
        """Whether a new time was said, if only in part."""
        return any((self.day, self.time, self.part_of_day, self.shift))


def spoken_moments(
    text: str, now: datetime, starts: Sequence[datetime], *, expected: str | None = None, opens: time = time(8)
) -> SpokenMoments:
    """Read a wish. ``starts`` are the local starts that a date or time may name, ``expected`` is ``day`` or ``time``
    where that was just asked for."""
    shift = _shift(text)
    days, times = [], []
    for part in _parts(text):
        days += find_dates(part, now, expected=expected == "day")
        times += [] if shift else find_times(part, now, expected=expected == "time", opens=opens)
    found: dict[str, date | time | str | None] = {}
    wanted_before = False
    said: list[FoundDate | FoundTime] = [*days, *times]
    for one in sorted(said, key=lambda item: (item.start, item.end)):
        wanted = _is_wanted(text, one, starts, wanted_before=wanted_before)
        wanted_before = wanted_before or wanted
        _note(found, one, wanted=wanted)
    return SpokenMoments(**found, shift=shift)  # type: ignore[arg-type]  # each name gets its own kind of value


def _parts(text: str) -> list[str]:
    """The text in pieces before and after "to", each as long as the whole: "Tuesday to Thursday" is no span here."""
    borders = [0, *(found.start() for found in _BORDER.finditer(text) if found.start()), len(text)]
    return [" " * start + text[start:end] + " " * (len(text) - end) for start, end in pairwise(borders)]


def _is_wanted(text: str, one: FoundDate | FoundTime, starts: Sequence[datetime], *, wanted_before: bool) -> bool:
    before = text[: one.start]
    if _TO.search(before) or not _names(one, starts):
        return True
    return wanted_before and not _OF.search(before)


def _names(one: FoundDate | FoundTime, starts: Sequence[datetime]) -> bool:
    if isinstance(one, FoundDate):
        return any(start.date() == one.value for start in starts)
    return not one.only_part and any(start.time() == one.value for start in starts)


def _note(found: dict[str, date | time | str | None], one: FoundDate | FoundTime, *, wanted: bool) -> None:
    if isinstance(one, FoundDate):
        found["day" if wanted else "of_day"] = one.value
    elif one.only_part:
        found["part_of_day"] = one.part_of_day
    else:
        found["time" if wanted else "of_time"] = one.value


def _shift(text: str) -> timedelta | None:
    """``mundur sejam``, ``push it back two days``; None where no direction or length was said."""
    length, later, earlier = _SHIFT.search(text), _LATER.search(text), _EARLIER.search(text)
    if length is None or (later is None) == (earlier is None):
        return None
    unit = _UNITS.get(length["unit"].lower(), _WEEK)
    said = (length["number"] or "").lower()
    minutes = unit // 2 if length["half"] else unit * (_NUMBERS[said] if said in _NUMBERS else int(said))
    return timedelta(minutes=minutes if later else -minutes)
