"""What a complaint is about, from its words; and whether it says what happened or only that there is something."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ramah.support.models import Category

WORDS = Path(__file__).parent / "data" / "words.tsv"
MOST_TELLING = (Category.DAMAGE, Category.LATENESS, Category.BILLING, Category.STAFF, Category.QUALITY)
"""The first of these that is spoken of is the category: a dirty car with a scratch is a scratch."""

TELLS_FROM = 3
"""How many words beyond courtesies and the announcement make a description."""

_SAFETY, _ANNOUNCES, _FEELS, _LITTLE = "safety", "announces", "feels", "little"


def category_of(text: str) -> Category:
    """What the words complain of; what hurts somebody counts as damage."""
    words = _plain(text)
    if _kinds()[_SAFETY].search(words):
        return Category.DAMAGE
    return next((kind for kind in MOST_TELLING if _kinds()[kind].search(words)), Category.OTHER)


def endangers(text: str) -> bool:
    """Whether somebody's safety is spoken of."""
    return bool(_kinds()[_SAFETY].search(_plain(text)))


def tells_what_happened(text: str) -> bool:
    """Whether a complaint describes its matter ("mau komplain" does not)."""
    return (
        category_of(text) is not Category.OTHER
        or len(_without(text, _FEELS, _ANNOUNCES, _LITTLE).split()) >= TELLS_FROM
    )


def only_announces(text: str) -> bool:
    """Whether a text says that a complaint follows and neither its matter nor a feeling."""
    return not _without(text, _ANNOUNCES, _LITTLE)


def _without(text: str, *kinds: str) -> str:
    words = _plain(text)
    for kind in kinds:
        words = _kinds()[kind].sub(" ", words)
    return " ".join(words.split())


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


@cache
def _kinds() -> dict[str, re.Pattern[str]]:
    phrases: dict[str, list[str]] = {}
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, phrase = line.split("\t")
            phrases.setdefault(kind, []).append(phrase)
    return {kind: _pattern(found) for kind, found in phrases.items()}


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(one).replace(r"\*", r"\w*") for one in longest_first) + r")\b")
