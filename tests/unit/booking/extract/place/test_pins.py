"""The city of a location that a customer shared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ramah.booking.extract.place import place_of_pin
from ramah.booking.extract.place.gazetteer import places
from ramah.booking.extract.place.pins import FARTHEST_KM, kilometres


@pytest.mark.parametrize(
    ("latitude", "longitude", "city"),
    [
        (-6.1754, 106.8272, "Jakarta Pusat"),
        (-6.2300, 106.8500, "Jakarta Selatan"),
        (-6.8850, 107.6130, "Bandung"),
        (-7.2620, 112.7380, "Surabaya"),
        (-6.3020, 106.6520, "Tangerang Selatan"),
        (-7.7900, 110.3700, "Yogyakarta"),
        (3.1580, 101.7120, "Kuala Lumpur"),
        (3.1180, 101.6200, "Petaling Jaya"),
        (1.4920, 103.7410, "Johor Bahru"),
        (5.4150, 100.3300, "George Town"),
        (1.5500, 110.3500, "Kuching"),
    ],
)
def test_it_names_the_nearest_city(latitude: float, longitude: float, city: str) -> None:
    pinned = place_of_pin(latitude, longitude)
    assert pinned is not None
    assert pinned.city == city
    assert (pinned.latitude, pinned.longitude) == (latitude, longitude)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(48.85, 2.35), (-5.0, 110.0), (1.29, 103.85), (91.0, 100.0), (0.0, 181.0), (float("nan"), 100.0)],
    ids=["abroad", "at sea", "Singapore", "no latitude", "no longitude", "no number"],
)
def test_it_names_no_city_where_none_is(latitude: float, longitude: float) -> None:
    assert place_of_pin(latitude, longitude) is None


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert kilometres(0, 100, 1, 100) == pytest.approx(111.2, abs=0.1)


@given(st.floats(allow_nan=True), st.floats(allow_nan=True))
def test_any_numbers_give_a_known_city_or_none(latitude: float, longitude: float) -> None:
    pinned = place_of_pin(latitude, longitude)
    assert pinned is None or pinned.distance_km <= FARTHEST_KM


@given(st.floats(-11, 6), st.floats(95, 141))
def test_a_pin_in_the_archipelago_gives_a_listed_city_or_none(latitude: float, longitude: float) -> None:
    pinned = place_of_pin(latitude, longitude)
    if pinned:
        assert pinned.city in {place.city for place in places(pinned.country).values()} | {"Kepala Batas"}
