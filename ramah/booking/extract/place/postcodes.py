"""Postcodes and the cities they belong to."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Literal

from ramah.booking.extract.data import rows
from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.provinces import province_of

Expected = Literal["street", "city", "postcode"]
FoundPostcode = tuple[str, tuple[int, int]]

_POSTCODE = re.compile(r"(?<![\w+/.:#-])(?<!\d,)(\d{5})(?![\w/%]|[.,:]\d|-\d)")
_ANNOUNCED = re.compile(
    r"(?:kode\s*pos|kodepos|kdpos|poskod|post\s*code|postal(?:\s*code)?|zip(?:\s*code)?)(?:nya)?\W{0,3}(?:is|nya|adalah|ialah|saya)?\W{0,3}$",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:rp|rm|idr|myr|\$)\W{0,2}$", re.IGNORECASE)
_UNIT_AFTER = re.compile(r"\s*(?:ribu|rb|rupiah|ringgit|km|k\b|kilo|rm|rp|perak|sen\b)", re.IGNORECASE)
_HEAD, _SORTING_REGION = 3, 2
"""Digits that the postcodes of a neighbourhood, and of a sorting region, have in common."""
_KLANG_VALLEY = {"Kuala Lumpur", "Selangor", "Putrajaya"}
"""One city to those who live there: "Damansara, KL" has a postcode of Selangor."""


@cache
def postcode_cities(country: Country) -> dict[str, tuple[str, ...]]:
    """The cities of each postcode."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for city, ranges in _postcode_rows(country):
        for code in _expanded(ranges):
            if city not in found[code]:
                found[code].append(city)
    return {code: tuple(cities) for code, cities in found.items()}


@cache
def known_heads(country: Country) -> frozenset[str]:
    """The first three digits that postcodes of the country have."""
    return frozenset(code[:_HEAD] for code in postcode_cities(country))


def find_postcode(text: str, country: Country, *, expected: Expected | None, evidence: bool) -> FoundPostcode | None:
    """The last number that is a postcode: a listed one beside an address, or one of the country that was announced."""
    for match in reversed(list(_POSTCODE.finditer(text))):
        before = text[: match.start()]
        if _MONEY_BEFORE.search(before) or _UNIT_AFTER.match(text, match.end()) or not match[1].isascii():
            continue
        announced = _ANNOUNCED.search(before)
        listed = match[1] in postcode_cities(country)
        asked = expected == "postcode" or announced is not None
        if (listed and (evidence or expected)) or (asked and match[1][:_HEAD] in known_heads(country)):
            return match[1], ((announced.start() if announced else match.start()), match.end())
    return None


def is_doubtful(code: str, city: str, country: Country) -> bool:
    """Whether a postcode belongs to another city. A city that the lists lack is never doubted."""
    if country == "MY":
        return _is_of_other_state(code, city)
    mine = _regions().get(_bare(city))
    listed = postcode_cities("ID").get(code)
    if mine is None:
        return False
    if listed is None:
        return code[:_SORTING_REGION] not in mine
    return all(not is_same_city(city, other) for other in listed)


def _is_of_other_state(code: str, city: str) -> bool:
    state = province_of(city, "MY")
    states = {province_of(town, "MY") for town in postcode_cities("MY").get(code, ())}
    if state is None or not states or None in states or state in states:
        return False
    return not (state in _KLANG_VALLEY and states & _KLANG_VALLEY)


def is_same_city(city: str | None, other: str | None) -> bool:
    """City and regency of one name count as one, as people seldom tell them apart; so do Jakarta and its parts."""
    if city is None or other is None:
        return city == other
    return _bare(city) == _bare(other) or ("Jakarta" in {city, other} and city[:7] == other[:7])


def _bare(city: str) -> str:
    return city.removeprefix("Kabupaten ")


@cache
def _regions() -> dict[str, frozenset[str]]:
    """The first two digits of the postcodes of each Indonesian city."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for code, cities in postcode_cities("ID").items():
        for city in cities:
            found[_bare(city)].add(code[:_SORTING_REGION])
            if city.startswith("Jakarta"):
                found["Jakarta"].add(code[:_SORTING_REGION])
    return {city: frozenset(heads) for city, heads in found.items()}


def _postcode_rows(country: Country) -> list[tuple[str, str]]:
    if country == "ID":
        return [(city, ranges) for _, city, ranges in rows("regencies_id.tsv")]
    return [(town, ranges) for town, _, ranges in rows("towns_my.tsv")]


def _expanded(ranges: str) -> list[str]:
    codes: list[str] = []
    for part in ranges.split():
        first, _, last = part.partition("-")
        codes += [f"{code:05d}" for code in range(int(first), int(last or first) + 1)]
    return codes
