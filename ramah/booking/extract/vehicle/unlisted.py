"""Cars that the catalogue lacks: a model behind a known make, or an answer of unknown words."""

from __future__ import annotations

import re

from ramah.booking.extract.data import name_kinds, ordinary_words, word_set
from ramah.booking.extract.place.gazetteer import is_place
from ramah.booking.extract.vehicle.colours import is_colour
from ramah.booking.extract.vehicle.tokens import FoundMake, FoundModel, Token


def beside_make(text: str, tokens: list[Token], make: FoundMake, *, expected: bool) -> FoundModel | None:
    """The make, and an unlisted model behind it: "BMW 320i", or the next words where the car was asked for."""
    end = tokens[make.after - 1].end
    span = (tokens[make.first].start, end)
    taken: list[Token] = []
    for token in tokens[make.after : make.after + 2]:
        if text[end : token.start].strip(" -") or not _names_model(token, expected, len(tokens) - make.after <= 2):
            break
        taken.append(token)
        end = token.end
    if not taken:
        return FoundModel(make.name, None, None, (span,))
    return FoundModel(make.name, None, " ".join(_capital(token.text) for token in taken), ((span[0], end),))


def _names_model(token: Token, expected: bool, closes: bool) -> bool:
    """``closes``: little follows the make, so that even an everyday word is its model ("honda beat")."""
    mixed = any(c.isdigit() for c in token.key) and any(c.isalpha() for c in token.key)
    if mixed:
        return len(token.key) <= 6
    if not expected or _is_year(token.key):
        return False
    if token.key.isdigit():
        return 2 <= len(token.key) <= 4
    everyday = token.key in word_set("stop_words.txt") or is_colour(token.key)
    return _is_unknown_word(token.key) or (closes and token.key.isalpha() and len(token.key) > 2 and not everyday)


def _is_year(key: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", key) is not None


def _is_unknown_word(key: str) -> bool:
    known = key in ordinary_words() or key in word_set("stop_words.txt") or key in name_kinds() or is_place(key)
    return key.isalpha() and len(key) > 1 and not known


def unlisted_car(text: str, tokens: list[Token], fillers: frozenset[str]) -> FoundModel | None:
    """An answer of up to three unknown words, such as a make that few people drive."""
    kept = [token for token in tokens if token.key not in fillers and not _is_year(token.key)]
    if not 1 <= len(kept) <= 3 or "?" in text or not all(_is_unlisted_word(token) for token in kept):
        return None
    if not any(_is_unknown_word(token.key) and len(token.key) >= 3 for token in kept):
        return None
    shown = " ".join(_capital(token.text) for token in kept)
    return FoundModel(None, None, shown, tuple((token.start, token.end) for token in kept))


def _is_unlisted_word(token: Token) -> bool:
    if token.key.isdigit() or token.key in ordinary_words() or token.key in word_set("stop_words.txt"):
        return False
    return len(token.key) > 1


def _capital(word: str) -> str:
    """Letters and digits ("xc60") are a type code, in capitals where its letters lead."""
    code = re.fullmatch(r"[a-z]{1,3}\d+", word) is not None
    return word.upper() if code else word[:1].upper() + word[1:]
