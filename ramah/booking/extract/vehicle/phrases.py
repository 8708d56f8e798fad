"""Finds makes and models in the words of a message."""

from __future__ import annotations

import re
from typing import Literal

from ramah.booking.extract.data import word_group
from ramah.booking.extract.vehicle.catalogue import Model, makes, misspelt, models
from ramah.booking.extract.vehicle.colours import is_colour
from ramah.booking.extract.vehicle.tokens import FoundMake, FoundModel, Token, tokens_of
from ramah.booking.extract.vehicle.unlisted import beside_make, unlisted_car

_LONGEST_PHRASE = 4
_CUES = word_group("car_cues")
_SKIPPED = word_group("car_skipped")
_ANSWER_FILLERS = _CUES | _SKIPPED | word_group("answer_fillers")
_NOT_AFTER = word_group("before_no_car")
_NOT_BEFORE = word_group("after_no_car")
_INTRODUCTIONS = {"name is", "nama saya", "nama sy", "nama aku", "call me", "panggil saya"}
_ENGLISH_INTRODUCTIONS = {"name is", "call me"}
_MUSIC = word_group("music")
_TRIMS = {"turbo": "Turbo", "hybrid": "Hybrid", "sport": "Sport", "cross": "Cross", "hatchback": "Hatchback"}


def find_model(text: str, *, expected: Literal["car", "year", "plate"] | None) -> FoundModel | None:
    """The first model and its make, else a make alone, else (``expected="car"``) an unlisted car's name."""
    tokens = tokens_of(text)
    make = _find_make(tokens, expected == "car")
    found = _find_listed(text, tokens, make, expected == "car")
    if found or make is None:
        return found or (unlisted_car(text, tokens, _ANSWER_FILLERS) if expected == "car" else None)
    return beside_make(text, tokens, make, expected=expected == "car")


def _find_make(tokens: list[Token], expected: bool) -> FoundMake | None:
    for first, token in enumerate(tokens):
        for size in (2, 1):
            key = " ".join(item.key for item in tokens[first : first + size]) if first + size <= len(tokens) else ""
            make = makes().get(key) or (makes().get(misspelt(token.key) or "") if size == 1 else None)
            if make and not _is_elsewhere(tokens, first) and (not make.is_word or expected or _has_cue(tokens, first)):
                return FoundMake(make.name, first, first + size)
    return None


def _find_listed(text: str, tokens: list[Token], make: FoundMake | None, expected: bool) -> FoundModel | None:
    for first in range(len(tokens)):
        for size in range(min(_LONGEST_PHRASE, len(tokens) - first), 0, -1):
            model = _model_at(text, tokens, first, size, make, expected)
            if model:
                return _with_trim(tokens, first, first + size, model, make)
    return None


def _model_at(
    text: str, tokens: list[Token], first: int, size: int, make: FoundMake | None, expected: bool
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
        if model.needs_make:
            continue
        if not model.is_word or _is_cued(text, tokens, first, size, expected):
            return model
    return None


def _gaps(text: str, tokens: list[Token], first: int, size: int) -> list[str]:
    return [text[tokens[place].end : tokens[place + 1].start] for place in range(first, first + size - 1)]


def _adjoins(make: FoundMake, first: int, size: int, key: str) -> bool:
    if key.isdigit():
        return make.after == first
    return 0 <= first - make.after <= 1 or make.first == first + size


def _is_elsewhere(tokens: list[Token], first: int) -> bool:
    """A street, a landmark or a dealer that bears the name of a car; or the music."""
    if first > 0 and tokens[first - 1].key == "the":
        return _is_elsewhere(tokens[: first - 1] + tokens[first:], first - 1)
    if _is_introduced(tokens[:first]) or (first + 1 < len(tokens) and tokens[first + 1].key in _NOT_BEFORE):
        return True
    around = {token.key for token in tokens[max(0, first - 2) : first + 2]}
    return (first > 0 and tokens[first - 1].key in _NOT_AFTER) or (
        tokens[first].key in ("jazz", "jaz") and bool(around & _MUSIC)
    )


def _is_introduced(before: list[Token]) -> bool:
    """A person's name follows: "my name is Mercedes", "my name is Dave Cooper" (Malays and Indonesians go on with the
    car: "nama saya Budi avanza 2019")."""
    keys = [token.key for token in before[-2:]]
    if " ".join(token.key for token in before[-3:-1]) in _ENGLISH_INTRODUCTIONS:
        return True
    return " ".join(keys) in _INTRODUCTIONS or keys[-1:] in (["namaku"], ["name's"])


def _has_cue(tokens: list[Token], first: int) -> bool:
    place = first - 1
    while place >= 0 and first - place <= 4 and tokens[place].key in _SKIPPED - _CUES:
        place -= 1
    return place >= 0 and tokens[place].key in _CUES


def _is_cued(text: str, tokens: list[Token], first: int, size: int, expected: bool) -> bool:
    if _has_cue(tokens, first):
        return True
    after = tokens[first + size] if first + size < len(tokens) else None
    if after and tokens[first].key != "march" and _is_painted(text, tokens[first : first + size + 1]):
        return True
    if after and re.fullmatch(r"(?:19|20)\d\d", after.key) and tokens[first].key != "march":
        return not text[tokens[first + size - 1].end : after.start].strip()
    return expected and all(token.key in _ANSWER_FILLERS for token in tokens[:first])


def _is_painted(text: str, tokens: list[Token]) -> bool:
    """A colour stands right behind: "rush putih"."""
    return is_colour(tokens[-1].key) and not text[tokens[-2].end : tokens[-1].start].strip()


def _with_trim(tokens: list[Token], first: int, after: int, model: Model, make: FoundMake | None) -> FoundModel:
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
