"""Cars as people write of them in their messages: one table for each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.data import rows
from ramah.booking.extract.vehicle import FoundVehicle, find_vehicle

TABLES = Path(__file__).parent / "messages"
LANGUAGES = ("indonesian", "malay", "english")
ASKED: dict[str, Literal["car", "year", "plate"] | None] = {
    "plain": None,
    "car asked": "car",
    "year asked": "year",
    "plate asked": "plate",
}
THIS_YEAR = 2026
SMALLEST_TABLE = 100
FEWEST_WITHOUT_A_CAR = 25


@dataclass(frozen=True)
class Row:
    """A line of a table: make, model, year, colour and plate, each "-" where it is not said."""

    language: str
    asked: str
    message: str
    cells: tuple[str, ...]

    @property
    def found(self) -> FoundVehicle | None:
        return find_vehicle(self.message, expected=ASKED[self.asked], this_year=THIS_YEAR)


def read_table(language: str) -> Iterator[Row]:
    asked = "plain"
    for line in (TABLES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            asked = line.strip("[]")
        elif line and not line.startswith("#"):
            message, *cells = (cell.strip() for cell in line.split("|"))
            yield Row(language, asked, message.replace("\\n", "\n"), tuple(cells))


def written(found: FoundVehicle | None) -> tuple[str, ...]:
    parts = (found.make, found.model, found.year, found.colour, found.plate) if found else (None,) * 5
    return tuple(str(part or "-") for part in parts)


ROWS = [row for language in LANGUAGES for row in read_table(language)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language}-{row.asked}-{row.message}")
def test_it_reads_the_car_that_is_meant(row: Row) -> None:
    assert written(row.found) == row.cells


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language}-{row.asked}-{row.message}")
def test_the_plate_and_the_year_stand_where_the_car_is_marked(row: Row) -> None:
    found = row.found
    if found:
        marked = "".join(row.message[start:end] for start, end in found.spans).upper()
        assert found.plate is None or found.plate.replace(" ", "") in "".join(filter(str.isalnum, marked))
        assert found.year is None or str(found.year)[2:] in marked


def test_the_tables_hold_the_everyday_colours() -> None:
    canonical = {row[0] for row in rows("colours.tsv")}
    told = {row.cells[3] for row in ROWS} - {"-"}
    assert told <= canonical
    assert told >= {"black", "white", "silver", "grey", "red", "blue", "green", "yellow", "brown", "gold", "maroon"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_a_table_of_some_size(language: str) -> None:
    table = list(read_table(language))
    assert len({row.message for row in table}) >= SMALLEST_TABLE
    assert len({row.message for row in table if set(row.cells) == {"-"}}) >= FEWEST_WITHOUT_A_CAR


PARTS = st.one_of(
    st.sampled_from(ROWS).flatmap(lambda row: st.integers(0, len(row.message)).map(lambda cut: row.message[cut:])),
    st.text(max_size=6),
)
TORN = st.lists(PARTS, max_size=5).map("".join)


@settings(max_examples=300, deadline=None)
@given(TORN, st.sampled_from(list(ASKED.values())))
def test_torn_and_mixed_messages_give_a_car_inside_the_text_or_none(
    message: str, asked: Literal["car", "year", "plate"] | None
) -> None:
    found = find_vehicle(message, expected=asked, this_year=THIS_YEAR)
    assert found is None or found.spans
    assert found is None or all(0 <= start < end <= len(message) for start, end in found.spans)
