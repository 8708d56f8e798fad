"""Open now? Open again when? Pure decisions about a plan; moments are aware.

A window belongs to the day on which it begins: a night from Monday 20:00 to Tuesday 06:00 goes on into a Tuesday that
is a holiday, and does not begin on a Monday that is one. Clock times are those of the plan's zone, so that a window may
be an hour shorter or longer where the clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ramah.messaging.hours.plan import Plan, Window

FURTHEST = 400
"""Days ahead that are looked at: more than a year, so that a special day once a year is found."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """One stretch of being open, in UTC; ``ends`` is the first moment that is closed again."""

    begins: datetime
    ends: datetime


def spans_on(plan: Plan, day: date) -> list[Span]:
    """The stretches that begin on a local day, earliest first; none that the change of clocks swallows."""
    zone = ZoneInfo(plan.zone)
    spans = [_span(window, day, zone) for window in plan.windows_on(day)]
    return [span for span in spans if span.begins < span.ends]


def is_open(plan: Plan, moment: datetime) -> bool:
    """Whether the moment lies in one of the windows. A plan that is switched off is open always."""
    return not plan.enabled or _end_of_span(plan, moment) is not None


def closes_at(plan: Plan, moment: datetime) -> datetime | None:
    """When it closes, where it is open; None where that is more than a week away. Windows that touch are one."""
    end = _end_of_span(plan, moment)
    while plan.enabled and end is not None and end - moment <= 7 * ONE_DAY:
        later = _end_of_span(plan, end)
        if later is None:
            return end
        end = later
    return None


def next_opening(plan: Plan, moment: datetime) -> datetime | None:
    """The next moment at which a window begins; None where none begins within more than a year."""
    first = _local_day(plan, moment)
    for number in range(FURTHEST):
        later = [span.begins for span in spans_on(plan, first + number * ONE_DAY) if span.begins > moment]
        if later:
            return min(later)
    return None


def opened_since(plan: Plan, earlier: datetime, now: datetime) -> bool:
    """Whether it was open at some moment after ``earlier`` and until ``now``: another closed period has begun."""
    if is_open(plan, earlier):
        return True
    opening = next_opening(plan, earlier)
    return opening is not None and opening <= now


def _end_of_span(plan: Plan, moment: datetime) -> datetime | None:
    """When the window ends in which the moment lies. The night before may reach into its day."""
    today = _local_day(plan, moment)
    spans = [*spans_on(plan, today - ONE_DAY), *spans_on(plan, today)]
    return max((span.ends for span in spans if span.begins <= moment < span.ends), default=None)


def _local_day(plan: Plan, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(plan.zone)).date()


def _span(window: Window, day: date, zone: ZoneInfo) -> Span:
    last_day = day if window.closes > window.opens else day + ONE_DAY
    return Span(_instant(day, window.opens, zone), max(_readings(last_day, window.closes, zone)))


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _readings(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A clock time that comes twice when the clocks go back: closing means the second one."""
    local = datetime.combine(day, clock, zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
