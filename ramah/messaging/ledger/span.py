"""The day that is proved: a calendar day in the organisation's zone, as moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Table

from ramah.people import Organisation
from ramah.store import Base

CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True)
class Span:
    """One organisation's day from ``begin`` until before ``end`` (UTC), looked at ``now``."""

    organisation_id: str
    slug: str
    zone: str
    day: date
    begin: datetime
    end: datetime
    now: datetime

    @property
    def is_over(self) -> bool:
        """Whether nothing can be added to the day any more."""
        return self.now >= self.end

    @property
    def reach(self) -> datetime:
        """What belongs to rows of the day was not written before; clocks of several machines differ a little."""
        return self.begin - CLOCKS_DIFFER

    @property
    def utc_days(self) -> list[date]:
        """The UTC days that the day touches: two of them, but for zones that keep UTC."""
        last = (self.end - timedelta(microseconds=1)).astimezone(UTC).date()
        first = self.begin.astimezone(UTC).date()
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def table_of(model: type[Base]) -> Table:
    """The plain table of a model, for statements that name the organisation themselves."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - each model is a whole table
    return table


def span_of(organisation: Organisation, day: date, now: datetime) -> Span:
    """The day of an organisation; 23 or 25 hours long where the clocks change."""
    zone = ZoneInfo(organisation.timezone)
    begin, end = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (day, day + timedelta(days=1)))
    return Span(organisation.id, organisation.slug, organisation.timezone, day, begin, end, now)


def local_today(organisation: Organisation, now: datetime) -> date:
    """The date that the organisation's calendars show."""
    return now.astimezone(ZoneInfo(organisation.timezone)).date()
