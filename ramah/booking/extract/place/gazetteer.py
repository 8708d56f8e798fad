"""Cities, districts and postcodes of Indonesia and Malaysia."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ramah.booking.extract.data import name_kinds, ordinary_words, rows
from ramah.booking.extract.place.found import Country

Kind = Literal["city", "area", "district", "province", "state"]


@dataclass(frozen=True)
class Place:
    """A named place and its city (None: a state). ``is_word``: also an everyday word or a person's name."""

    city: str | None
    kind: Kind
    is_word: bool


def place_key(name: str) -> str:
    """Lower-case words of a name with single blanks."""
    return " ".join(re.findall(r"[^\W_]+", name.lower()))


@cache
def places(country: Country) -> dict[str, Place]:
    """Places of a country by their key. Where a name is several, the larger one counts."""
    found: dict[str, Place] = {}
    for name, city, kind in [*_aliases(country), *_cities(country), *_districts(country)]:
        key = place_key(name)
        word = key in ordinary_words() or key in name_kinds() or len(key) <= 2
        found.setdefault(key, Place(city, kind, word and kind != "state"))
    return found


@cache
def postcodes(country: Country) -> dict[str, str | None]:
    """The city of each postcode; None where the code is shared by several."""
    found: dict[str, str | None] = {}
    for city, ranges in _postcode_rows(country):
        for code in _expanded(ranges):
            found[code] = None if found.get(code, city) != city else city
    return found


@cache
def known_heads(country: Country) -> frozenset[str]:
    """The first three digits that postcodes of the country have."""
    return frozenset(code[:3] for code in postcodes(country))


def is_city(phrase: str) -> bool:
    """The name of a city of either country that is no everyday word."""
    key = place_key(phrase)
    found = [places("ID").get(key), places("MY").get(key)]
    return any(place and place.kind in ("city", "area", "province") and not place.is_word for place in found)


def is_named(phrase: str) -> bool:
    """The whole name of a city or district of either country."""
    key = place_key(phrase)
    return key in places("ID") or key in places("MY")


def is_place(word: str) -> bool:
    """A word in the name of any city or district."""
    return word in _place_words()


@cache
def _place_words() -> frozenset[str]:
    countries: tuple[Country, ...] = ("ID", "MY")
    return frozenset(word for country in countries for key in places(country) for word in key.split())


def _cities(country: Country) -> list[tuple[str, str, Kind]]:
    if country == "MY":
        return [(town, town, "city") for town, _ in rows("towns_my.tsv")]
    return [(city, city, "city") for _, city, _ in rows("regencies_id.tsv")]


def _aliases(country: Country) -> list[tuple[str, str | None, Kind]]:
    found: list[tuple[str, str | None, Kind]] = []
    for listed, kind, city, spellings in rows("place_aliases.tsv"):
        if listed == country:
            for spelling in filter(None, spellings.split("|")):
                found.append((spelling, None if kind == "state" else city, _kind(kind)))
            if kind == "city":
                found.append((city, city, "city"))
    return found


def _kind(written: str) -> Kind:
    kinds: dict[str, Kind] = {"city": "city", "area": "area", "province": "province", "state": "state"}
    return kinds[written]


def _districts(country: Country) -> list[tuple[str, str, Kind]]:
    if country == "MY":
        return []
    cities = {code: city for code, city, _ in rows("regencies_id.tsv")}
    return [(name, cities[code], "district") for code, names in rows("districts_id.tsv") for name in names.split("|")]


def _postcode_rows(country: Country) -> list[tuple[str, str]]:
    if country == "ID":
        return [(city, ranges) for _, city, ranges in rows("regencies_id.tsv")]
    return [(town, ranges) for town, ranges in rows("towns_my.tsv")]


def _expanded(ranges: str) -> list[str]:
    codes: list[str] = []
    for part in ranges.split():
        first, _, last = part.partition("-")
        codes += [f"{code:05d}" for code in range(int(first), int(last or first) + 1)]
    return codes
