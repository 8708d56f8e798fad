"""Which column fills which field: guessed from the headings in three languages, decided by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA
from ruamel.yaml import YAML

from ramah.desk.contacts.fields import FIELDS

HEADINGS = Path(__file__).parent / "headings.yml"
Columns = Mapping[int, str]


def guess(heading: Sequence[str]) -> dict[int, str]:
    """The field of each column whose heading says it, also where one letter is wrong; each field once."""
    known = _headings()
    found: dict[int, str] = {}
    for most_wrong in (0, 1):
        for number, words in enumerate(heading):
            field = _field(_plain(words), known, most_wrong)
            if field is not None and number not in found and field not in found.values():
                found[number] = field
    return found


def chosen(given: Mapping[str, str], width: int) -> dict[int, str]:
    """What a page sent: number of column to field. What is unknown, or fills a field a second time, is left out."""
    found: dict[int, str] = {}
    for number in range(width):
        field = given.get(str(number), "")
        if field in FIELDS and field not in found.values():
            found[number] = field
    return found


def _field(words: str, known: Mapping[str, str], most_wrong: int) -> str | None:
    if words in known:
        return known[words]
    if not most_wrong or len(words) < 5:
        return None
    best = process.extractOne(words, known.keys(), scorer=OSA.distance, score_cutoff=most_wrong)
    return known[best[0]] if best else None


def _plain(words: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", words.lower()))


@lru_cache(maxsize=1)
def _headings() -> dict[str, str]:
    loaded = YAML(typ="safe").load(HEADINGS.read_text(encoding="utf-8"))
    return {words: field for field, several in loaded.items() for words in several}
