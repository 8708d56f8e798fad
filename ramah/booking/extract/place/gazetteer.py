"""Cities, districts and shared names of quarters in Indonesia and Malaysia."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ramah.booking.extract.data import lines, name_kinds, ordinary_words, rows
from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.homes import Home, shared_names

Kind = Literal["city", "area", "district", "shared", "province", "state"]

_LONGEST_KNOWN = 60
_LONGEST_INITIALS = 4
_SHORTEST_JOINED = 8
"""Letters of a name that is recognised without its blanks ("kebonjeruk")."""


@dataclass(frozen=True)
class Place:
    """A named place and its city (None: a state, or a name that ``homes`` share).

    ``is_word``: also an everyday word or a person's name.
    """

    name: str
    city: str | None
    kind: Kind
    is_word: bool
    homes: tuple[Home, ...] = ()


def place_key(name: str) -> str:
    """Lower-case words of a name with single blanks."""
    return " ".join(re.findall(r"[^\W_]+", name.lower()))


@cache
def places(country: Country) -> dict[str, Place]:
    """Places of a country by their key. Where a name is several, the larger one counts."""
    found: dict[str, Place] = {}
    for name, city, kind in [*_aliases(country), *_cities(country)]:
        _add(found, name, city, kind)
    for name, homes in shared_names(country).items():
        _add(found, name, None, "shared", homes)
    for name, city, kind in _districts(country):
        _add(found, name, city, kind)
    return found


def find_place(name: str, country: Country) -> Place | None:
    """The place of a name, also in a short form ("ps minggu", "sg buloh") or written together ("kebonjeruk")."""
    key = place_key(name)
    found = places(country).get(key) or _one_spelling_places(country).get(one_spelling(key, country))
    if found is None and len(key) >= _SHORTEST_JOINED:
        found = _joined_places(country).get(key.replace(" ", ""))
    return found


def one_spelling(key: str, country: Country) -> str:
    """A key with short forms and old spellings replaced: "tg malim" and "tanjong malim" become "tanjung malim"."""
    meant = _short_words(country)
    return " ".join(meant.get(word, word) for word in key.split())


def shown_name(name: str) -> str:
    """A name as typed, but names of places begin with capitals."""
    words = name.split()
    return " ".join(
        word.capitalize() if word.islower() or (word.isupper() and len(word) > _LONGEST_INITIALS) else word
        for word in words
    )


def is_city(phrase: str) -> bool:
    """The name of a city of either country that is no everyday word."""
    key = place_key(phrase)
    found = [places("ID").get(key), places("MY").get(key)]
    return any(place and place.kind in ("city", "area", "province") and not place.is_word for place in found)


def is_named(phrase: str) -> bool:
    """The whole name of a city or district of either country."""
    key = place_key(phrase)
    return key in places("ID") or key in places("MY")


def is_known(text: str) -> bool:
    """Whether a text begins with the name of a shared quarter of either country, which is more than everyday words."""
    words = re.findall(r"[^\W_]+", text[:_LONGEST_KNOWN].split("\n")[0])
    names = [" ".join(words[:size]) for size in (4, 3, 2)]
    found = [(name, find_place(name, country)) for name in names for country in ("ID", "MY")]
    return any(place is not None and place.kind == "shared" for _, place in found)


def is_place(word: str) -> bool:
    """A word in the name of any city or district."""
    return word in _place_words()


def _add(found: dict[str, Place], name: str, city: str | None, kind: Kind, homes: tuple[Home, ...] = ()) -> None:
    key = place_key(name)
    word = key in ordinary_words() or key in name_kinds() or len(key) <= 2
    found.setdefault(key, Place(name, city, kind, word and kind != "state", homes))


@cache
def _place_words() -> frozenset[str]:
    countries: tuple[Country, ...] = ("ID", "MY")
    return frozenset(word for country in countries for key in places(country) for word in key.split())


@cache
def _one_spelling_places(country: Country) -> dict[str, Place]:
    return _first_of_each((one_spelling(key, country), place) for key, place in places(country).items())


@cache
def _joined_places(country: Country) -> dict[str, Place]:
    joined = ((key.replace(" ", ""), place) for key, place in places(country).items())
    return _first_of_each((key, place) for key, place in joined if len(key) >= _SHORTEST_JOINED)


def _first_of_each(pairs: Iterable[tuple[str, Place]]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for key, place in pairs:
        found.setdefault(key, place)
    return found


@cache
def _short_words(country: Country) -> dict[str, str]:
    return {short: meant for listed, short, meant in rows("place_short_words.tsv") if listed == country}


def _cities(country: Country) -> list[tuple[str, str, Kind]]:
    if country == "MY":
        shared = shared_names("MY")
        return [(town, town, "city") for town, _, _ in rows("towns_my.tsv") if town not in shared]
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


@cache
def malaysian_districts() -> dict[str, str]:
    """The districts (daerah) of Malaysia by their key."""
    return {place_key(name): name for name in lines("districts_my.txt")}
