"""Number plates of Indonesia (B 1234 XYZ) and Malaysia (WXY 1234, QAA 1234 A, PATRIOT 1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ramah.booking.extract.data import ordinary_words, rows, word_set
from ramah.booking.extract.vehicle.catalogue import makes, models
from ramah.booking.extract.vehicle.plate_words import (
    ANNOUNCED,
    BEFORE_OTHER,
    BOOKING_BEFORE,
    NEVER_HEADS,
    PARTICLES,
    SELDOM_HEADS,
    UNIT_AFTER,
    UNIT_BEFORE,
)

_CORE = re.compile(
    r"(?<![\w/.:@'’-])(?P<head>[A-Za-z]{1,3})(?P<gap>[ .\-]{0,2})(?P<digits>[1-9]\d{0,3})(?![\d/]|[.,:]\d|-\d)"
    r"(?:(?P<gap2>[ .\-]{0,2})(?P<tail>[A-Za-z]{1,3})(?!\w))?"
)
_SHAPE = re.compile(r"(?<![\w/.:-])([A-Za-z]{1,4})[ .-]{0,2}(\d{2,6})(?:[ .-]{0,2}([A-Za-z]{1,5}))?(?![\w/]|[.,:]\d)")
_MY_WITH_TAIL = ("W", "V", "S", "Q", "KV")
_LONGEST_HEAD = 3
_LONGEST_ODD = 16


@dataclass(frozen=True)
class FoundPlate:
    """A plate in capitals with single blanks, and where it stands."""

    plate: str
    start: int
    end: int


@dataclass(frozen=True)
class _Candidate:
    head: str
    digits: str
    tail: str
    start: int
    end: int
    joined: bool
    wanted: bool

    @property
    def is_capital(self) -> bool:
        return (self.head + self.tail).isupper()

    @property
    def plate(self) -> str:
        return " ".join(part for part in (self.head.upper(), self.digits, self.tail.upper()) if part)


def find_plate(text: str, *, expected: bool = False) -> FoundPlate | None:
    """The first number plate. Without ``expected`` (or "plat" before it) only forms that nothing else has."""
    special = _find_special(text, expected)
    if special:
        return special
    for candidate in _candidates(text, expected):
        if _is_plate(text, candidate):
            return FoundPlate(candidate.plate, candidate.start, candidate.end)
    return None


def odd_plate(text: str) -> str | None:
    """What was meant as a plate but has no valid form, as typed; else None."""
    if find_plate(text, expected=True):
        return None
    announced = re.search(rf"(?:{ANNOUNCED.pattern})[\w .-]*", text, re.IGNORECASE)
    if announced:
        typed = re.search(
            r"\b\w*(?:[ .-]?\w+)?\d[\w.-]*(?: [A-Za-z]{1,4}\b)?", announced[0][len(_announcement(announced[0])) :]
        )
        return typed[0].strip()[:_LONGEST_ODD] if typed else None
    for match in _SHAPE.finditer(text):
        if not _is_word(match[1]) and not _is_word(match[3] or "") and match[0].lower() not in models():
            return match[0]
    digits_only = re.fullmatch(r"\s*(\d{2,6})\s*", text)
    return digits_only[1] if digits_only else None


def _announcement(text: str) -> str:
    match = re.match(ANNOUNCED.pattern, text, re.IGNORECASE)
    return match[0] if match else ""


def _candidates(text: str, expected: bool) -> Iterator[_Candidate]:
    for match in _matches(text):
        before = text[: match.start()]
        wanted = expected or re.search(rf"(?:{ANNOUNCED.pattern})$", before, re.IGNORECASE) is not None
        tail = match["tail"] or ""
        if tail and not _is_tail(match["head"], tail, match["gap2"], wanted):
            tail = ""
        end = match.end("tail") if tail else match.end("digits")
        if not tail and text[end : end + 1].isalnum():
            continue
        joined = not match["gap"] and not (tail and match["gap2"])
        yield _Candidate(match["head"], match["digits"], tail, match.start(), end, joined, wanted)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """All places of the form, overlapping too: in "hrv 2021 B 2222 CD" the first is none and begins the plate."""
    match = _CORE.search(text)
    while match:
        yield match
        match = _CORE.search(text, match.end("digits"))


def _is_tail(head: str, tail: str, gap: str, wanted: bool) -> bool:
    """Letters behind the digits belong to the plate unless they are the next word of the sentence."""
    if not gap or (head.isupper() and tail.isupper()):
        return True
    key = tail.lower()
    return key not in PARTICLES and tail.islower() and (wanted or not _is_spoken(key)) and key not in UNIT_AFTER


def _is_plate(text: str, candidate: _Candidate) -> bool:
    head = candidate.head.upper()
    if candidate.head.lower() in NEVER_HEADS or not _has_form(head, candidate.tail.upper()):
        return False
    if candidate.wanted:
        return not (candidate.head.lower() in UNIT_BEFORE and _has_unit(text, candidate))
    before = text[: candidate.start]
    if (
        _is_booking(text, candidate)
        or _is_blocked_head(candidate)
        or BEFORE_OTHER.search(before)
        or _has_unit(text, candidate)
    ):
        return False
    return _is_unmistakable(candidate)


def _has_form(head: str, tail: str) -> bool:
    if head in _prefixes("id") and len(head) <= 2:
        return True
    if head[0] not in _prefixes("my"):
        return False
    return not tail or (len(tail) == 1 and head.startswith(_MY_WITH_TAIL))


def _is_blocked_head(candidate: _Candidate) -> bool:
    key = candidate.head.lower()
    if candidate.is_capital and candidate.tail and key not in UNIT_BEFORE:
        return False
    if key in SELDOM_HEADS or key in models() or key in makes():
        return True
    return not candidate.is_capital and not candidate.tail and _is_word(key)


def _is_booking(text: str, candidate: _Candidate) -> bool:
    """The number of a booking, "tempahan KA-1023"."""
    hyphen = "-" in text[candidate.start : candidate.end] and not candidate.tail
    return hyphen and BOOKING_BEFORE.search(text[: candidate.start]) is not None


def _has_unit(text: str, candidate: _Candidate) -> bool:
    after = re.match(r"\s*([A-Za-z%]+)", text[candidate.end :])
    plain = candidate.is_capital and len(candidate.head) == _LONGEST_HEAD and len(candidate.digits) > 2
    return after is not None and not (candidate.tail or plain) and after[1].lower() in UNIT_AFTER


def _is_unmistakable(candidate: _Candidate) -> bool:
    digits, head = len(candidate.digits), len(candidate.head)
    year = re.fullmatch(r"19[5-9]\d|20[0-2]\d", candidate.digits) is not None
    if candidate.tail:
        if candidate.is_capital:
            return candidate.joined or digits >= 2 or head == 1 or len(candidate.tail) == 3
        return digits >= (2 if candidate.joined else 3)
    if candidate.is_capital:
        return head == 3 or (head == 2 and digits >= 3 and not year) or (candidate.joined and digits == 4)
    return (candidate.joined and digits >= 3 and head >= 2) or (head == 3 and digits >= 3 and not year)


def _find_special(text: str, expected: bool) -> FoundPlate | None:
    for match in _special_pattern().finditer(text):
        name = match[1]
        wanted = expected or re.search(rf"(?:{ANNOUNCED.pattern})$", text[: match.start()], re.IGNORECASE) is not None
        distinct = name.isupper() and len(name) >= 3 and name.lower() not in models() and name.lower() not in makes()
        if wanted or (distinct and not re.fullmatch(r"(?:19|20)\d\d", match[2])):
            return FoundPlate(f"{name.upper()} {match[2]}", match.start(), match.end())
    return None


@cache
def _special_pattern() -> re.Pattern[str]:
    names = sorted(_prefixes("special"), key=len, reverse=True)
    return re.compile(rf"(?<![\w/.-])({'|'.join(names)})[ -]?([1-9]\d{{0,3}})(?![\w/]|[.,:]\d)", re.IGNORECASE)


@cache
def _prefixes(kind: str) -> frozenset[str]:
    return frozenset(word for row in rows("plates.tsv") if row[0] == kind for word in row[1].split())


def _is_spoken(key: str) -> bool:
    """A word, not letters that only happen to stand in a word list ("xyz")."""
    return _is_word(key) and (any(vowel in key for vowel in "aeiou") or key in word_set("stop_words.txt"))


def _is_word(key: str) -> bool:
    key = key.lower()
    return key in ordinary_words() or key in word_set("stop_words.txt") or key in SELDOM_HEADS or key in NEVER_HEADS
