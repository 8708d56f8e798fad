"""From the bytes of a file to rows of cells, as spreadsheets write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from ramah.lib.errors import BadInput
from ramah.lib.spreadsheets import unquoted

LARGEST_FILE = 3 * 1024 * 1024
"""Bytes."""
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 500
SEPARATORS = (";", ",", "\t", "|")
LOOKED_AT = 20
"""Lines by which the separator is told."""
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Line:
    """One row under the heading. ``number`` is its line as a spreadsheet counts them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A file as a table. Empty rows are left out."""

    heading: tuple[str, ...]
    lines: Sequence[Line]


def read_sheet(content: bytes) -> Sheet:
    """The table in a file: UTF-8 with or without its mark, UTF-16 with one, else Windows-1252; cells apart by
    ``;`` ``,`` ``|`` or tabs.

    Raises BadInput, with a code, for a file that is too large, empty, or no table."""
    if len(content) > LARGEST_FILE:
        raise BadInput("the file is too large", code="too_large")
    text = _decoded(content)
    text, separator = _separator(text)
    rows = _rows(text, separator)
    if not rows:
        raise BadInput("the file has no rows", code="no_rows")
    heading, *lines = rows
    if len(lines) > MOST_ROWS:
        raise BadInput("the file has too many rows", code="too_many_rows")
    if not lines:
        raise BadInput("the file has no rows", code="no_rows")
    width = max(len(heading.cells), *(len(line.cells) for line in lines))
    if width > MOST_COLUMNS:
        raise BadInput("the file has too many columns", code="no_table")
    padded = [Line(line.number, line.cells + ("",) * (width - len(line.cells))) for line in lines]
    return Sheet(heading.cells + ("",) * (width - len(heading.cells)), padded)


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # What Excel writes in Indonesia and Malaysia unless asked otherwise; five bytes mean nothing in it.
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise BadInput("this is no text file", code="no_table")
    return text


def _separator(text: str) -> tuple[str, str]:
    """The text without a line that names the separator, and the separator."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return rest, first.strip()[4]
    return text, max(SEPARATORS, key=lambda sign: _regularity(text, sign))


def _regularity(text: str, separator: str) -> tuple[int, int]:
    """How many of the first rows have as many cells as the heading, where that is more than one; and how many cells."""
    start = "\n".join(text.splitlines()[:LOOKED_AT])
    widths = [len(row) for row in csv.reader(io.StringIO(start), delimiter=separator) if row]
    if not widths or widths[0] < 2:
        return 0, 0
    return widths.count(widths[0]), widths[0]


def _rows(text: str, separator: str) -> list[Line]:
    found: list[Line] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            cells = tuple(_cell(one) for one in row)
            if any(cells):
                found.append(Line(reader.line_num, cells))
            if len(found) > MOST_ROWS + 1:
                break
    except csv.Error as error:
        raise BadInput("this is no table", code="no_table") from error
    return found


def _cell(text: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST_CELL])
    return unquoted(" ".join(plain.split()))
