"""From a spelling in a chat to what the word tables know."""

import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ramah.booking.extract.moment.lexicon import WORDS, Lexeme, Meaning

_UNKNOWN: Meaning = (Lexeme("word"),)
_APOSTROPHES = str.maketrans("’‘`ʼ", "''''")
_RUN = re.compile(r"(.)\1+")
_LONG_RUN = re.compile(r"(.)\1\1")
_ENDINGS = ("nya", "lah", "kah", "'s", "s")
_SHORTEST_STEM = 4
#: Shorter words differ by one letter from too many others ("kamis" and the name "kamil").
_SHORTEST_GUESS = 7
_LONGEST_GUESS = 12
_GUESSED_KINDS = {"day_offset", "weekday", "month", "month_first", "weekend"}
_GUESSES = [
    word
    for word, meaning in WORDS.items()
    if len(word) >= _SHORTEST_GUESS and word.isalpha() and meaning[0].kind in _GUESSED_KINDS
]


def plain_word(text: str) -> str:
    """Lower case, with one form of apostrophe."""
    return text.lower().translate(_APOSTROPHES)


def recognise(word: str) -> Meaning:
    """The meaning of a plain word, through drawn-out letters, endings and small misspellings."""
    for candidate in (word, word.rstrip("2"), *_squeezed(word), *_stems(word)):
        if candidate in WORDS:
            return WORDS[candidate]
    return _guess(word)


def _squeezed(word: str) -> list[str]:
    """The word with drawn-out letters once; "moon" and "saat" are no drawn-out "mon" and "sat"."""
    squeezed = _RUN.sub(r"\1", word)
    drawn_out = len(squeezed) >= _SHORTEST_STEM or _LONG_RUN.search(word)
    return [squeezed] if drawn_out else []


def _stems(word: str) -> list[str]:
    """The word without an ending such as the -nya of "sorenya"."""
    return [
        word.removesuffix(ending)
        for ending in _ENDINGS
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM
    ]


def _guess(word: str) -> Meaning:
    """The nearest long word of the calendar with the same first letter."""
    if not _SHORTEST_GUESS <= len(word) <= _LONGEST_GUESS:
        return _UNKNOWN
    slips = 1 if len(word) == _SHORTEST_GUESS else 2
    nearest = process.extractOne(word, _GUESSES, scorer=OSA.distance, score_cutoff=slips)
    if nearest is None or nearest[0][0] != word[0]:
        return _UNKNOWN
    return WORDS[nearest[0]]
