"""Examples that stand twice, and examples of two intents that are nearly the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from engine.data_check.examples import Example
from engine.data_check.finding import Finding

NEARLY = 0.85
GRAM = 3
ROWS_AT_ONCE = 1000


def duplicates(examples: Sequence[Example]) -> Iterator[Finding]:
    """Examples that are the same but for capitals, punctuation and drawn-out letters.

    The same sentence in two languages of one intent is none: "ok" is said in all of them.
    """
    first: dict[str, list[Example]] = {}
    for example in examples:
        others = first.setdefault(example.normalised, [])
        for other in others:
            if other.intent != example.intent or other.language == example.language:
                yield _finding(example, "duplicate", f"stands already in {_named(other)}; keep one")
                break
        others.append(example)


def near_duplicates(examples: Sequence[Example]) -> Iterator[Finding]:
    """Examples of two intents that share nearly all their groups of three letters."""
    texts = sorted({example.normalised for example in examples})
    places: dict[str, list[Example]] = {text: [] for text in texts}
    for example in examples:
        places[example.normalised].append(example)
    for here, there in _close_pairs(texts):
        pairs = [(a, b) for a in places[texts[here]] for b in places[texts[there]] if a.intent != b.intent]
        for one, other in pairs[:1]:
            yield _finding(one, "near-duplicate", f"is nearly '{other.text}' in {_named(other)}; reword one")


def _close_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    grams = _grams_of(texts)
    sizes = np.asarray(grams.sum(axis=1)).ravel()
    for start in range(0, len(texts), ROWS_AT_ONCE):
        shared = (grams[start : start + ROWS_AT_ONCE] @ grams.T).tocoo()
        rows, columns = shared.row + start, shared.col
        close = (rows < columns) & (shared.data >= NEARLY * (sizes[rows] + sizes[columns] - shared.data))
        yield from zip(rows[close].tolist(), columns[close].tolist(), strict=True)


def _grams_of(texts: Sequence[str]) -> Any:
    known: dict[str, int] = {}
    rows, columns = [], []
    for row, text in enumerate(texts):
        padded = f" {text} "
        for gram in {padded[start : start + GRAM] for start in range(max(1, len(padded) - GRAM + 1))}:
            rows.append(row)
            columns.append(known.setdefault(gram, len(known)))
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(texts), max(1, len(known))))


def _named(example: Example) -> str:
    return f"{example.place} ({example.intent})"


def _finding(example: Example, check: str, message: str) -> Finding:
    return Finding(example.path, example.line, check, example.text, f"'{example.text}' ({example.intent}) {message}")
