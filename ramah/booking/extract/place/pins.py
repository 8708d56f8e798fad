"""The city of a location that a customer shared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import asin, cos, isfinite, radians, sin, sqrt
from typing import cast

from ramah.booking.extract.data import rows
from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.provinces import province_of

EARTH_RADIUS_KM = 6371.0
FARTHEST_KM = 40.0
"""Beyond it from every known place the pin lies at sea, abroad or in a wilderness: no city is named."""

_ABROAD = "-"


@dataclass(frozen=True)
class PinnedPlace:
    """A pin in degrees and the city of the known place nearest to it, which the customer should confirm.

    ``distance_km`` is the way from that place as the crow flies. Borders are not known: near one the city may be the
    neighbour's.
    """

    latitude: float
    longitude: float
    city: str
    province: str | None
    country: Country
    distance_km: float


def place_of_pin(latitude: float, longitude: float) -> PinnedPlace | None:
    """The nearest known city of Indonesia or Malaysia; None where none is near or these are no coordinates."""
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    distance, country, city = min(
        ((kilometres(latitude, longitude, *point), country, city) for country, city, point in _points()),
        key=lambda known: known[0],
    )
    if distance > FARTHEST_KM or country is None:
        return None
    return PinnedPlace(latitude, longitude, city, province_of(city, country), country, round(distance, 1))


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The way between two points as the crow flies (haversine)."""
    here, there = radians(latitude), radians(other_latitude)
    across = radians(other_longitude - longitude)
    half_chord = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half_chord)))


@cache
def _points() -> tuple[tuple[Country | None, str, tuple[float, float]], ...]:
    """Known places with the country (None: abroad, in neighbouring countries)."""
    return tuple(
        (cast("Country", country) if country != _ABROAD else None, city, (float(latitude), float(longitude)))
        for name in ("points.tsv", "points_by_hand.tsv")
        for country, city, latitude, longitude in rows(name)
    )
