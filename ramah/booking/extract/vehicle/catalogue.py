"""Makes and models sold in Indonesia and Malaysia, with the spellings customers use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ramah.booking.extract.data import name_kinds, ordinary_words, rows, word_set
from ramah.booking.extract.place.gazetteer import is_place
from ramah.booking.extract.vehicle.found import Size

_SHORTEST_MISSPELT = 5
_LONG_WORD = 8


@dataclass(frozen=True)
class Model:
    """A model. ``is_word``: its name is also an everyday word, so it counts only beside a make or car word.

    ``needs_make``: beside its make only; "my car every week" is no Suzuki Every.
    """

    make: str
    name: str
    size: Size | None
    is_word: bool
    needs_make: bool = False


@dataclass(frozen=True)
class Make:
    """A make, named as the maker writes it."""

    name: str
    is_word: bool


def phrase_key(phrase: str) -> str:
    """Lower-case words of a name with single blanks: "CR-V" is "cr v"."""
    return " ".join(re.findall(r"[^\W_]+\+?", phrase.lower()))


@cache
def models() -> dict[str, tuple[Model, ...]]:
    """Models by the key of each spelling; some names ("3") belong to several makes."""
    found: dict[str, tuple[Model, ...]] = {}
    for make, name, size, word, spellings in rows("car_models.tsv"):
        model = Model(make, name, cast(Size, size), word in ("word", "made"), word == "made")
        for spelling in {phrase_key(name), *filter(None, map(phrase_key, spellings.split("|")))}:
            found[spelling] = (*found.get(spelling, ()), model)
    return found


@cache
def makes() -> dict[str, Make]:
    """Makes by the key of each spelling."""
    return {
        phrase_key(spelling): Make(name, word == "word")
        for name, word, spellings in rows("car_makes.tsv")
        for spelling in (name, *filter(None, spellings.split("|")))
    }


def is_model(phrase: str) -> bool:
    """A make or model whose name is no everyday word."""
    key = phrase_key(phrase)
    return (key in makes() and not makes()[key].is_word) or any(not model.is_word for model in models().get(key, ()))


@cache
def misspelt(word: str) -> str | None:
    """The key of the one-word make or model that ``word`` is a slip of, or None.

    At most one slip in five letters, two in eight (OSA distance); the first letter must stand. Everyday words, names
    and places are never read as cars.
    """
    if len(word) < _SHORTEST_MISSPELT or not word.isalpha() or _is_something_else(word):
        return None
    slips = 2 if len(word) >= _LONG_WORD else 1
    choices = _targets().get(word[0], ())
    best = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=slips)
    return best[0] if best else None


@cache
def _targets() -> dict[str, tuple[str, ...]]:
    names = [name for _, name, _, use, _ in rows("car_models.tsv") if use == "-"]
    names += [name for name, use, _ in rows("car_makes.tsv") if use == "-"]
    long = [key for key in map(phrase_key, names) if len(key) >= _SHORTEST_MISSPELT and key.isalpha()]
    return {letter: tuple(key for key in long if key[0] == letter) for letter in {key[0] for key in long}}


def _is_something_else(word: str) -> bool:
    lists = (ordinary_words(), name_kinds(), word_set("stop_words.txt"), word_set("lookalikes.txt"))
    return any(word in listed for listed in lists) or is_place(word)
