"""What people write, and the day and time they mean: one table for each language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ramah.booking.extract.moment import FoundDate, FoundTime, find_dates, find_times

TABLES = Path(__file__).parent / "phrases"
FRIDAY_MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ZONES = {"indonesian": "Asia/Jakarta", "malay": "Asia/Kuala_Lumpur", "english": "Asia/Jakarta"}
SMALLEST_TABLE, FEWEST_NEGATIVES = 100, 25


@dataclass(frozen=True)
class Row:
    """A line of a table."""

    language: str
    asked: str
    phrase: str
    dates: str
    times: str

    @property
    def now(self) -> datetime:
        return FRIDAY_MORNING.replace(tzinfo=ZoneInfo(ZONES[self.language]))


def read_table(language: str) -> Iterator[Row]:
    asked = "plain"
    for line in (TABLES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            asked = line.strip("[]")
        elif line and not line.startswith("#"):
            phrase, dates, times = (cell.strip() for cell in line.split("|"))
            yield Row(language, asked, phrase, dates, times)


def read_messages(name: str) -> list[str]:
    lines = (TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def written_dates(found: list[FoundDate]) -> str:
    cells = [
        ("" if day.exact else "~") + (f"{day.value:%m-%d}" if day.value.year == 2026 else f"{day.value:%Y-%m-%d}")
        for day in found
    ]
    return ", ".join(cells) or "-"


def written_times(found: list[FoundTime]) -> str:
    cells = [
        f"{'' if moment.exact else '~'}{moment.value:%H:%M} {moment.part_of_day or ''}".strip() for moment in found
    ]
    return ", ".join(cells) or "-"


ROWS = [row for language in ZONES for row in read_table(language)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language}-{row.asked}-{row.phrase}")
def test_it_reads_the_day_and_time_that_are_meant(row: Row) -> None:
    dates = find_dates(row.phrase, row.now, expected=row.asked == "date asked")
    times = find_times(row.phrase, row.now, expected=row.asked == "time asked")
    meant = "date" if row.asked == "date asked" else "time" if row.asked == "time asked" else "both"
    if meant != "time":
        assert written_dates(dates) == row.dates
    if meant != "date":
        assert written_times(times) == row.times


@pytest.mark.parametrize("message", read_messages("neither"))
def test_it_finds_nothing_where_nothing_is_said(message: str) -> None:
    now = FRIDAY_MORNING.replace(tzinfo=ZoneInfo("Asia/Jakarta"))
    assert (find_dates(message, now), find_times(message, now)) == ([], [])


@pytest.mark.parametrize(
    ("language", "message"),
    [(language, message) for language in ZONES for message in read_messages(f"neither_{language}")],
)
def test_it_finds_nothing_in_a_language_where_nothing_is_said(language: str, message: str) -> None:
    now = FRIDAY_MORNING.replace(tzinfo=ZoneInfo(ZONES[language]))
    assert (find_dates(message, now), find_times(message, now)) == ([], [])


@pytest.mark.parametrize("language", ZONES)
def test_each_language_has_a_table_of_some_size(language: str) -> None:
    assert len({row.phrase for row in read_table(language)}) >= SMALLEST_TABLE
    assert len(set(read_messages(f"neither_{language}"))) >= FEWEST_NEGATIVES
