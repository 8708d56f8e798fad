"""What the tokens of each date rule mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ramah.booking.extract.moment import calendar_days as days
from ramah.booking.extract.moment.calendar_days import DateSetting
from ramah.booking.extract.moment.grammar import first_of, tokens_of
from ramah.booking.extract.moment.time_spans import span_ahead
from ramah.booking.extract.moment.tokens import Token

SUNDAY = 6


@dataclass(frozen=True)
class DateReading:
    """A day read from tokens.

    ``weekday`` is the day of the week that was named, when one was. ``only_weekday`` says that
    nothing else fixed the day; ``weak`` that the day is
    only implied ("nanti jam 3") or a bare number.
    """

    value: date
    exact: bool = True
    weekday: int | None = None
    only_weekday: bool = False
    weak: bool = False


Tokens = Sequence[Token]
DateReader = Callable[[Tokens, DateSetting], DateReading | None]


def _reading(value: date | None, *, exact: bool = True) -> DateReading | None:
    return None if value is None else DateReading(value, exact)


def figures(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """2026-12-05, 05-12-2026, 5/12/26, 5/12."""
    token = first_of(tokens, "full_date")
    parts = [int(part) for part in (token.word if token else "").replace("/", "-").replace(".", "-").split("-")]
    if len(str(parts[0])) > 2:
        return _reading(days.valid_date(parts[0], parts[1], parts[2]))
    day, month = parts[:2] if setting.day_first else (parts[1], parts[0])
    if len(parts) == 2:
        # 11/28 can only be the month first.
        today = setting.today
        return _reading(days.nearest_year(today, month, day) or days.nearest_year(today, day, month))
    year = days.full_year(parts[2])
    return _reading(days.valid_date(year, month, day) or days.valid_date(year, day, month))


def day_dot_month(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """tgl 5.12 and tgl 5-12: a day and a month, or two days of which the first counts."""
    pair = first_of(tokens, "clock_time", "dash_pair")
    day, other = (int(part) for part in (pair.word if pair else "").replace(":", "-").replace(".", "-").split("-")[:2])
    as_month = days.nearest_year(setting.today, other, day)
    if as_month and as_month < setting.today + timedelta(days=180):
        return DateReading(as_month, exact=pair is not None and pair.kind == "clock_time")
    return _reading(days.coming_day_of_month(setting.today, day), exact=False)


def first_of_days(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """24-25 Desember, 25hb sampai 27hb: the first day, not exact."""
    pair, month, year = (
        first_of(tokens, "dash_pair"),
        first_of(tokens, "month", "month_first"),
        first_of(tokens, "year"),
    )
    day = int(pair.word.split("-")[0]) if pair else tokens_of(tokens, "number")[0].number
    if month is None:
        return _reading(days.coming_day_of_month(setting.today, day), exact=False)
    if year:
        return _reading(days.valid_date(year.number, month.number, day), exact=False)
    return _reading(days.nearest_year(setting.today, month.number, day), exact=False)


def day_and_month(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """5 Desember 2026, 5hb Disember, Nov 25th, tgl 5 bulan 12."""
    numbers = [token.number for token in tokens_of(tokens, "number")]
    named, year = first_of(tokens, "month", "month_first"), first_of(tokens, "year")
    month = named.number if named else numbers[1]
    if year:
        return _reading(days.valid_date(year.number, month, numbers[0]))
    return _reading(days.nearest_year(setting.today, month, numbers[0]))


def day_of_relative_month(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """tgl 5 bulan depan, the 5th of next month, 25 bulan ini."""
    number = first_of(tokens, "number")
    first = days.add_months(setting.today.replace(day=1), 1 if first_of(tokens, "next") else 0)
    return _reading(days.valid_date(first.year, first.month, number.number)) if number else None


def day_of_month(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """tgl 25, the 25th, 25hb."""
    number = first_of(tokens, "number")
    return _reading(days.coming_day_of_month(setting.today, number.number)) if number else None


def day_of_month_in_days(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """tgl 25 besok: the coming 25th, in doubt unless that is tomorrow."""
    reading, offset = day_of_month(tokens, setting), first_of(tokens, "day_offset")
    if reading is None or offset is None:
        return reading
    return replace(reading, exact=reading.value == setting.today + timedelta(days=offset.number))


def bare_day_of_month(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """25, after the customer was asked; beside a day that is named it is more likely an hour."""
    reading = day_of_month(tokens, setting)
    return replace(reading, weak=True) if reading else None


def relative_day(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """besok, lusa, today; "besok lusa" leaves a choice."""
    offsets = tokens_of(tokens, "day_offset")
    return _reading(setting.today + timedelta(days=offsets[0].number), exact=len(offsets) == 1)


def days_ahead(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """3 hari lagi, in 2 days, seminggu lagi; more than one number leaves a choice."""
    numbers, pair = tokens_of(tokens, "number"), first_of(tokens, "dash_pair")
    count = int(pair.word.split("-")[0]) if pair else sum(token.number for token in numbers[:1])
    span, weeks = first_of(tokens, "span_days"), first_of(tokens, "minggu", "week")
    if first_of(tokens, "later", "next") is None and (span or numbers[0]).number == 1:
        return None  # "dalam sehari" is how long, not when
    ahead = span.number if span else count * (days.DAYS_IN_WEEK if weeks else 1)
    vague = bool(weeks or first_of(tokens, "next") or pair or numbers[1:]) or (
        span is not None and span.number >= days.DAYS_IN_WEEK
    )
    return DateReading(setting.today + timedelta(days=ahead), exact=not vague)


def months_ahead(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """2 bulan lagi, in a month."""
    number = first_of(tokens, "number", "span_months")
    return _reading(days.add_months(setting.today, number.number), exact=False) if number else None


def minutes_ahead(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """setengah jam lagi: the day on which that moment falls."""
    span = span_ahead(tokens)
    return DateReading((setting.now + span).date()) if span else None


def implied_today(_: Tokens, setting: DateSetting) -> DateReading:
    """nanti sore, pagi ini, this evening."""
    return DateReading(setting.today)


def perhaps_today(_: Tokens, setting: DateSetting) -> DateReading:
    """nanti jam 3: today, unless another day is named."""
    return DateReading(setting.today, weak=True)


def _named_weekday(tokens: Tokens) -> int:
    token = first_of(tokens, "weekday")
    return token.number if token else SUNDAY


def coming_weekday(tokens: Tokens, setting: DateSetting) -> DateReading:
    """Senin, hari Minggu; "setiap Senin" is not exact."""
    weekday = _named_weekday(tokens)
    value = days.coming_weekday(setting.today, weekday, today_counts=False)
    return DateReading(value, first_of(tokens, "every") is None, weekday, only_weekday=True)


def range_of_days(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """Senin sampai Rabu, tomorrow until Friday: the first day, not exact."""
    first = first_of(tokens, "weekday", "minggu", "day_offset")
    if first is None:
        return None
    day = relative_day([first], setting) if first.kind == "day_offset" else coming_weekday([first], setting)
    return replace(day, exact=False, only_weekday=False) if day else None


def ranked_weekday(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """Jumat pertama Desember, the first Saturday of next month; "minggu kedua" is a week and not exact."""
    rank, week = (
        first_of(tokens, "rank", "low_ordinal"),
        first_of(tokens, "minggu") and not first_of(tokens, "day_word"),
    )
    first = _first_of_month(tokens, setting)
    if rank is None or first is None:
        return None
    if week:
        return DateReading(max(setting.today, first + timedelta(weeks=rank.number - 1)), exact=False)
    value = days.ranked_weekday(first, _named_weekday(tokens), rank.number)
    return _reading(value if value >= setting.today else None)


def _first_of_month(tokens: Tokens, setting: DateSetting) -> date | None:
    named, here = first_of(tokens, "month", "month_first"), setting.today.replace(day=1)
    if named:
        return days.nearest_year(here, named.number, 1)
    return days.add_months(here, 1 if first_of(tokens, "next") else 0)


def this_weekday(tokens: Tokens, setting: DateSetting) -> DateReading:
    """Sabtu ini, this Friday: today included."""
    weekday = _named_weekday(tokens)
    return DateReading(days.coming_weekday(setting.today, weekday, today_counts=True), weekday=weekday)


def next_weekday(tokens: Tokens, setting: DateSetting) -> DateReading:
    """Sabtu depan, next Tuesday, Kamis minggu depan: in the next calendar week."""
    weekday = _named_weekday(tokens)
    return DateReading(days.weekday_of_week(setting.today, weekday, 1), weekday=weekday)


def weekday_of_this_week(tokens: Tokens, setting: DateSetting) -> DateReading:
    """Kamis minggu ini: in this calendar week, even if past."""
    weekday = _named_weekday(tokens)
    return DateReading(days.weekday_of_week(setting.today, weekday, 0), weekday=weekday)


def eve_of_weekday(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """malam Minggu is Saturday evening; malam Jumat Thursday evening, though some mean Friday.

    English "night" has no such sense.
    """
    if tokens[0].word != "malam":
        return None
    following = next_weekday if first_of(tokens, "next") else this_weekday
    day = following(tokens, setting).value - timedelta(days=1)
    if day < setting.today:
        day += timedelta(days=days.DAYS_IN_WEEK)
    return DateReading(day, exact=first_of(tokens, "minggu") is not None and first_of(tokens, "next") is None)


def some_day_of_week(tokens: Tokens, setting: DateSetting) -> DateReading:
    """minggu depan, this week, awal minggu depan."""
    edge, weeks = first_of(tokens, "edge"), 1 if first_of(tokens, "next") else 0
    return DateReading(days.edge_of_week(setting.today, edge.word if edge else "start", weeks), exact=False)


def some_day_of_weekend(tokens: Tokens, setting: DateSetting) -> DateReading:
    """this weekend, akhir pekan depan: Saturday, or today when the weekend has begun."""
    weeks = 1 if first_of(tokens, "next") else 0
    return DateReading(days.edge_of_week(setting.today, "end", weeks), exact=False)


def some_day_of_month(tokens: Tokens, setting: DateSetting) -> DateReading:
    """bulan depan, akhir bulan, awal bulan depan."""
    edge = first_of(tokens, "edge")
    word = edge.word if edge else "start"
    if first_of(tokens, "next"):
        return DateReading(days.edge_of_month(days.add_months(setting.today.replace(day=1), 1), word), exact=False)
    if first_of(tokens, "this"):
        return DateReading(max(setting.today, days.edge_of_month(setting.today, word)), exact=False)
    return DateReading(days.coming_edge_of_month(setting.today, word), exact=False)


def some_day_of_named_month(tokens: Tokens, setting: DateSetting) -> DateReading | None:
    """awal Desember, mid January."""
    edge, month = first_of(tokens, "edge"), first_of(tokens, "month", "month_first")
    if edge is None or month is None:
        return None
    first = days.nearest_year(setting.today.replace(day=1), month.number, 1)
    if first is None:
        return None
    return DateReading(max(days.edge_of_month(first, edge.word), setting.today), exact=False)


def joined(named: DateReading, fixed: DateReading, *, coming: bool) -> DateReading:
    """A weekday and the date beside it as one day, in doubt when they disagree.

    ``coming`` is for "Sabtu besok", the coming Saturday, where the weekday decides.
    """
    if fixed.value.weekday() == named.weekday:
        return replace(fixed, weekday=named.weekday)
    return replace(named if coming else fixed, exact=False, only_weekday=False)
