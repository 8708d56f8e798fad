"""Moments that a form names."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ramah.lib.errors import BadInput


def moment_of(text: str, timezone: str) -> datetime:
    """The moment of an ISO text; without an offset it is a wall clock's of ``timezone``. Raises BadInput."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput("choose a day and a time") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(timezone))
    return moment.astimezone(UTC)
