"""Labelled messages, from the tables in which sets of them come."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TEXTS = ("text", "review", "message", "sentence", "comment", "content", "tweet", "utterance")
LABELS = ("label", "emotion", "mood", "intent", "sentiment", "class", "category", "target")
IDENTIFIERS = ("id", "idx", "index")
NONE_OF_THEM = "neutral"
ENDINGS = {".tsv": "\t", ".csv": ",", ".txt": "\t"}


class TableUnreadable(Exception):
    """The table has no rows, no text or no label; the message says what was looked for."""


@dataclass(frozen=True)
class Labelled:
    """A message, its label, and how much it counts in training (1 is plain)."""

    text: str
    label: str
    weight: float = 1.0


def read_table(path: Path) -> list[Labelled]:
    """The messages of a CSV or TSV file, gzip or not.

    Columns are found by their names (``text``, "Customer Review", ``label``, ``emotion`` ...). Where several columns
    hold 0 and 1, the first with a 1 is the label and a row without any is neutral. A file without column names has
    the text first and the label second; of several labels ("3,5") the first counts.

    Raises:
        TableUnreadable: There are no rows, or no column that can be text or label.
    """
    rows = [row for row in _rows(path) if any(cell.strip() for cell in row)]
    if not rows:
        raise TableUnreadable(f"{path} has no rows")
    head = [cell.strip().lower() for cell in rows[0]]
    text = _column(head, TEXTS)
    found = list(_named(rows[1:], head, text) if text is not None else _nameless(rows, path))
    if not found:
        raise TableUnreadable(f"{path} has column names but no rows")
    return found


def _rows(path: Path) -> Iterator[list[str]]:
    zipped = path.suffix == ".gz"
    delimiter = ENDINGS.get(Path(path.stem).suffix if zipped else path.suffix, ",")
    reading = gzip.open if zipped else open
    with reading(path, "rt", encoding="utf-8-sig", newline="") as file:
        lines = (line.replace("\0", "") for line in file)
        # A quotation mark in a tab-separated file is a quotation mark; in a comma-separated one it holds commas.
        if delimiter == "\t":
            yield from csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        else:
            yield from csv.reader(lines, delimiter=delimiter)


def _column(head: Sequence[str], names: Sequence[str]) -> int | None:
    """The column of this name, else one whose name holds it ("customer review")."""
    for name in names:
        if name in head:
            return head.index(name)
    return next((at for name in names for at, cell in enumerate(head) if name in cell.split()), None)


def _named(rows: Sequence[Sequence[str]], head: Sequence[str], text: int) -> Iterator[Labelled]:
    label = _column(head, LABELS)
    flags = {} if label is not None else _flags(rows, head, text)
    if label is None and not flags:
        looked_for = f"{', '.join(LABELS)}, or columns of 0 and 1"
        raise TableUnreadable(f"no label among the columns {', '.join(head)}; looked for {looked_for}")
    for row in rows:
        if len(row) > max(text, label or 0, *flags):
            yield Labelled(row[text], row[label].strip() if label is not None else _first_flag(row, flags))


def _flags(rows: Sequence[Sequence[str]], head: Sequence[str], text: int) -> Mapping[int, str]:
    rest = [at for at in range(len(head)) if at != text and head[at] not in IDENTIFIERS]
    return {at: head[at] for at in rest if {row[at].strip() for row in rows if len(row) > at} <= {"0", "1"}}


def _first_flag(row: Sequence[str], flags: Mapping[int, str]) -> str:
    return next((name for at, name in flags.items() if row[at].strip() == "1"), NONE_OF_THEM)


def _nameless(rows: Sequence[Sequence[str]], path: Path) -> Iterator[Labelled]:
    if len(rows[0]) < 2:
        raise TableUnreadable(f"{path} has one column; looked for {', '.join(TEXTS)}, or text and label without names")
    for row in rows:
        if len(row) >= 2:
            yield Labelled(row[0], row[1].strip().partition(",")[0])
