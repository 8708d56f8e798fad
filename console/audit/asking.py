"""What the filters of the audit log ask for, as moments and names."""

from __future__ import annotations

from sanic import Request

from console.days import beginning_of
from console.numbers import whole_number
from ramah.people.audit import Sought


def sought_in(request: Request, zone: str) -> Sought:
    """Read ``who``, ``what``, ``since``, ``until`` (days of the organisation, both included) and ``before``.

    Raises BadInput for what is no day."""
    before = request.args.get("before")
    return Sought(
        staff_id=request.args.get("who") or None,
        action=request.args.get("what", "")[:40],
        since=beginning_of(request.args.get("since", ""), zone),
        until=beginning_of(request.args.get("until", ""), zone, later=1),
        before=whole_number(before) if before else None,
    )
