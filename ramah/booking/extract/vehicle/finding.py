"""Finds what a message says about the customer's car."""

from __future__ import annotations

from typing import Literal

from ramah.booking.extract.vehicle.colours import find_colour
from ramah.booking.extract.vehicle.found import FoundVehicle
from ramah.booking.extract.vehicle.phrases import find_model
from ramah.booking.extract.vehicle.plates import find_plate
from ramah.booking.extract.vehicle.years import find_year
from ramah.booking.extract.words import blank, tidy_spans, without_markup

_LONGEST_TEXT = 2_000


def find_vehicle(
    text: str, *, expected: Literal["car", "year", "plate"] | None = None, this_year: int
) -> FoundVehicle | None:
    """The car in ``text``, or None. ``this_year`` bounds the year of the car (1950 to next year).

    ``expected`` is what was asked: then a bare answer counts ("19" for a year, "city" for a car, "b 1234" for a plate).
    """
    rest = without_markup(text[:_LONGEST_TEXT])
    plate = find_plate(rest, expected=expected == "plate")
    parts = [(plate.start, plate.end)] if plate else []
    rest = blank(rest, parts)
    car = find_model(rest, expected=expected)
    rest = blank(rest, car.spans if car else ())
    parts += car.spans if car else ()
    year = find_year(rest, this_year, near=parts, expected=expected)
    parts += [year[1]] if year else []
    colour = find_colour(rest, parts)
    parts += [colour[1]] if colour else []
    if not parts:
        return None
    return FoundVehicle(
        make=car.make if car else None,
        model=car.shown if car else None,
        year=year[0] if year else None,
        plate=plate.plate if plate else None,
        colour=colour[0] if colour else None,
        size=car.model.size if car and car.model else None,
        spans=tidy_spans(parts),
    )
