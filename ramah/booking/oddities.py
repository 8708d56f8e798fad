"""Answers that were meant as what was asked but cannot be it: said back, so that the customer sees the slip."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ramah.booking.context import BookingContext
from ramah.booking.extract.phone import odd_phone
from ramah.booking.extract.vehicle import odd_plate
from ramah.booking.heard import Heard, Notice

LONGEST_SHOWN = 30
_YEAR = re.compile(r"\b\d{2,5}\b")
_POSTCODE = re.compile(r"\b\d{3,8}\b")

Finder = Callable[[str, BookingContext], str | None]


def odd_answer(heard: Heard, expected: str | None, facts: Mapping[str, str], context: BookingContext) -> list[Notice]:
    """What is odd about an answer that gave nothing for its question; empty when it was something else."""
    if expected is None or expected not in FINDERS or facts.get(expected) or heard.tap is not None:
        return []
    response, find = FINDERS[expected]
    value = find(heard.text[:1000], context)
    return [Notice(response, {"value": value[:LONGEST_SHOWN]})] if value else []


def _first(pattern: re.Pattern[str]) -> Finder:
    def find(text: str, _: BookingContext) -> str | None:
        match = pattern.search(text)
        return match[0] if match else None

    return find


FINDERS: Mapping[str, tuple[str, Finder]] = {
    "phone": ("utter_phone_odd", lambda text, context: odd_phone(text, context.country)),
    "car_plate": ("utter_plate_odd", lambda text, _: odd_plate(text)),
    "car_year": ("utter_not_understood_year", _first(_YEAR)),
    "postcode": ("utter_postcode_odd", _first(_POSTCODE)),
}
