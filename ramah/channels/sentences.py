"""What went wrong with a message, in words for the people who read the console: one sentence and one next step.

The words are in ``ramah/channels/<kind>/errors.yml``, a mapping from the provider's code (or a range, ``200-299``) to
``{id: [sentence, step], ms: [...], en: [...]}``, and in ``ramah/channels/outcomes.yml``, the same by ``SendOutcome``
with a line ``general`` for everything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter
from ruamel.yaml import YAML

Language = Literal["id", "ms", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "ms", "en")
FALLBACK_LANGUAGE: Language = "en"
GENERAL = "general"

_FOLDER = Path(__file__).parent
_KIND = re.compile(r"[a-z][a-z0-9_]*")
_RANGE = re.compile(r"([0-9]+)-([0-9]+)")
_NUMBER = re.compile(r"[0-9]{1,18}")
_FORMAT = TypeAdapter(dict[str, dict[Language, tuple[str, str]]])


@dataclass(frozen=True)
class Explanation:
    """One plain sentence about what happened, and one about what to do next."""

    sentence: str
    next_step: str


def explain(kind: str, code: str | None, outcome: str | None, language: str) -> Explanation:
    """Why a message of a channel of this kind did not pass: by the provider's code, else by the outcome.

    An unknown language is answered in English. Raises pydantic.ValidationError when a file of words is malformed.
    """
    spoken = language if language in LANGUAGES else FALLBACK_LANGUAGE
    by_outcome = words_in(_FOLDER / "outcomes.yml")
    found = _by_code(kind, code) or by_outcome.get(outcome or "") or by_outcome[GENERAL]
    return found[spoken]


@cache
def words_in(path: Path) -> dict[str, dict[Language, Explanation]]:
    """The explanations of one file, by code or range. Raises pydantic.ValidationError when it is malformed."""
    read = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    checked = _FORMAT.validate_python({str(key): value for key, value in read.items()})
    return {key: {name: Explanation(*pair) for name, pair in entry.items()} for key, entry in checked.items()}


def _by_code(kind: str, code: str | None) -> dict[Language, Explanation] | None:
    path = _FOLDER / kind / "errors.yml"
    if code is None or not _KIND.fullmatch(kind) or not path.is_file():
        return None
    words = words_in(path)
    return words.get(code) or next((entry for key, entry in words.items() if _covers(key, code)), None)


def _covers(key: str, code: str) -> bool:
    bounds = _RANGE.fullmatch(key)
    if bounds is None or not _NUMBER.fullmatch(code):
        return False
    return int(bounds[1]) <= int(code) <= int(bounds[2])
