"""Finds the street with its number, unit, RT/RW and housing estate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ramah.booking.extract.data import ordinary_words, word_group, word_set
from ramah.booking.extract.place.gazetteer import is_known, is_named
from ramah.booking.extract.place.street_words import (
    BUILDING,
    ENGLISH_STREET,
    FLAT,
    HOME,
    LEAD_IN,
    NUMBER_OF_OTHER,
    PART_START,
    PREFIX,
    STREET_ENDS,
    SURE_STREET,
    UNIT,
    UNSURE_STREET,
)

CUT = "\x1f"
"""Stands in the text where the city, postcode or landmark was."""

_SEGMENT = re.compile(rf"(?:(?!(?:(?<=\w{{5}})|(?<=\d))\.\s+[A-Z])(?:[^,;\n{CUT}]|(?<=\d),(?=\d(?!\d))))+")
_WORD = re.compile(r"[^\s,;()]+")
_NUMBERED = re.compile(r"(?<!\w)(?:no|nomor|lot)\.?[ ]*\d[\w/-]*[ ,]*$", re.IGNORECASE)
_ESTATE_NAME = re.compile(rf"(?:^|[,;\n:{CUT}])[ ]*((?:[^\W\d_]+[ ]+){{1,3}})$")
_LONGEST_STREET = 200
_LONGEST_LOOK = 80
"""Characters beside a street word that are looked at."""
_MOST_BETWEEN = 5
"""Words of a part between street and city that needs no street word: a quarter or district."""


@dataclass(frozen=True)
class FoundStreet:
    """The street as typed, blanks tidied, and its places."""

    street: str
    spans: tuple[tuple[int, int], ...]


def find_street(text: str, *, evidence: bool, units: bool = True) -> FoundStreet | None:
    """The street announced by a street word. ``evidence``: a city or postcode was cut out of ``text``.

    ``units``: a block, lot or RT with its number is enough.
    """
    start = _start(text, evidence, units)
    return _joined(text, _pieces(text, start, evidence)) if start is not None else None


def free_street(text: str) -> FoundStreet | None:
    """The whole text as a street, where one was asked for; None for yes, no, questions and small talk."""
    lead = LEAD_IN.match(text)
    begin = lead.end() if lead and lead.end() < len(text.rstrip()) else 0
    pieces = [
        _piece(text, begin if match.start() < begin else match.start(), match.end())
        for match in _SEGMENT.finditer(text)
        if match.end() > begin
    ]
    kept = [piece for piece in pieces if piece]
    body = " ".join(text[start:end] for start, end in kept)
    return _joined(text, kept) if _is_address_like(text, body) else None


def _is_address_like(text: str, body: str) -> bool:
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", body)]
    if "?" in text or not words:
        return False
    usual = word_set("stop_words.txt") | word_group("no_street")
    unusual = [word for word in words if word not in usual and len(word) > 1]
    if any(letter.isdigit() for letter in body) or PART_START.match(body):
        return bool(unusual) or re.search(r"[A-Za-z]-?\d+", body) is not None
    return any(word not in ordinary_words() for word in unusual)


def _start(text: str, evidence: bool, units: bool) -> int | None:
    starts = [match.start() for match in SURE_STREET.finditer(text) if _is_followed(text, match.end(), sure=True)]
    starts += [match.start() for match in UNSURE_STREET.finditer(text) if _is_unsure_street(text, match, evidence)]
    starts += [match.start() for match in ENGLISH_STREET.finditer(text)]
    starts += [_estate_start(text, match, evidence) for match in UNIT.finditer(text)] if units else []
    if evidence:
        starts += [match.start() for pattern in (FLAT, BUILDING) for match in pattern.finditer(text)]
    return min(starts, default=None)


def _is_unsure_street(text: str, match: re.Match[str], evidence: bool) -> bool:
    if match[0].lower().startswith("kg") and re.search(r"\d\s*$", text[: match.start()]) and not evidence:
        return False
    numbered = _NUMBERED.search(text, max(0, match.start() - _LONGEST_LOOK), match.start()) is not None
    listed = is_known(text[match.start() :][:_LONGEST_LOOK]) and (
        evidence or not text[: match.start()].strip() or HOME.search(text)
    )
    if evidence and _fills_segment(text, match):
        return True
    return bool(listed) or _is_followed(text, match.end(), sure=numbered, evidence=evidence)


def _fills_segment(text: str, match: re.Match[str]) -> bool:
    """A part that begins with the street word and says nothing everyday: "jalan hang jebat"."""
    before = text[: match.start()].rstrip(" ")
    segment = _SEGMENT.match(text, match.end(), match.end() + _LONGEST_LOOK)
    words = [word.lower() for word in _WORD.findall(segment[0])] if segment else []
    unusual = any(word not in ordinary_words() for word in words)
    return not before[-1:].isalpha() and 1 < len(words) <= _MOST_BETWEEN and unusual and not _has_stop(words)


def _estate_start(text: str, match: re.Match[str], evidence: bool) -> int:
    """Where an estate without a word for it begins before its block: "grand wisata blok AA10"."""
    named = _ESTATE_NAME.search(text, max(0, match.start() - _LONGEST_LOOK), match.start())
    if not evidence or named is None or not match[0].lower().startswith("bl"):
        return match.start()
    words = named[1].lower().split()
    return match.start() if _has_stop(words) or set(words) & word_group("before_address") else named.start(1)


def _is_followed(text: str, position: int, *, sure: bool, evidence: bool = False) -> bool:
    """A name or number follows the street word; where it is an everyday word too, a capital or number must."""
    segment = _SEGMENT.match(text, position, position + _LONGEST_LOOK)
    words = _WORD.findall(segment[0]) if segment else []
    if not words or not words[0][0].isalnum():
        return False
    key = words[0].lower().strip(".")
    initials = len(key) == 1 or (words[0].isupper() and words[1:] and words[1][0].isupper())
    if initials and len(words) > 1 and (sure or words[0].isupper()):
        return True
    if key in STREET_ENDS or key in _no_street_names():
        return False
    if sure or words[0][0].isupper() or any(letter.isdigit() for letter in " ".join(words[:5])):
        return True
    return evidence and (key not in ordinary_words() or key in word_group("street_names_though_stop"))


@cache
def _no_street_names() -> frozenset[str]:
    return word_set("stop_words.txt") - word_group("street_names_though_stop")


def _pieces(text: str, start: int, evidence: bool) -> list[tuple[int, int]]:
    segments = [match.span() for match in _SEGMENT.finditer(text)]
    home = next(place for place, (_, end) in enumerate(segments) if start < end)
    begin, earlier = _extended(text, segments, home, start)
    own, ended = _until_end(text, begin, segments[home][1], start)
    pieces = [*earlier, own]
    for place in range(home + 1, len(segments)):
        if ended or not _belongs(text, segments, place, evidence):
            break
        piece, ended = _until_end(text, *segments[place], segments[place][0])
        pieces.append(piece)
    return [piece for piece in (_piece(text, *span) for span in pieces) if piece]


def _extended(text: str, segments: list[tuple[int, int]], home: int, start: int) -> tuple[int, list[tuple[int, int]]]:
    """Number and unit before the street word, in its own part and in the parts before."""
    begin = start
    while prefix := PREFIX.search(text, segments[home][0], begin):
        begin = prefix.start()
    if begin == start and text[segments[home][0] : begin].strip():
        return begin, []
    earlier: list[tuple[int, int]] = []
    for first, last in reversed(segments[:home]):
        prefixes = _only_prefixes(text, first, last)
        if prefixes is None or "\n\n" in text[first:begin]:
            break
        earlier.insert(0, (prefixes, last))
        if text[first:prefixes].strip():
            break
    return begin, earlier


def _only_prefixes(text: str, start: int, end: int) -> int | None:
    """Where numbers and units begin that fill a part, but for an "alamat saya" before them."""
    begin = end
    while prefix := PREFIX.search(text, start, begin):
        begin = prefix.start()
    lead = text[start:begin].lower().split()
    return begin if begin < end and (not lead or lead[-1].strip(".:=") in _leads_to_address()) else None


@cache
def _leads_to_address() -> frozenset[str]:
    return word_group("before_address") | {"to", "from"}


def _until_end(text: str, start: int, end: int, from_word: int) -> tuple[tuple[int, int], bool]:
    """The part up to the first word that no street holds, and whether such a word ended it."""
    for word in _WORD.finditer(text, from_word, end):
        if word.start() > from_word and _ends_street(text, word):
            return (start, word.start()), True
    return (start, end), False


def _ends_street(text: str, word: re.Match[str]) -> bool:
    key = word[0].lower().strip(".:!?")
    following = re.match(r"[\s.:]*([^\W\d_]+)", text[word.end() :])
    if key in ("no", "nomor", "nombor") and following and following[1].lower() in NUMBER_OF_OTHER:
        return True
    return key in STREET_ENDS or (key == "di" and word[0].islower())


def _belongs(text: str, segments: list[tuple[int, int]], place: int, evidence: bool) -> bool:
    """Parts behind the street: those with a street word, and quarters between the street and the city."""
    part = text[slice(*segments[place])]
    words = _WORD.findall(part)
    if not words or (PART_START.match(part) and not _is_other_number(words)):
        return True
    if is_named(part):
        return True
    followed_by_cut = CUT in text[segments[place][1] :].split("\n\n")[0]
    return evidence and followed_by_cut and len(words) <= _MOST_BETWEEN and not _has_stop(words)


def _is_other_number(words: list[str]) -> bool:
    return len(words) > 1 and words[1].lower().strip(".:") in NUMBER_OF_OTHER


@cache
def _no_quarter_names() -> frozenset[str]:
    return STREET_ENDS | (word_set("stop_words.txt") - {"baru", "tengah", "minggu"})


def _has_stop(words: list[str]) -> bool:
    words = words[1:] if words and words[0].lower() == "the" else words
    return any(word.lower().strip(".:!?") in _no_quarter_names() for word in words)


def _piece(text: str, start: int, end: int) -> tuple[int, int] | None:
    inner = text[start:end].strip(" \t.,:-()\r?!")
    if not re.search(r"\w", inner):
        return None
    begin = text.index(inner, start)
    return begin, begin + len(inner)


def _joined(text: str, pieces: list[tuple[int, int]]) -> FoundStreet | None:
    street = ", ".join(" ".join(text[start:end].split()) for start, end in pieces)[:_LONGEST_STREET].strip(" ,")
    return FoundStreet(street, tuple(pieces)) if street else None
