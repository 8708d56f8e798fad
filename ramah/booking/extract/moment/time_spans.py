"""Spans of hours and minutes: "setengah jam lagi", "in 2 hours"."""

from collections.abc import Sequence
from datetime import timedelta

from ramah.booking.extract.moment.tokens import Token

#: Rules for a span counted from now; the rest of the grammar must not take their numbers.
SPAN = (
    "((number|half|half_en|quarter) (clock|hour_unit|minute_unit)|number half (clock|hour_unit)"
    "|number (clock|hour_unit) (half|half_en|number minute_unit)|span_minutes half|span_minutes)"
)
SPAN_AHEAD = f"within? {SPAN} later|within during? {SPAN}|later {SPAN}(?!clock (number|clock_time))"

_HOUR = 60
_FRACTIONS = {"half": 30, "half_en": 30, "quarter": 15}


def span_ahead(tokens: Sequence[Token]) -> timedelta | None:
    """The length of a span, or None when it is zero."""
    minutes = waiting = 0
    for token in tokens:
        if token.kind in _FRACTIONS or token.kind == "span_minutes":
            minutes += _FRACTIONS.get(token.kind, token.number)
        elif token.kind == "number":
            waiting = token.number
        elif token.kind in ("clock", "hour_unit"):
            minutes, waiting = minutes + waiting * _HOUR, 0
        elif token.kind == "minute_unit":
            minutes, waiting = minutes + waiting, 0
    return timedelta(minutes=minutes) if minutes else None
