"""Which of a question's choices somebody means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA

from ramah.booking.extract.data import rows
from ramah.booking.extract.words import split_words

STEPS = frozenset({"booking_kind", "plan", "place"})
_DRAWN_OUT = re.compile(r"(.)\1\1+")
_LONGEST_ANSWER = 12
"""Words; whoever writes more has something else to say."""
_ONE_SLIP, _TWO_SLIPS = 4, 9
"""Letters from which on a word may hold one slip, and two."""
_BEGINS_RIGHT = 6
"""Letters below which a word must begin as meant: "come" is no slip for "home"."""


@dataclass(frozen=True)
class _Phrase:
    value: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Match:
    """Where a phrase stands among the spoken words, and how surely: its letters, less two for each slip."""

    value: str
    start: int
    end: int
    score: int

    def overlaps(self, other: _Match) -> bool:
        return self.start < other.end and other.start < self.end


def find_choice(text: str, step: str) -> str | None:
    """The value that an answer to ``step`` names, slips of the finger allowed; None when it names none, or two.

    The longest phrase counts, so that "sebulan sekali" is no "sekali". Raises KeyError for a step without choices.
    """
    spoken = [_DRAWN_OUT.sub(r"\1", word.key) for word in split_words(text)]
    if not 0 < len(spoken) <= _LONGEST_ANSWER:
        return None
    matches = [match for phrase in _phrases(step) for match in _matches(spoken, phrase)]
    best = max(matches, key=lambda match: match.score, default=None)
    if best is None or any(match.value != best.value and not match.overlaps(best) for match in matches):
        return None
    return best.value


@cache
def _phrases(step: str) -> tuple[_Phrase, ...]:
    """The phrases of a step's choices. Raises KeyError for a step without any."""
    if step not in STEPS:
        raise KeyError(step)
    listed = [
        (value, phrase)
        for name, value, phrases in rows("choice_words.tsv")
        if name == step
        for phrase in phrases.split("|")
    ]
    return tuple(_Phrase(value, tuple(word.key for word in split_words(phrase))) for value, phrase in listed)


def _matches(spoken: Sequence[str], phrase: _Phrase) -> Iterator[_Match]:
    size = len(phrase.words)
    for start in range(len(spoken) - size + 1):
        slips = _slips(spoken[start : start + size], phrase.words)
        if slips is not None:
            yield _Match(phrase.value, start, start + size, sum(map(len, phrase.words)) - 2 * slips)


def _slips(window: Sequence[str], words: tuple[str, ...]) -> int | None:
    counted = 0
    for written, meant in zip(window, words, strict=True):
        begins_right = len(meant) >= _BEGINS_RIGHT or written[:1] == meant[:1]
        allowed = (len(meant) >= _ONE_SLIP) + (len(meant) >= _TWO_SLIPS) if begins_right else 0
        distance = OSA.distance(written, meant, score_cutoff=allowed)
        if distance > allowed:
            return None
        counted += distance
    return counted
