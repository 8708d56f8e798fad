"""When an outlet can take a visit: opening hours, closed days, capacity. All in the outlet's zone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ramah.integrations.erp.port import TakenTime
from ramah.lib.wording import clock
from ramah.people import Outlet

GRID_MINUTES = 15
"""Visits begin on a quarter of an hour; other times people name are refused with the nearest ones."""


@dataclass(frozen=True)
class Visit:
    """How long a visit takes and how many may overlap."""

    minutes: int
    capacity: int


def zone_of(outlet: Outlet) -> ZoneInfo:
    """The outlet's time zone."""
    return ZoneInfo(outlet.timezone)


def closed_reason(outlet: Outlet, day: date) -> str | None:
    """Why the outlet is closed all day by calendar, or None. A weekday without hours is an empty text."""
    for closed in outlet.closed_days:
        if closed.day == day:
            return closed.reason
    return None if any(hours.weekday == day.weekday() for hours in outlet.hours) else ""


def open_spans(outlet: Outlet, day: date) -> list[tuple[datetime, datetime]]:
    """The spans in which the outlet is open on a local day, aware. Empty on a closed day."""
    if closed_reason(outlet, day) is not None:
        return []
    zone = zone_of(outlet)
    spans = []
    for hours in outlet.hours:
        if hours.weekday == day.weekday():
            ends_on = day if hours.closes > hours.opens else day + timedelta(days=1)
            spans.append((_at(day, hours.opens, zone), _at(ends_on, hours.closes, zone)))
    return sorted(spans)


def hours_text(outlet: Outlet, day: date) -> str:
    """The day's hours as ``08:00-12:00, 15:00-20:00``, or a dash."""
    spans = open_spans(outlet, day)
    return ", ".join(f"{clock(opens.time())}-{clock(closes.time())}" for opens, closes in spans) or "-"


def is_open_for(outlet: Outlet, starts: datetime, minutes: int) -> bool:
    """Whether a visit fits into one open span of its local day."""
    ends = starts + timedelta(minutes=minutes)
    local_day = starts.astimezone(zone_of(outlet)).date()
    days = (local_day, local_day - timedelta(days=1))  # yesterday's span may reach past midnight
    return any(opens <= starts and ends <= closes for day in days for opens, closes in open_spans(outlet, day))


def is_free(starts: datetime, visit: Visit, taken: Iterable[TakenTime]) -> bool:
    """Whether fewer visits than the capacity overlap at every moment of the visit."""
    ends = starts + timedelta(minutes=visit.minutes)
    overlapping = [
        (other.starts_at, other.starts_at + timedelta(minutes=other.minutes))
        for other in taken
        if other.starts_at < ends and other.starts_at + timedelta(minutes=other.minutes) > starts
    ]
    # Overlaps can only rise where one begins; the start itself counts where there is no room at all.
    moments = [starts, *(max(begin, starts) for begin, _ in overlapping)]
    return all(sum(begin <= moment < end for begin, end in overlapping) < visit.capacity for moment in moments)


def free_starts(outlet: Outlet, day: date, visit: Visit, taken: Sequence[TakenTime], now: datetime) -> list[datetime]:
    """Starts on the outlet's grid and on that local day that are open, free and still to come, in order."""
    step = timedelta(minutes=outlet.slot_minutes)
    found = []
    # Yesterday's span may reach past midnight; today's hours after midnight are tomorrow's.
    for opens, closes in [*open_spans(outlet, day - timedelta(days=1)), *open_spans(outlet, day)]:
        start = opens
        while start + timedelta(minutes=visit.minutes) <= closes:
            if start.date() == day and start > now and is_free(start, visit, taken):
                found.append(start)
            start += step
    return found


def next_open_days(outlet: Outlet, now: datetime, count: int, horizon_days: int) -> list[date]:
    """The next local days on which the outlet opens at all, today included while it is open."""
    today = now.astimezone(zone_of(outlet)).date()
    days = (today + timedelta(days=offset) for offset in range(horizon_days + 1))
    return [day for day in days if any(closes > now for _, closes in open_spans(outlet, day))][:count]


def _at(day: date, moment: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, moment, tzinfo=zone)
