"""The parts of addresses as customers type them: one table for each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.place import FoundAddress, find_address
from ramah.booking.extract.place.candidates import MOST_CANDIDATES
from ramah.booking.extract.place.found import Country
from ramah.booking.extract.place.postcodes import Expected

TABLES = Path(__file__).parent / "messages"
LANGUAGES = ("indonesian", "malay", "english")
SMALLEST_TABLE, FEWEST_NEGATIVES = 100, 25
COLUMNS = ("street", "number", "unit", "neighbourhood", "district", "city", "postcode", "landmark", "candidates")


@dataclass(frozen=True)
class Row:
    """A line of a table; ``cells`` are None where nothing may be found."""

    language: str
    country: Country
    asked: Expected | None
    message: str
    cells: tuple[str, ...] | None

    def __str__(self) -> str:
        return f"{self.language}-{self.country}-{self.asked}-{self.message}"


def read_table(language: str) -> Iterator[Row]:
    country, asked = "ID", "plain"
    for line in (TABLES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            country, asked, *_ = line.strip("[]").split()
        elif line and not line.startswith("#"):
            message, *cells = (cell.strip().replace("\\n", "\n") for cell in line.split(" | "))
            expected = cast("Expected", asked) if asked in get_args(Expected) else None
            yield Row(language, cast("Country", country), expected, message, tuple(cells) or None)


def written(found: FoundAddress) -> tuple[str, ...]:
    cities = [candidate.city for candidate in found.candidates]
    shown = [item.label if cities.count(item.city) > 1 else item.city for item in found.candidates]
    postcode = ("!" if found.doubtful_postcode else "") + found.postcode if found.postcode else None
    parts = (found.street, found.number, found.unit, found.neighbourhood, found.district, found.city)
    return tuple(cell or "-" for cell in (*parts, postcode, found.landmark, " / ".join(shown)))


ROWS = [row for language in LANGUAGES for row in read_table(language)]


@pytest.mark.parametrize("row", [row for row in ROWS if row.cells], ids=str)
def test_it_tells_the_parts_of_an_address_apart(row: Row) -> None:
    found = find_address(row.message, row.country, expected=row.asked)
    assert found is not None
    assert dict(zip(COLUMNS, written(found), strict=True)) == dict(zip(COLUMNS, row.cells or (), strict=True))
    assert all(0 <= start < end <= len(row.message) for start, end in found.spans)


@pytest.mark.parametrize("row", [row for row in ROWS if row.cells is None], ids=str)
def test_it_finds_no_address_where_none_is_said(row: Row) -> None:
    assert find_address(row.message, row.country, expected=row.asked) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_a_table_of_some_size(language: str) -> None:
    rows = list(read_table(language))
    assert sum(row.cells is not None for row in rows) >= SMALLEST_TABLE
    assert sum(row.cells is None for row in rows) >= FEWEST_NEGATIVES


PIECES = [cell for row in ROWS for cell in row.message.split(" ")]
COUNTRIES: st.SearchStrategy[Country] = st.sampled_from(["ID", "MY"])
ASKED: st.SearchStrategy[Expected | None] = st.sampled_from([None, *get_args(Expected)])
JUMBLED = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=16).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(message=st.one_of(JUMBLED, st.text(max_size=80)), country=COUNTRIES, asked=ASKED)
def test_the_parts_of_any_text_hang_together(message: str, country: Country, asked: Expected | None) -> None:
    found = find_address(message, country, expected=asked)
    if found is None:
        return
    assert found.spans
    assert all(0 <= start < end <= len(message) for start, end in found.spans)
    assert len(found.candidates) <= MOST_CANDIDATES
    assert not (found.city and found.candidates)
    assert len({candidate.label for candidate in found.candidates}) == len(found.candidates) != 1
    assert found.number is None or (found.street is not None and found.number in found.street)
    assert not found.doubtful_postcode or (found.postcode and found.city)
