"""Names as people write them in their messages: one table for each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.person import FoundName, find_name

TABLES = Path(__file__).parent / "messages"
LANGUAGES = ("indonesian", "malay", "english")
ASKED: dict[str, Literal["full", "last"] | None] = {"plain": None, "name asked": "full", "last name asked": "last"}
SMALLEST_TABLE = 100
FEWEST_WITHOUT_A_NAME = 25


@dataclass(frozen=True)
class Row:
    """A line of a table; no cells where there is no name."""

    language: str
    asked: str
    message: str
    cells: tuple[str, ...]

    @property
    def found(self) -> FoundName | None:
        return find_name(self.message, expected=ASKED[self.asked])


def read_table(language: str) -> Iterator[Row]:
    asked = "plain"
    for line in (TABLES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            asked = line.strip("[]")
        elif line and not line.startswith("#"):
            message, *cells = (cell.strip() for cell in line.split("|"))
            yield Row(language, asked, message.replace("\\n", "\n"), tuple(cells))


def written(found: FoundName | None) -> tuple[str, ...]:
    parts = (found.first, found.last, found.title) if found else (None, None, None)
    return tuple(part or "-" for part in parts)


ROWS = [row for language in LANGUAGES for row in read_table(language)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language}-{row.asked}-{row.message}")
def test_it_reads_the_name_that_is_meant(row: Row) -> None:
    assert written(row.found) == row.cells


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language}-{row.asked}-{row.message}")
def test_the_name_stands_where_it_is_marked(row: Row) -> None:
    found = row.found
    if found:
        marked = row.message[found.start : found.end].lower()
        assert all(word.rstrip(".").lower() in marked for word in found.first.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_a_table_of_some_size(language: str) -> None:
    rows = list(read_table(language))
    assert len({row.message for row in rows}) >= SMALLEST_TABLE
    assert len({row.message for row in rows if set(row.cells) == {"-"}}) >= FEWEST_WITHOUT_A_NAME


PARTS = st.one_of(
    st.sampled_from(ROWS).flatmap(lambda row: st.integers(0, len(row.message)).map(lambda cut: row.message[cut:])),
    st.text(max_size=6),
)
TORN = st.lists(PARTS, max_size=5).map("".join)


@settings(max_examples=300, deadline=None)
@given(TORN, st.sampled_from(list(ASKED.values())))
def test_torn_and_mixed_messages_give_a_name_inside_the_text_or_none(
    message: str, asked: Literal["full", "last"] | None
) -> None:
    found = find_name(message, expected=asked)
    assert found is None or 0 <= found.start < found.end <= len(message)
