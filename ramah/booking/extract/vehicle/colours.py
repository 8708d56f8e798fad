"""Colours of cars in Indonesian, Malay and English."""

from __future__ import annotations

import re
from functools import cache

from ramah.booking.extract.data import rows

_ANNOUNCED = re.compile(r"(?:warna(?:nya)?|colou?r(?:ed)?)\W{0,3}(?:(?:is|nya|mobil|kereta|saya)\s+)?$", re.IGNORECASE)
_BESIDE = 12
"""Characters that may stand between the car and its colour."""


@cache
def _colours() -> dict[str, str]:
    return {word: shown for shown, words in rows("colours.tsv") for word in words.split()}


def is_colour(word: str) -> bool:
    """Whether ``word`` (lower case) names a colour."""
    return word in _colours()


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_colours(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", re.IGNORECASE)


def find_colour(text: str, beside: list[tuple[int, int]]) -> tuple[str, tuple[int, int]] | None:
    """A colour in English and its place: announced ("warna hitam") or right beside one of the spans of the car."""
    for match in _pattern().finditer(text):
        announced = _ANNOUNCED.search(text[: match.start()])
        if announced:
            return _colours()[match[0].lower()], (announced.start(), match.end())
        if any(_is_beside(text, match.span(), span) for span in beside):
            return _colours()[match[0].lower()], match.span()
    return None


def _is_beside(text: str, colour: tuple[int, int], car: tuple[int, int]) -> bool:
    gap = text[car[1] : colour[0]] if car[1] <= colour[0] else text[colour[1] : car[0]]
    return len(gap) <= _BESIDE and not re.search(r"[.;:\n]|\w{4,}", gap)
