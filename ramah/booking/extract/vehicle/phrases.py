"""Finds makes and models in the words of a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ramah.booking.extract.data import name_kinds, ordinary_words, word_group, word_set
from ramah.booking.extract.place.gazetteer import is_place
from ramah.booking.extract.vehicle.catalogue import Model, makes, misspelt, models
from ramah.booking.extract.vehicle.colours import is_colour

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*\+?")
_LONGEST_PHRASE = 4
_CUES = word_group("car_cues")
_SKIPPED = word_group("car_skipped")
_ANSWER_FILLERS = (
    _CUES
    | _SKIPPED
    | frozenset(
        [
            "ya",
            "iya",
            "oh",
            "eh",
            "hmm",
            "ok",
            "oke",
            "pak",
            "bu",
            "kak",
            "i",
            "have",
            "got",
            "ada",
            "cuma",
            "just",
            "nama",
        ]
    )
)
_NOT_AFTER = word_group("before_no_car")
_MUSIC = word_group("music")
_TRIMS = {"turbo": "Turbo", "hybrid": "Hybrid", "sport": "Sport", "cross": "Cross", "hatchback": "Hatchback"}


@dataclass(frozen=True)
class Token:
    """A word of the message in lower case and as typed."""

    key: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class FoundModel:
    """A make, a model, or both, with their places."""

    make: str | None
    model: Model | None
    shown: str | None
    spans: tuple[tuple[int, int], ...]


def tokens_of(text: str) -> list[Token]:
    """Words and numbers of ``text``."""
    return [Token(match[0].lower(), match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]


def find_model(text: str, *, expected: Literal["car", "year", "plate"] | None) -> FoundModel | None:
    """The first model and its make, else a make alone, else (``expected="car"``) an unlisted car's name."""
    tokens = tokens_of(text)
    make = _find_make(tokens, expected == "car")
    found = _find_listed(text, tokens, make, expected == "car")
    if found or make is None:
        return found or (_unlisted_car(text, tokens) if expected == "car" else None)
    return _beside_make(text, tokens, make, expected == "car")


@dataclass(frozen=True)
class _MadeBy:
    name: str
    is_word: bool
    first: int
    after: int


def _find_make(tokens: list[Token], expected: bool) -> _MadeBy | None:
    for first, token in enumerate(tokens):
        for size in (2, 1):
            key = " ".join(item.key for item in tokens[first : first + size]) if first + size <= len(tokens) else ""
            make = makes().get(key) or (makes().get(misspelt(token.key) or "") if size == 1 else None)
            if make and not _is_elsewhere(tokens, first) and (not make.is_word or expected or _has_cue(tokens, first)):
                return _MadeBy(make.name, make.is_word, first, first + size)
    return None


def _find_listed(text: str, tokens: list[Token], make: _MadeBy | None, expected: bool) -> FoundModel | None:
    for first in range(len(tokens)):
        for size in range(min(_LONGEST_PHRASE, len(tokens) - first), 0, -1):
            model = _model_at(text, tokens, first, size, make, expected)
            if model:
                return _with_trim(tokens, first, first + size, model, make)
    return None


def _model_at(
    text: str, tokens: list[Token], first: int, size: int, make: _MadeBy | None, expected: bool
) -> Model | None:
    if re.search(r"[^\s.\-]|\n", "".join(_gaps(text, tokens, first, size))):
        return None
    key = " ".join(token.key for token in tokens[first : first + size])
    choices = models().get(key) or models().get((misspelt(key) if size == 1 else None) or "", ())
    made = [model for model in choices if make and model.make == make.name]
    if made and make and (not made[0].is_word or _adjoins(make, first, size, key)):
        return made[0]
    if key.isdigit() or _is_elsewhere(tokens, first):
        return None
    for model in choices:
        if not model.is_word or _is_cued(text, tokens, first, size, expected):
            return model
    return None


def _gaps(text: str, tokens: list[Token], first: int, size: int) -> list[str]:
    return [text[tokens[place].end : tokens[place + 1].start] for place in range(first, first + size - 1)]


def _adjoins(make: _MadeBy, first: int, size: int, key: str) -> bool:
    if key.isdigit():
        return make.after == first
    return 0 <= first - make.after <= 1 or make.first == first + size


def _is_elsewhere(tokens: list[Token], first: int) -> bool:
    """A street, a landmark or a dealer that bears the name of a car; or the music."""
    around = {token.key for token in tokens[max(0, first - 2) : first + 2]}
    return (first > 0 and tokens[first - 1].key in _NOT_AFTER) or (
        tokens[first].key in ("jazz", "jaz") and bool(around & _MUSIC)
    )


def _has_cue(tokens: list[Token], first: int) -> bool:
    place = first - 1
    while place >= 0 and first - place <= 4 and tokens[place].key in _SKIPPED - _CUES:
        place -= 1
    return place >= 0 and tokens[place].key in _CUES


def _is_cued(text: str, tokens: list[Token], first: int, size: int, expected: bool) -> bool:
    if _has_cue(tokens, first):
        return True
    after = tokens[first + size] if first + size < len(tokens) else None
    if after and re.fullmatch(r"(?:19|20)\d\d", after.key) and tokens[first].key != "march":
        return not text[tokens[first + size - 1].end : after.start].strip()
    return expected and all(token.key in _ANSWER_FILLERS for token in tokens[:first])


def _with_trim(tokens: list[Token], first: int, after: int, model: Model, make: _MadeBy | None) -> FoundModel:
    shown = model.name
    if (
        after < len(tokens)
        and tokens[after].key in _TRIMS
        and f"{tokens[after - 1].key} {tokens[after].key}" not in models()
    ):
        shown, after = f"{shown} {_TRIMS[tokens[after].key]}", after + 1
    spans = [(tokens[first].start, tokens[after - 1].end)]
    if make and make.name == model.make:
        spans.append((tokens[make.first].start, tokens[make.after - 1].end))
    return FoundModel(model.make, model, shown, tuple(spans))


def _beside_make(text: str, tokens: list[Token], make: _MadeBy, expected: bool) -> FoundModel | None:
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


def _unlisted_car(text: str, tokens: list[Token]) -> FoundModel | None:
    """An answer of up to three unknown words, such as a make that few people drive."""
    kept = [token for token in tokens if token.key not in _ANSWER_FILLERS and not _is_year(token.key)]
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
    return word[:1].upper() + word[1:]
