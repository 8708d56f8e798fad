"""Which division a customer means: a number, a name, a keyword; or a likely one, to be asked about, never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from ramah.channels.degrade import NUMBER
from ramah.messaging.divisions.texts import LANGUAGES, spoken
from ramah.messaging.models import Division

CHOICE_SIGN = "/division:"
SHOW_MENU = "/divisions"
SHOW_PLACE = "/queue_place"
LEAST_SCORE = 70.0
CLOSE_BY = 12.0
"""Divisions whose score is that near to the best are asked about together."""
MOST_SUGGESTED = 3
LEAST_LETTERS = 4
_WORD = re.compile(r"\w+")
_MISSPELT = 85.0
_KEYWORD, _NAME, _DESCRIPTION = 100.0, 100.0, 80.0


def choice_payload(division_id: str) -> str:
    """What a tap on a division sends back."""
    return f"{CHOICE_SIGN}{division_id}"


def chosen_id(payload: str | None) -> str | None:
    """The division that a tap names."""
    return payload.removeprefix(CHOICE_SIGN) if payload and payload.startswith(CHOICE_SIGN) else None


def named(divisions: Sequence[Division], offered: Sequence[str], text: str) -> Division | None:
    """The one division that the text is: its number in the menu that was shown, its name, or one of its keywords."""
    number = NUMBER.fullmatch(text)
    if number is not None and 1 <= int(number.group(1)) <= len(offered):
        shown = offered[int(number.group(1)) - 1]
        return next((division for division in divisions if division.id == shown), None)
    typed = plain(text)
    exact = [one for one in divisions if typed and typed in {plain(one.name), *map(plain, one.keyword_triggers)}]
    return exact[0] if len(exact) == 1 else None


def likely(divisions: Sequence[Division], text: str) -> list[Division]:
    """The divisions that free text may be about, the most likely first; empty when nothing points to any."""
    words = plain(text).split()
    scored = [(score(one, words), one) for one in divisions if one.auto_detect_keywords]
    best = max((points for points, _ in scored), default=0.0)
    if best < LEAST_SCORE:
        return []
    near = [(points, one) for points, one in scored if points >= max(LEAST_SCORE, best - CLOSE_BY)]
    near.sort(key=lambda pair: -pair[0])
    return [one for _, one in near[:MOST_SUGGESTED]]


def score(division: Division, words: Sequence[str]) -> float:
    """0 to 100: how much the words speak of the division. Keywords and the name count more than the description."""
    keywords = [_phrase(plain(keyword), words) * _KEYWORD for keyword in division.keyword_triggers]
    name = _phrase(plain(division.name), words) * _NAME
    described = [word for word in plain(division.description).split() if len(word) >= LEAST_LETTERS]
    description = max((_likeness(word, words) for word in described), default=0.0) * _DESCRIPTION
    return max([name, description, *keywords])


def says(text: str, list_name: str) -> bool:
    """Whether the whole text is one of the words of ``words.yml``, in any of our languages."""
    typed = plain(text)
    return any(typed == plain(str(word)) for language in LANGUAGES for word in spoken(language)[list_name])


def plain(text: str) -> str:
    """Words in small letters with single blanks between them."""
    return " ".join(_WORD.findall(text.casefold()))


def _phrase(phrase: str, words: Sequence[str]) -> float:
    """0 to 1: how surely the phrase stands among the words, each of its own in its order."""
    parts = phrase.split()
    if not parts or all(part.isdecimal() for part in parts):
        return 0.0
    return min(_likeness(part, words) for part in parts)


def _likeness(wanted: str, words: Sequence[str]) -> float:
    return max((_alike(wanted, word) for word in words), default=0.0)


def _alike(wanted: str, word: str) -> float:
    """The same word, one with a prefix or suffix ("bayar" and "pembayaran"), or a misspelt one."""
    if wanted == word:
        return 1.0
    if min(len(wanted), len(word)) < LEAST_LETTERS:
        return 0.0
    if word in wanted or wanted in word:
        return 0.95
    ratio = fuzz.ratio(wanted, word)
    return ratio / 100 if ratio >= _MISSPELT else 0.0
