"""Capitals of a name typed without care: "budi santoso" is Budi Santoso, McDonald stays."""

from __future__ import annotations

import re

from ramah.booking.extract.words import is_letter

CONNECTORS = {"bin", "binti", "bt", "bte", "ibn", "ibnu", "al", "a/l", "a/p", "ap", "s/o", "d/o", "anak"}
SHORT_BIN = {"b", "b."}
"""Short for "bin" within a name, where written small."""

SMALL_WORDS = {"van", "von", "der", "den", "de", "da", "la", "del", "br"}
_LOWER = CONNECTORS - {"al", "ibnu", "ibn"} | SMALL_WORDS | {"lelaki", "perempuan"}


def restore_capitals(words: list[str], *, leads: bool) -> str:
    """The words joined, capitals restored where none (or only capitals) were typed. ``leads``: a first name."""
    shouted = all(word.isupper() for word in words)
    shown = [_restore(word, shouted) for word in words]
    lowered = [
        shown_word.lower() if _is_small(typed, shouted) and not (leads and position == 0) else shown_word
        for position, (typed, shown_word) in enumerate(zip(words, shown, strict=True))
    ]
    return " ".join(lowered)


def _is_small(word: str, shouted: bool) -> bool:
    """Written small within a name; "Van" stays as typed, it may be a name (Nguyen Van Anh)."""
    key = word.lower()
    return key in _LOWER - SMALL_WORDS or word in SHORT_BIN or (key in SMALL_WORDS and (shouted or word == key))


def _restore(word: str, shouted: bool) -> str:
    initials = len(word) == 2 and word.isupper() and not shouted
    if not (word.islower() or word.isupper()) or initials:
        return word[:1].upper() + word[1:]
    capital = re.sub(r"(?:^|[-.])[^\W\d_]", lambda letter: letter[0].upper(), word.lower())
    capital = re.sub(r"^([OD]['’])([a-z])", lambda match: match[1] + match[2].upper(), capital)
    return re.sub(r"^(Mc)([a-z])(?=[a-z]{2})", lambda match: match[1] + match[2].upper(), capital)


def clean_word(word: str) -> str:
    """``word`` with letters, marks, apostrophes, dots, hyphens (and the slash of a/l) only."""
    if word.lower() in CONNECTORS:
        return word
    return "".join(letter for letter in word if is_letter(letter) or letter in "'’.-").strip("'’-")
