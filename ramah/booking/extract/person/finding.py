"""Finds the customer's name in a message."""

from __future__ import annotations

import re
from typing import Literal

from ramah.booking.extract.data import word_set
from ramah.booking.extract.person.casing import CONNECTORS, SHORT_BIN, clean_word, restore_capitals
from ramah.booking.extract.person.found import FoundName
from ramah.booking.extract.person.introductions import (
    BEHIND,
    CUSTOMARY,
    FIRST_PART,
    LAST_PART,
    NAME_OF_ANOTHER,
    NO_LAST_NAME,
    OF_ANOTHER,
    STRONG,
    WEAK,
)
from ramah.booking.extract.person.lexicon import is_chinese_order, is_everyday, is_spoken, is_stop
from ramah.booking.extract.person.reading import NameWords, Trust, read_name
from ramah.booking.extract.words import Word, split_words, without_markup

LONGEST_PART = 60
"""Characters of a first or last name; longer runs are no names."""
_LONGEST_TEXT = 1_000
_MOST_PLAIN = 2
_MOST_TRIES = 12
"""Introductions that are read, from the last one; a message with more is no introduction."""

_INTRODUCTIONS = (
    (STRONG, Trust.STRONG, NAME_OF_ANOTHER),
    (WEAK, Trust.WEAK, OF_ANOTHER),
    (CUSTOMARY, Trust.BARE, OF_ANOTHER),
)
_END_OF_CLAUSE = re.compile(r"[,;\n\r!?]|\.\s")
_CLAUSE = re.compile(r"(?:(?!(?<=\w{5})\.\s|\s[-–|]\s)[^,;\n\r!?()\"“”…])+[?]?|\.\s")


def find_name(text: str, *, expected: Literal["full", "last"] | None = None) -> FoundName | None:
    """The name that ``text`` introduces, or, where a name was asked for, gives as a bare answer.

    Titles are stripped and kept, capitals restored; a single name has no ``last``. With ``expected="last"`` a bare
    answer is the last name; all of it stands in ``first``. None when there is no name.
    """
    clean = without_markup(text[:_LONGEST_TEXT])
    return _in_parts(clean, expected) or _introduced(clean) or (_bare(clean, expected) if expected else None)


def _in_parts(text: str, expected: str | None) -> FoundName | None:
    """First and last name announced each by its own ("nama depan Budi, belakang Santoso")."""
    first, last = _announced(text, FIRST_PART), _announced(text, LAST_PART)
    if first and last:
        start, end = min(first.start, last.start), max(first.end, last.end)
        return FoundName(
            _shown(text, first, leads=True), _shown(text, last, leads=False), first.title, start, end, True
        )
    if first:
        return FoundName(_shown(text, first, leads=True), None, first.title, first.start, first.end, True)
    if last and expected == "last":
        return FoundName(_shown(text, last, leads=False), None, last.title, last.start, last.end, False)
    return None


def _announced(text: str, pattern: re.Pattern[str]) -> NameWords | None:
    for match in pattern.finditer(text):
        found = read_name(text, match.end(), len(text), Trust.STRONG)
        if found:
            return found
    return None


def _introduced(text: str) -> FoundName | None:
    """The last introduction counts: people correct themselves."""
    for pattern, trust, of_another in _INTRODUCTIONS:
        for match in reversed(list(pattern.finditer(text))[-_MOST_TRIES:]):
            other = of_another.search(text[: match.start()])
            found = None if other else read_name(text, match.end(), len(text), trust)
            name = _divided(text, found, certain=True) if found else None
            if name:
                return name
    return _introduced_behind(text)


def _introduced_behind(text: str) -> FoundName | None:
    for match in list(BEHIND.finditer(text))[-_MOST_TRIES:]:
        *_, start = (0, *(sign.end() for sign in _END_OF_CLAUSE.finditer(text, 0, match.start())))
        found = read_name(text, start, match.start(), Trust.BARE)
        if found and found.end == match.start():
            return _divided(text, found, certain=True)
    return None


def _bare(text: str, expected: str) -> FoundName | None:
    if expected == "last" and NO_LAST_NAME.match(text):
        return None
    for clause in _CLAUSE.finditer(text):
        found = read_name(text, clause.start(), clause.end(), Trust.BARE)
        if found and expected == "last":
            return FoundName(_shown(text, found, leads=False), None, found.title, found.start, found.end, False)
        name = _divided(text, found, certain=False) if found else None
        if name:
            return name
    return _plain_answer(text) if expected == "last" else None


def _plain_answer(text: str) -> FoundName | None:
    """One or two words of letters are the last name that was asked for, known or not ("Nurhaliza", "Cooper")."""
    words = split_words(text)
    letters = all(word.text.replace("-", "").replace("'", "").isalpha() for word in words)
    if not 0 < len(words) <= _MOST_PLAIN or not letters or not all(_may_be_last(word) for word in words):
        return None
    shown = restore_capitals([word.text for word in words], leads=False)
    return FoundName(shown, None, None, words[0].start, words[-1].end, False)


def _may_be_last(word: Word) -> bool:
    no_name = is_stop(word.key) or is_everyday(word.key) or word.key in word_set("answers.txt")
    return len(word.key) > 2 and is_spoken(word.text) and not no_name


def _divided(text: str, found: NameWords, *, certain: bool) -> FoundName | None:
    first, last = _divide(_cleaned(text, found))
    if not first or max(len(" ".join(first)), len(" ".join(last))) > LONGEST_PART:
        return None
    shown_last = restore_capitals(last, leads=False) if last else None
    return FoundName(restore_capitals(first, leads=True), shown_last, found.title, found.start, found.end, certain)


def _divide(words: list[str]) -> tuple[list[str], list[str]]:
    """First and last name: at bin/binti/a/l, after the surname of a Chinese name, else after the first word."""
    keys = [word.lower() for word in words]
    if is_chinese_order(keys):
        return words[1:], words[:1]
    borders = [place for place, key in enumerate(keys) if place and _is_border(words[place], key)]
    if borders:
        return words[: borders[0]], words[borders[0] :]
    if len(words) > 1 and (keys[0] in {*CONNECTORS, "ni"} or len(keys[0].rstrip(".")) == 1):
        return words[:2], words[2:]
    return words[:1], words[1:]


def _is_border(word: str, key: str) -> bool:
    return key in CONNECTORS - {"al"} or word in SHORT_BIN


def _shown(text: str, found: NameWords, *, leads: bool) -> str:
    return restore_capitals(_cleaned(text, found), leads=leads)[:LONGEST_PART].strip()


def _cleaned(text: str, found: NameWords) -> list[str]:
    """The words in letters only; the dot of an abbreviation within the name stays ("M. Rizky")."""
    cleaned: list[str] = []
    for word in found.words:
        plain = clean_word(word.text)
        dot = "." if text[word.end : word.end + 1] == "." and word is not found.words[-1] else ""
        cleaned += [plain + dot] if plain else []
    return cleaned
