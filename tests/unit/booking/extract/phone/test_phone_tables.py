"""Phone numbers as people write them in their messages: one table for each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.booking.extract.phone import FoundPhone, find_phone
from ramah.booking.extract.phone.finding import Country

TABLES = Path(__file__).parent / "messages"
LANGUAGES: dict[str, Country] = {"indonesian": "ID", "malay": "MY", "english": "ID"}
COUNTRIES: dict[str, Country] = {"Indonesia": "ID", "Malaysia": "MY"}
SMALLEST_TABLE = 100
FEWEST_WITHOUT_A_NUMBER = 25


@dataclass(frozen=True)
class Row:
    """A line of a table; no number ("-") where there is none."""

    language: str
    country: Country
    message: str
    e164: str

    @property
    def found(self) -> FoundPhone | None:
        return find_phone(self.message, self.country)


def read_table(language: str) -> Iterator[Row]:
    country = LANGUAGES[language]
    for line in (TABLES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            country = COUNTRIES[line.strip("[]")]
        elif line and not line.startswith("#"):
            message, e164 = (cell.strip() for cell in line.rsplit("|", 1))
            yield Row(language, country, message.replace("\\n", "\n"), e164)


ROWS = [row for language in LANGUAGES for row in read_table(language)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language}-{row.country}-{row.message}")
def test_it_reads_the_number_that_is_meant(row: Row) -> None:
    found = row.found
    assert (found.e164 if found else "-") == row.e164


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language}-{row.country}-{row.message}")
def test_no_word_stands_where_the_number_is_marked(row: Row) -> None:
    found = row.found
    if found:
        marked = row.message[found.start : found.end]
        assert sum(sign.isdigit() for sign in marked) >= len(marked) // 2
        assert not any(sign.isalpha() for sign in marked if sign not in "oOlI")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_a_table_of_some_size(language: str) -> None:
    rows = list(read_table(language))
    assert len({row.message for row in rows}) >= SMALLEST_TABLE
    assert len({row.message for row in rows if row.e164 == "-"}) >= FEWEST_WITHOUT_A_NUMBER


PARTS = st.one_of(
    st.sampled_from(ROWS).flatmap(lambda row: st.integers(0, len(row.message)).map(lambda cut: row.message[cut:])),
    st.text(max_size=6),
)
TORN = st.lists(PARTS, max_size=5).map("".join)


@settings(max_examples=300, deadline=None)
@given(TORN, st.sampled_from(list(COUNTRIES.values())))
def test_torn_and_mixed_messages_give_a_number_inside_the_text_or_none(message: str, country: Country) -> None:
    found = find_phone(message, country)
    assert found is None or 0 <= found.start < found.end <= len(message)
