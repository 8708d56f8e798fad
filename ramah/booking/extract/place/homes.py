"""Names that several cities share, and where each of them is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from ramah.booking.extract.data import rows
from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.provinces import province_of

_FIRST_CITY = "71"
_JAVA = {"31", "32", "33", "34", "35", "36"}


@dataclass(frozen=True)
class Home:
    """One city with a place of this name. ``is_district``: the place is a kecamatan there, not a quarter."""

    city: str
    province: str | None
    postcode_prefix: str | None
    is_district: bool


@cache
def shared_names(country: Country) -> dict[str, tuple[Home, ...]]:
    """Names with more than one city, cities before regencies."""
    homes: defaultdict[str, list[Home]] = defaultdict(list)
    listed = {name: cities for where, name, cities in rows("shared_places.tsv") if where == country}
    for name, home in [*_districts(country, set(listed)), *_towns(country)]:
        homes[name].append(home)
    for name, cities in listed.items():
        for city, _, prefix in (written.partition(":") for written in cities.split("|")):
            if all(home.city != city for home in homes[name]):
                homes[name].append(Home(city, province_of(city, country), prefix or None, is_district=False))
    return {name: _ordered(found) for name, found in homes.items() if len(found) > 1}


def _ordered(homes: list[Home]) -> tuple[Home, ...]:
    """Cities before regencies, Java before the other islands: where more customers live."""
    codes = _codes()
    return tuple(sorted(homes, key=lambda home: (*_remoteness(codes.get(home.city)), home.city)))


def _remoteness(code: str | None) -> tuple[bool, bool]:
    """By the official code of a regency: its second number begins at 71 for cities."""
    province, _, regency = (code or "").partition(".")
    return regency < _FIRST_CITY, province not in _JAVA


@cache
def _codes() -> dict[str, str]:
    return {city: code for code, city, _ in rows("regencies_id.tsv")}


def _districts(country: Country, listed: set[str]) -> list[tuple[str, Home]]:
    """Districts that share their name with another, or with a listed quarter."""
    if country == "MY":
        return []
    cities = {code: city for city, code in _codes().items()}
    found = [
        (name, code, "") for code, names in rows("districts_id.tsv") for name in names.split("|") if name in listed
    ]
    for name, written in rows("shared_districts_id.tsv"):
        found += [(name, code, prefix) for code, _, prefix in (home.partition(":") for home in written.split())]
    return [
        (name, Home(cities[code], province_of(cities[code], country), prefix or None, is_district=True))
        for name, code, prefix in found
    ]


def _towns(country: Country) -> list[tuple[str, Home]]:
    """Towns of one name in several Malaysian states."""
    if country == "ID":
        return []
    found: defaultdict[str, list[Home]] = defaultdict(list)
    for town, state, ranges in rows("towns_my.tsv"):
        found[town].append(Home(town, state, ranges.split()[0][:5], is_district=False))
    return [(town, home) for town, homes in found.items() if len(homes) > 1 for home in homes]
