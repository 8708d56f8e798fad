"""Slips of the tongue inside one message: of "xenia eh innova 2020" the innova is meant."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from ramah.booking.extract.vehicle import FoundVehicle, find_vehicle

_SLIP = re.compile(
    r"\b(?:eh+|ups|oops|salah|silap|maksud(?:ku|nya| saya| sy| gw| aku)?|mksd|i mean|i meant|sorry|no wait)\b[\s,.:]*",
    re.IGNORECASE,
)
"""Stands between what slipped out and what is meant."""


def vehicle_meant(
    text: str, *, expected: Literal["car", "year", "plate"] | None, this_year: int
) -> FoundVehicle | None:
    """The car of a text: where one slipped out and another is named behind it, the latter, with what both tell."""
    whole = find_vehicle(text, expected=expected, this_year=this_year)
    slips = list(_SLIP.finditer(text))
    if whole is None or not slips:
        return whole
    head, tail = slips[-1].start(), slips[-1].end()
    later = find_vehicle(text[tail:], expected=expected, this_year=this_year)
    earlier = find_vehicle(text[:head], expected=expected, this_year=this_year)
    if later is None or earlier is None or not later.model or not earlier.model:
        return whole
    return replace(
        later,
        year=later.year or earlier.year,
        plate=later.plate or earlier.plate,
        colour=later.colour or earlier.colour,
        spans=(*earlier.spans, *((start + tail, end + tail) for start, end in later.spans)),
    )
