"""Moments that a form names."""

from __future__ import annotations

from datetime import UTC, datetime

from ramah.lib.errors import BadInput


def moment_of(text: str) -> datetime:
    """The moment of an ISO text with its zone, as the page's script writes it. Raises BadInput."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput("choose a day and a time") from error
    if moment.tzinfo is None:
        raise BadInput("the moment names no time zone")
    return moment.astimezone(UTC)
