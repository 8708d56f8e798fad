"""Days that people choose in a form, as moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from console.translations import mark
from ramah.lib.errors import BadInput


def beginning_of(text: str, zone: str, later: int = 0) -> datetime | None:
    """When a day of the organisation begins, or the one that is ``later`` days after it; None for an empty text.

    Raises BadInput for what is no day."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=later)
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInput(mark("This is no date; write it as 2026-01-31.")) from error
