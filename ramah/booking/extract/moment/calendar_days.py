"""Arithmetic on calendar days, with the rules of the package docstring."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAYS_IN_WEEK = 7
MONTHS_IN_YEAR = 12
#: A date of this year that is longer past than this means next year.
LONGEST_PAST = timedelta(days=30)
_CENTURY = 2000
_MONTHS_SEARCHED = 3
_WEEKS_IN_MONTH = 5
#: First plausible day of the beginning, middle and end of a month and of a week.
_EDGE_OF_MONTH = {"start": 1, "middle": 15, "end": 25}
_EDGE_OF_WEEK = {"start": 0, "middle": 2, "end": 5}


@dataclass(frozen=True)
class DateSetting:
    """What the reading of a date depends on."""

    now: datetime
    day_first: bool

    @property
    def today(self) -> date:
        """The present day in the zone of the outlet."""
        return self.now.date()


def valid_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    if not 1 <= month <= MONTHS_IN_YEAR or not 1 <= year <= date.max.year:
        return None
    return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def full_year(year: int) -> int:
    """2026 for 26 and for 2026."""
    return year if year >= 100 else _CENTURY + year


def nearest_year(today: date, month: int, day: int) -> date | None:
    """The day in this year, or in the next when it is missing or long past."""
    this_year = valid_date(today.year, month, day)
    if this_year and this_year >= today - LONGEST_PAST:
        return this_year
    return valid_date(today.year + 1, month, day)


def coming_day_of_month(today: date, day: int) -> date | None:
    """The next such day of a month, today included, skipping months that are too short."""
    for months in range(_MONTHS_SEARCHED):
        first = add_months(today.replace(day=1), months)
        found = valid_date(first.year, first.month, day)
        if found and found >= today:
            return found
    return None


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, MONTHS_IN_YEAR)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def monday_of(day: date, weeks: int = 0) -> date:
    """Monday of the week of a day, or of a later week."""
    return day + timedelta(days=DAYS_IN_WEEK * weeks - day.weekday())


def coming_weekday(today: date, weekday: int, *, today_counts: bool) -> date:
    """The nearest such day of the week."""
    ahead = (weekday - today.weekday()) % DAYS_IN_WEEK
    return today + timedelta(days=ahead if ahead or today_counts else DAYS_IN_WEEK)


def weekday_of_week(today: date, weekday: int, weeks: int) -> date:
    """A day of this calendar week (0) or the next (1)."""
    return monday_of(today, weeks) + timedelta(days=weekday)


def ranked_weekday(month: date, weekday: int, rank: int) -> date:
    """The first, second, ... such day of the week in the month of a day; above four the last."""
    first = coming_weekday(month.replace(day=1), weekday, today_counts=True)
    found = [first + timedelta(weeks=weeks) for weeks in range(_WEEKS_IN_MONTH)]
    listed = [day for day in found if day.month == month.month]
    return listed[-1] if rank >= _WEEKS_IN_MONTH else listed[rank - 1]


def edge_of_week(today: date, edge: str, weeks: int) -> date:
    """First plausible day at the start, middle or end of a week, not before today."""
    return max(today, weekday_of_week(today, _EDGE_OF_WEEK[edge], weeks))


def edge_of_month(month: date, edge: str) -> date:
    """First plausible day at the start, middle or end of the month of a day."""
    return month.replace(day=_EDGE_OF_MONTH[edge])


def coming_edge_of_month(today: date, edge: str) -> date:
    """The same for an unnamed month: this one, or the next when its start or middle has passed."""
    here = edge_of_month(today, edge)
    if here >= today:
        return here
    return today if edge == "end" else edge_of_month(add_months(today.replace(day=1), 1), edge)
