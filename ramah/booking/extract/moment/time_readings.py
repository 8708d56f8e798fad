"""What the tokens of each time rule mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from ramah.booking.extract.moment.grammar import first_of, tokens_of
from ramah.booking.extract.moment.hours import HOURS_IN_DAY, MINUTES_IN_HOUR, Clock, TimeSetting
from ramah.booking.extract.moment.parts_of_day import PARTS, occasion_time
from ramah.booking.extract.moment.time_spans import span_ahead
from ramah.booking.extract.moment.tokens import Token

_HALF_HOUR, _QUARTER_HOUR = 30, 15
_SPOKEN_MINUTES = range(10, 60)
_MINUTES_TO = {5, 10, 20, 25}


@dataclass(frozen=True)
class TimeReading:
    """A time read from tokens: a ``clock`` still to be settled, a ``fixed`` time, or only a ``part``.

    ``repeated_part`` is a part of the day said beside am or pm ("8pm tonight").
    """

    clock: Clock | None = None
    fixed: time | None = None
    part: str = ""
    exact: bool = True
    repeated_part: str = ""

    @property
    def only_part(self) -> bool:
        """Whether nothing but a part of the day was said."""
        return self.clock is None and self.fixed is None


Tokens = Sequence[Token]
TimeReader = Callable[[Tokens, TimeSetting], TimeReading | None]


def _part_said(tokens: Tokens) -> str:
    token = first_of(tokens, "part", "meridiem")
    return token.word if token else ""


def _hands(hour: int, minute: int, *, written: bool = False) -> Clock | None:
    """Hands of a clock, or None for an hour or minute that no clock shows."""
    total = hour * MINUTES_IN_HOUR + minute
    if not 0 <= hour <= HOURS_IN_DAY or not 0 <= total <= HOURS_IN_DAY * MINUTES_IN_HOUR:
        return None
    return Clock(total, written)


def _said(clock: Clock | None, tokens: Tokens, *, exact: bool = True) -> TimeReading | None:
    return None if clock is None else TimeReading(clock, part=_part_said(tokens), exact=exact)


def _figures(token: Token) -> Clock | None:
    """Hands from 15:00, 9.30, 0830 or 3; None for 2575."""
    digits = token.word.replace(".", ":")
    if token.kind == "number":
        return None if digits == "0" else _hands(token.number, 0)
    hour, minute = digits.split(":")[:2] if ":" in digits else (digits[:-2], digits[-2:])
    if int(minute) >= MINUTES_IN_HOUR:
        return None
    return _hands(int(hour), int(minute), written=len(hour) > 1 and hour.startswith("0"))


def plain(tokens: Tokens, _: TimeSetting) -> TimeReading | None:
    """jam 3, 9.30, pukul 8.30 malam, 3pm, jam 3 30."""
    figures = tokens_of(tokens, "number", "clock_time", "four_digits", "year")
    if len(figures) > 1:
        return _said(_hands(figures[0].number, figures[1].number), tokens)
    return _said(_figures(figures[0]), tokens, exact=first_of(tokens, "about_suffix") is None)


def hour_and_part(tokens: Tokens, setting: TimeSetting) -> TimeReading | None:
    """3 sore, 10 pagi, 3pm; "satu malam" and "one night" are how long, not when."""
    number = tokens[0]
    one_night = number.number == 1 and number.word == "word" and _part_said(tokens) in ("malam", "night")
    return None if one_night else plain(tokens, setting)


def spoken(tokens: Tokens, _: TimeSetting) -> TimeReading | None:
    """seven thirty pm: only in words, for in figures the first may belong to a date (tgl 5 10 pagi)."""
    hour, minute = tokens_of(tokens, "number")
    if not hour.word == minute.word == "word" or minute.number not in _SPOKEN_MINUTES:
        return None
    return _said(_hands(hour.number, minute.number), tokens)


def about(tokens: Tokens, setting: TimeSetting) -> TimeReading | None:
    """around 6, 9ish, "besok 3": an hour without a word for it, so never exact."""
    reading = plain(tokens, setting)
    return replace(reading, exact=False) if reading else None


def spoken_to(tokens: Tokens, setting: TimeSetting) -> TimeReading | None:
    """ "at ten to four" is 3:50, but "at 10 to 2" a stretch of time."""
    minute, hour = tokens_of(tokens, "number")
    if minute.word == hour.word == "word" and minute.number in _MINUTES_TO:
        return _said(_moved(hour.number, minute.number, -1), tokens)
    return spread(tokens, setting)


def spread(tokens: Tokens, _: TimeSetting) -> TimeReading | None:
    """jam 2-4, between 2 and 4pm, 15:00 sampai 17:00: the earlier time, not exact."""
    pair = first_of(tokens, "dash_pair")
    if pair:
        return _said(_hands(int(pair.word.split("-")[0]), 0), tokens, exact=False)
    figures = tokens_of(tokens, "number", "clock_time")
    clock, last = _figures(figures[0]), _figures(figures[-1])
    if clock is None or last is None:
        return None
    part = _part_said(tokens)
    # "10 to 2pm" begins in the morning, "2 to 4pm" after noon.
    following = tokens[tokens.index(figures[0]) + 1].kind
    crosses = part and following not in ("part", "meridiem") and last.hour < clock.hour
    return TimeReading(clock, part="" if crosses else part, exact=False)


def half_to(tokens: Tokens, _: TimeSetting) -> TimeReading | None:
    """setengah 8 is 07:30; setengah 1 is 12:30."""
    number = first_of(tokens, "number")
    if number is None or not 1 <= number.number <= HOURS_IN_DAY:
        return None
    hour = number.number - 1 or HOURS_IN_DAY // 2
    return _said(_hands(hour, _HALF_HOUR), tokens)


def half_past(tokens: Tokens, _: TimeSetting) -> TimeReading | None:
    """pukul 2 setengah, half past two, half 2."""
    number = first_of(tokens, "number")
    return _said(_hands(number.number, _HALF_HOUR), tokens) if number else None


def quarter_past(tokens: Tokens, _: TimeSetting) -> TimeReading | None:
    """pukul 3 suku."""
    number = first_of(tokens, "number")
    return _said(_hands(number.number, _QUARTER_HOUR), tokens) if number else None


def _minutes(tokens: Tokens) -> int:
    token = first_of(tokens, "quarter", "half", "half_en", "number")
    if token is None or token.kind == "number":
        return token.number if token else 0
    return _QUARTER_HOUR if token.kind == "quarter" else _HALF_HOUR


def _moved(hour: int, minutes: int, sign: int) -> Clock | None:
    """Hands some minutes before or after an hour; before one o'clock is after twelve."""
    if not 1 <= hour <= HOURS_IN_DAY or not 0 < minutes < MINUTES_IN_HOUR:
        return None
    return _hands(hour, minutes) if sign > 0 else _hands(hour - 1 or HOURS_IN_DAY // 2, MINUTES_IN_HOUR - minutes)


def hour_then_minutes(tokens: Tokens, _: TimeSetting) -> TimeReading | None:
    """jam 4 kurang seperempat, jam 9 lewat 15."""
    hour = next(place for place, token in enumerate(tokens) if token.kind == "number")
    sign = -1 if first_of(tokens, "minus") else 1
    return _said(_moved(tokens[hour].number, _minutes(tokens[hour + 1 :]), sign), tokens)


def minutes_then_hour(tokens: Tokens, _: TimeSetting) -> TimeReading | None:
    """quarter to 4, 20 past 3, 10 minutes to 5."""
    hour = tokens_of(tokens, "number")[-1]
    sign = 1 if first_of(tokens, "plus") else -1
    return _said(_moved(hour.number, _minutes(tokens), sign), tokens)


def noon(tokens: Tokens, _: TimeSetting) -> TimeReading:
    """noon, midnight, 12 noon, tengah malam."""
    word = first_of(tokens, "noon")
    return TimeReading(fixed=time(12) if word and word.word == "noon" else time(0))


def occasion(tokens: Tokens, setting: TimeSetting) -> TimeReading | None:
    """habis Zohor, waktu Ashar, before Maghrib, lepas kerja: never exact."""
    name = first_of(tokens, "occasion")
    if name is None:
        return None
    after = first_of(tokens, "after", "lepas") is not None
    return TimeReading(fixed=occasion_time(name.word, setting.now, after=after), exact=False)


def part_of_day(tokens: Tokens, _: TimeSetting) -> TimeReading:
    """pagi, sore hari, tonight: only a part of the day."""
    return TimeReading(part=_part_said(tokens), exact=False)


def half_of_day(tokens: Tokens, _: TimeSetting) -> TimeReading:
    """tomorrow am, Monday pm."""
    return TimeReading(part="pagi" if tokens[0].word == "am" else "petang", exact=False)


def ahead(tokens: Tokens, setting: TimeSetting) -> TimeReading | None:
    """setengah jam lagi, in 2 hours: counted from now, to the minute."""
    span = span_ahead(tokens)
    return TimeReading(fixed=_wall(setting.now + span)) if span else None


def present(_: Tokens, setting: TimeSetting) -> TimeReading:
    """sekarang, now."""
    return TimeReading(fixed=_wall(setting.now))


def _wall(moment: datetime) -> time:
    return moment.time().replace(second=0, microsecond=0)


def start_of_part(part: str, setting: TimeSetting) -> time:
    """A sensible time in a part of the day, inside opening hours where they overlap."""
    start = PARTS[part].start
    if setting.is_open(start) or setting.opens < start:
        return start
    return setting.opens
