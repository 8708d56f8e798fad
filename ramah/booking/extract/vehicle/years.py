"""The year a car was built."""

from __future__ import annotations

import re
from typing import Literal

OLDEST = 1950

_FOUR = re.compile(r"(?<![\w./:-])(?:'|’)?((?:19|20)\d\d)(?:-?an)?(?![\w/:-]|\.\d)", re.IGNORECASE)
_TWO = re.compile(
    r"(?:(?:tahun|thn|th|year|yr|my|model|keluaran|sekitar|kira-kira|about|around|tahunnya|mungkin|ya|yang|the|'|’|2k)\s*)*['’]?(\d\d)"
    r"(?:-?an)?(?:\s*(?:ya|kak|pak|bu|dong|kayaknya|kalau gak salah|kalo ga salah|i think|la|lah|rasanya))*\W*",
    re.IGNORECASE,
)
_MONTH_BEFORE = re.compile(
    r"(?:jan|feb|mar|mac|apr|mei|may|jun|jul|ag[uo]|aug|sep|o[kc]t|nov|de[sc]|ogos|dis)\w*[ .,/-]*$", re.IGNORECASE
)
_INTRODUCED = re.compile(
    r"(?:(?:mobil|kereta|car|unit)(?:nya|ku)?\s+(?:saya\s+)?(?:tahun|thn|th|year|buatan|keluaran)|tahun\s+(?:mobil|kereta|kendaraan|pembuatan|buatan|keluaran)"
    r"|(?:tahun|thn)nya|keluaran|buatan|rakitan|built\s+in|made\s+in|manufactured\s+in|year\s+of\s+(?:make|manufacture)|model\s+year|car\s+year)"
    r"(?:nya)?\W*(?:tahun|thn|th|is|in|saya|the|adalah|ialah)?\W*$",
    re.IGNORECASE,
)
_NEAR = 24
"""Characters between a car and its year, such as the trim."""


def find_year(
    text: str, this_year: int, *, near: list[tuple[int, int]], expected: Literal["car", "year", "plate"] | None
) -> tuple[int, tuple[int, int]] | None:
    """The year and its place: near a part of the car, introduced ("keluaran 2019"), or asked for ("'19")."""
    for match in _FOUR.finditer(text):
        year = int(match[1])
        if OLDEST <= year <= this_year + 1 and not _MONTH_BEFORE.search(text[: match.start()]):
            alone = expected == "car" and not text.replace(match[0], "").strip(" .,")
            if (
                expected == "year"
                or alone
                or _INTRODUCED.search(text[: match.start()])
                or _is_near(text, match.span(), near)
            ):
                return year, _with_word(text, match.span())
    return _two_digits(text, this_year) if expected == "year" else None


def _is_near(text: str, year: tuple[int, int], near: list[tuple[int, int]]) -> bool:
    for start, end in near:
        gap = text[end : year[0]] if end <= year[0] else text[year[1] : start]
        if len(gap) <= _NEAR and "\n\n" not in gap:
            return True
    return False


def _with_word(text: str, year: tuple[int, int]) -> tuple[int, int]:
    word = re.search(r"(?:tahun|thn|th|year|keluaran|buatan)\W{1,2}$", text[: year[0]], re.IGNORECASE)
    return (word.start() if word else year[0]), year[1]


def _two_digits(text: str, this_year: int) -> tuple[int, tuple[int, int]] | None:
    match = _TWO.fullmatch(text.strip())
    if match is None:
        return None
    century = 2000 if int(match[1]) <= (this_year + 1) % 100 else 1900
    year = century + int(match[1])
    offset = len(text) - len(text.lstrip())
    return (year, (match.start(1) + offset, match.end(1) + offset)) if OLDEST <= year <= this_year + 1 else None
