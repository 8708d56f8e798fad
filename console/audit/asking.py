"""What the filters of the audit log ask for, as moments and names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sanic import Request

from console.numbers import whole_number
from ramah.lib.errors import BadInput
from ramah.people.audit import Sought


def sought_in(request: Request, zone: str) -> Sought:
    """Read ``who``, ``what``, ``since``, ``until`` (days of the organisation, both included) and ``before``.

    Raises BadInput for what is no day."""
    before = request.args.get("before")
    return Sought(
        staff_id=request.args.get("who") or None,
        action=request.args.get("what", "")[:40],
        since=_beginning(request.args.get("since", ""), zone),
        until=_beginning(request.args.get("until", ""), zone, later=1),
        before=whole_number(before) if before else None,
    )


def _beginning(text: str, zone: str, later: int = 0) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=later)
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInput("This is no date; write it as 2026-01-31.") from error
