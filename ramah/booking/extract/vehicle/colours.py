"""Colours of cars in Indonesian, Malay and English."""

from __future__ import annotations

import re
from functools import cache

from ramah.booking.extract.data import any_of, rows, word_group

_ANNOUNCED = re.compile(
    r"(?<!\w)(?:(?:ber)?warna(?:nya)?|colou?r(?:ed)?)\W{0,3}(?:(?:is|nya|mobil|kereta|saya)\s+)?$", re.IGNORECASE
)
_BESIDE = 24
"""Characters that may stand between the car and its colour, such as the trim."""
_LONG_WORD = 4
_AWAY = {"di", "dr", "kat", "ke"}
"""What follows is a place: "vios di Perak"."""
_CAR = r"(?:mobil|kereta|kendaraan|kenderaan|car)(?:ku|nya)?"
_CAR_BEFORE = re.compile(
    rf"(?<!\w){_CAR}(?:['’]s)?(?:\s+(?:saya|sy|aku|kami|is|yang|yg|itu|tu|ni|ini|a)){{0,3}}\s+$", re.IGNORECASE
)
_CAR_AFTER = re.compile(r"\s+(?:car|mobil|kereta)(?!\w)", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    rf"(?<!\w)(?:(?:{any_of('coloured_things')}|(?=\w{{3}})(?:{any_of('landmark_nouns')}))(?:nya)?\s+(?:yang\s+|yg\s+)?"
    r"|plate?(?:nya)?\s)$",
    re.IGNORECASE,
)
"""Before a colour (or the car that has it): something else has it, "minyak hitam", "lampu mobil merah"."""

_OTHER_THING = re.compile(rf"\b(?:{any_of('coloured_things')})(?:nya)?\b", re.IGNORECASE)


@cache
def _colours() -> dict[str, str]:
    return {word.replace("_", " "): shown for shown, words in rows("colours.tsv") for word in words.split()}


def is_colour(word: str) -> bool:
    """Whether ``word`` (lower case) names a colour."""
    return word in _colours()


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_colours(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", re.IGNORECASE)


def find_colour(text: str, beside: list[tuple[int, int]]) -> tuple[str, tuple[int, int]] | None:
    """A colour in English and its place: announced ("warna hitam"), beside a part of the car, or "mobil hitam"."""
    for match in _pattern().finditer(text):
        start = _start_of_phrase(text, match)
        if _OF_ANOTHER.search(text[:start]) or (not beside and _OTHER_THING.search(_clause(text[:start]))):
            continue
        if start < match.start() or _is_of_car(text, match.span(), beside):
            return _colours()[match[0].lower()], (start, match.end())
    return None


def _clause(before: str) -> str:
    """What stands before in the same clause."""
    return re.split(r"[.,;:!?\n]", before)[-1]


def _start_of_phrase(text: str, colour: re.Match[str]) -> int:
    """Where "warna hitam" begins; the colour itself where nothing announces it."""
    announced = _ANNOUNCED.search(text[: colour.start()])
    return announced.start() if announced else colour.start()


def _is_of_car(text: str, colour: tuple[int, int], beside: list[tuple[int, int]]) -> bool:
    if any(_is_beside(text, colour, span) for span in beside):
        return True
    car = _CAR_BEFORE.search(text[: colour[0]])
    if car:
        return _OF_ANOTHER.search(text[: car.start()]) is None
    return _CAR_AFTER.match(text, colour[1]) is not None


def _is_beside(text: str, colour: tuple[int, int], car: tuple[int, int]) -> bool:
    gap = text[car[1] : colour[0]] if car[1] <= colour[0] else text[colour[1] : car[0]]
    if len(gap) > _BESIDE or re.search(r"[.;:\n]", gap):
        return False
    words = re.findall(r"[^\W_]+", gap.lower())
    return all((len(word) < _LONG_WORD and word not in _AWAY) or word in word_group("beside_colour") for word in words)
