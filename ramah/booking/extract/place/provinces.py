"""Provinces and states, and those of each city."""

from __future__ import annotations

from functools import cache

from ramah.booking.extract.data import rows
from ramah.booking.extract.place.found import Country

_UNLISTED: dict[Country, dict[str, str | None]] = {
    "ID": {"Jakarta": "DKI Jakarta"},
    "MY": {"George Town": "Pulau Pinang"},
}
"""Not in the lists of cities, but what people write."""


def province_of(city: str | None, country: Country) -> str | None:
    """The province or state of a city of the lists; None where its name stands in several, or is unknown."""
    return _provinces(country).get(city) if city else None


def province_named(name: str, country: Country) -> str | None:
    """The province or state of a name or short form: "jabar" is Jawa Barat."""
    return _spellings(country).get(" ".join(name.lower().split()))


@cache
def _provinces(country: Country) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for city, province in _pairs(country):
        found[city] = province if found.get(city, province) == province else None
    return found | _UNLISTED[country]


def _pairs(country: Country) -> list[tuple[str, str]]:
    if country == "MY":
        return [(town, state) for town, state, _ in rows("towns_my.tsv")]
    names = {code: name for code, name in rows("provinces_id.tsv")}  # noqa: C416  # rows are no pairs to mypy
    return [(city, names[code.partition(".")[0]]) for code, city, _ in rows("regencies_id.tsv")]


@cache
def _spellings(country: Country) -> dict[str, str]:
    found = {province.lower(): province for _, province in _pairs(country)}
    for listed, province, spellings in rows("province_spellings.tsv"):
        if listed == country:
            found.update(dict.fromkeys(spellings.split("|"), province))
    return found
