"""What a row says, and why some rows become no contact."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ramah.desk.contacts.fields import readable
from ramah.desk.importing.columns import Columns
from ramah.desk.importing.reading import Line
from ramah.lib.errors import BadInput

LANGUAGES = {
    "id": "id", "indonesia": "id", "indonesian": "id", "bahasa indonesia": "id",
    "ms": "ms", "my": "ms", "malay": "ms", "melayu": "ms", "bahasa melayu": "ms", "malaysia": "ms",
    "en": "en", "english": "en", "inggris": "en", "inggeris": "en", "bahasa inggris": "en", "bahasa inggeris": "en",
}  # fmt: skip
BOTH_NAMES = 140


class Rejected(StrEnum):
    """Why a row is refused. The others are names of fields whose value cannot stand there."""

    NOBODY = "nobody"
    TWO_CONTACTS = "two_contacts"


@dataclass(frozen=True)
class Row:
    """A row as it would be imported: the values of its fields, or why it is refused."""

    line: Line
    values: dict[str, str]
    problem: str | None = None


def read_row(line: Line, columns: Columns, country: str) -> Row:
    """What a row says. Numbers without a country code are of ``country``."""
    values: dict[str, str] = {}
    for number, field in columns.items():
        written = line.cells[number]
        try:
            value = readable(field, _spoken(written) if field == "language" else written, country)
        except BadInput as error:
            return Row(line, values, error.code)
        if value is not None:
            values[field] = value
    if not values.keys() - {"language"}:
        return Row(line, values, Rejected.NOBODY)
    return Row(line, values)


def _spoken(written: str) -> str:
    return LANGUAGES.get(written.strip().lower(), written)
