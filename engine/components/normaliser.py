"""Messages in the words of a dictionary: drawn-out letters, slang, doubled words and numbers written plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from engine.components.language_model import shortened

LEXICON = Path(__file__).with_name("lexicon")
FILES = ("slang.id.tsv", "slang.ms.tsv")
NUMBER = "0"  # any number looks like any other
NUMERALS = frozenset(
    [
        *("nol", "kosong", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "lapan", "sembilan"),
        *(
            "sepuluh",
            "sebelas",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
        ),
    ]
)

_WORD = re.compile(r"\w+", re.UNICODE)
_DIGIT = re.compile(r"\d")
_DOUBLED = re.compile(r"^([^\W\d_]{2,})2(nya|kan|an|ku|mu)?$")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")


def plain_words(text: str) -> list[str]:
    """The words in lower case, drawn-out letters written once (haiii -> hai) and every digit as 0."""
    return [_DIGIT.sub(NUMBER, shortened(word)) for word in _WORD.findall(text.lower())]


def normalised_words(text: str) -> list[str]:
    """The words as a dictionary has them: slang spelt out, pelan2 as pelan pelan, numerals and numbers as 0."""
    return [word for raw in _WORD.findall(text.lower()) for word in _normalised(raw)]


def emoji_of(text: str) -> list[str]:
    """The emoji of a text, each as often as it stands there."""
    return _EMOJI.findall(text)


def _normalised(raw: str) -> Iterator[str]:
    doubled = _DOUBLED.match(raw)
    if doubled:
        yield doubled[1]
        yield doubled[1] + (doubled[2] or "")
        return
    word = shortened(raw)
    if word in NUMERALS or word.isdigit():
        yield NUMBER
        return
    yield from _WORD.findall(_slang().get(word, _DIGIT.sub(NUMBER, word)))


@cache
def _slang() -> dict[str, str]:
    """What informal words stand for; the first file that has a word counts."""
    found: dict[str, str] = {}
    for name in FILES:
        for line in (LEXICON / name).read_text(encoding="utf-8").splitlines()[1:]:
            informal, formal = line.split("\t")
            found.setdefault(informal, formal)
    return found
