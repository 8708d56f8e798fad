"""Where a name may lie when several cities have it, and what the customer chose."""

from __future__ import annotations

from dataclasses import replace

from ramah.booking.extract.place.found import Candidate, Country, FoundAddress
from ramah.booking.extract.place.gazetteer import find_place, place_key
from ramah.booking.extract.place.homes import Home
from ramah.booking.extract.place.postcodes import is_doubtful, postcode_cities
from ramah.booking.extract.place.provinces import province_of

MOST_CANDIDATES = 9
"""As many buttons as a message of every channel can hold beside "none of these"."""


def candidates_of(
    name: str | None, homes: tuple[Home, ...], postcode: str | None, province: str | None, country: Country
) -> tuple[Candidate, ...]:
    """The places that a shared name or a shared postcode leaves open; one where postcode or province decide."""
    if not homes:
        return _of_postcode(postcode, province, country)
    of_code = [home for home in homes if postcode and _has_code(home, postcode, country)]
    of_province = [home for home in homes if province and home.province == province]
    kept = of_code or of_province or homes
    return tuple(_candidate(name or "", home) for home in kept[:MOST_CANDIDATES])


def resolve(choice: str, found: FoundAddress) -> FoundAddress:
    """``found`` with the city that the customer chose: the label or the city of a candidate, or any other city.

    What names neither leaves the address as it is.
    """
    key = place_key(choice)
    chosen = next((item for item in found.candidates if key in (place_key(item.label), place_key(item.city))), None)
    if chosen is None:
        chosen = _city_named(choice, found)
    if chosen is None:
        return found
    country = _country_of(chosen)
    doubtful = bool(found.postcode and country and is_doubtful(found.postcode, chosen.city, country))
    return replace(
        found,
        city=chosen.city,
        province=chosen.province or found.province,
        candidates=(),
        doubtful_postcode=doubtful,
    )


def _of_postcode(postcode: str | None, province: str | None, country: Country) -> tuple[Candidate, ...]:
    cities = postcode_cities(country).get(postcode, ()) if postcode else ()
    listed = [(city, province_of(city, country)) for city in cities]
    kept = [pair for pair in listed if pair[1] == province] or listed
    return tuple(Candidate(city, city, postcode, state) for city, state in kept[:MOST_CANDIDATES])


def _has_code(home: Home, postcode: str, country: Country) -> bool:
    if home.city in postcode_cities(country).get(postcode, ()):
        return True
    return home.postcode_prefix is not None and postcode.startswith(home.postcode_prefix)


def _candidate(name: str, home: Home) -> Candidate:
    where = home.province if place_key(home.city) == place_key(name) else home.city
    return Candidate(f"{name}, {where}", home.city, home.postcode_prefix, home.province)


def _city_named(choice: str, found: FoundAddress) -> Candidate | None:
    """Another city than the offered ones, in their country first."""
    countries: tuple[Country, ...] = ("ID", "MY")
    home = next((_country_of(item) for item in found.candidates), None)
    for country in sorted(countries, key=lambda listed: listed != home):
        place = find_place(choice, country)
        if place and place.city and place.kind != "district":
            return Candidate(place.city, place.city, None, province_of(place.city, country))
    return None


def _country_of(candidate: Candidate) -> Country | None:
    countries: tuple[Country, ...] = ("ID", "MY")
    for country in countries:
        if candidate.city in _cities(country):
            return country
    return None


def _cities(country: Country) -> frozenset[str]:
    return frozenset(city for cities in postcode_cities(country).values() for city in cities)
