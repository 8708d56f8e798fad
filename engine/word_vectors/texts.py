"""The sentences that vectors are learnt from, out of tables of any columns."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from engine.components.features import LONGEST_TEXT
from engine.components.normaliser import normalised_words

_SLOT = re.compile(r"\[\s*\w+\s*:\s*([^\]]*?)\s*\]")
MEASURED = 200  # rows that show which column holds the texts

Sentence = Sequence[str]


def texts_in(path: Path) -> list[str]:
    """The texts of a table (`.csv`, else tabs; gzip or not): its column with the longest ones."""
    rows = [row for row in _rows(path) if row]
    width = min((len(row) for row in rows[:MEASURED]), default=0)
    if not width:
        return []
    column = max(range(width), key=lambda place: sum(len(row[place]) for row in rows[:MEASURED]))
    return [row[column] for row in rows if len(row) > column]


def parallel_in(path: Path, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """The same sentence in several languages, a column each; marks of slots (`[day : friday]`) leave their words.

    Raises:
        ValueError: The table lacks one of the columns.
    """
    head, *rows = _rows(path)
    missing = sorted(set(columns) - set(head))
    if missing:
        raise ValueError(f"{path} has no column {', '.join(missing)}; it has {', '.join(head)}.")
    places = [head.index(column) for column in columns]
    return [tuple(_SLOT.sub(r"\1", row[place]) for place in places) for row in rows if len(row) == len(head)]


def sentences(texts: Iterable[str], left_out: Collection[str]) -> Iterator[Sentence]:
    """The words of each text as the classifier normalises them, but for the texts left out."""
    return (normalised_words(text[:LONGEST_TEXT]) for text in texts if text not in left_out)


def _rows(path: Path) -> list[list[str]]:
    is_packed = path.suffix == ".gz"
    is_csv = path.name.removesuffix(".gz").endswith(".csv")
    with gzip.open(path, "rt", encoding="utf-8") if is_packed else path.open(encoding="utf-8") as file:
        if is_csv:
            return list(csv.reader(file))
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
