"""Visits: Sales Orders that hold capacity at an outlet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from ramah.integrations.erp.document import BookingDocument
from ramah.integrations.erp.frappe.client import Filter, FrappeClient, Row
from ramah.integrations.erp.frappe.mapping import site_time, utc_time
from ramah.integrations.erp.frappe.settings import FrappeAccess
from ramah.integrations.erp.port import OPEN, TakenTime

LONGEST_VISIT = timedelta(days=1)
HOLDING = frozenset({None, "", *OPEN})


class VisitRow(Row):
    """A Sales Order as a visit; staff may have made it without our reference or length."""

    custom_external_ref: str | None = None
    custom_place: Literal["home", "outlet"]
    custom_starts_at: datetime
    custom_minutes: int | None = None
    custom_visit_status: str | None = None

    @property
    def holds(self) -> bool:
        """Whether it holds capacity: not when it was called off or is over."""
        return self.custom_visit_status in HOLDING

    def taken(self, access: FrappeAccess) -> TakenTime:
        """The time that it holds, in UTC."""
        return TakenTime(
            booking_id=self.custom_external_ref or self.name,
            place=self.custom_place,
            starts_at=utc_time(self.custom_starts_at, access.zone),
            minutes=self.custom_minutes or access.default_minutes,
        )


def visits_between(
    client: FrappeClient, access: FrappeAccess, outlet: str, start: datetime, end: datetime
) -> list[VisitRow]:
    """Visits at the outlet that begin in [start, end), drafts and submitted ones, in order of their start."""
    filters: list[Filter] = [
        ["custom_outlet", "=", outlet],
        ["docstatus", "<", 2],
        ["custom_starts_at", ">=", site_time(start, access.zone)],
        ["custom_starts_at", "<", site_time(end, access.zone)],
    ]
    rows = client.rows("Sales Order", VisitRow, filters, order_by="custom_starts_at asc, name asc")
    return [row for row in rows if row.holds]


def visits_of_day(client: FrappeClient, access: FrappeAccess, outlet: str, day: date, zone: str) -> list[TakenTime]:
    """Visits that touch a local day in ``zone`` or the one after it, into which a visit of that day may reach."""
    start = datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=2), time.min, ZoneInfo(zone)).astimezone(UTC)
    visits = [row.taken(access) for row in visits_between(client, access, outlet, start - LONGEST_VISIT, end)]
    return [visit for visit in visits if ends_at(visit) > start]


def overlapping(client: FrappeClient, access: FrappeAccess, document: BookingDocument) -> list[VisitRow]:
    """Visits at the document's outlet and place whose time overlaps its own (its own included, once written)."""
    end = document.starts_at + timedelta(minutes=document.minutes)
    return overlapping_at(client, access, document.outlet_code, document.place, document.starts_at, end)


def overlapping_at(
    client: FrappeClient, access: FrappeAccess, outlet: str, place: str, start: datetime, end: datetime
) -> list[VisitRow]:
    """Visits at an outlet and place whose time overlaps [start, end)."""
    near = visits_between(client, access, outlet, start - LONGEST_VISIT, end)
    return [row for row in near if row.custom_place == place and ends_at(row.taken(access)) > start]


def peak(visits: Sequence[TakenTime]) -> int:
    """The largest number of visits that are under way at one moment."""
    return max((sum(one.starts_at <= each.starts_at < ends_at(one) for one in visits) for each in visits), default=0)


def ends_at(visit: TakenTime) -> datetime:
    """When the visit is over."""
    return visit.starts_at + timedelta(minutes=visit.minutes)
