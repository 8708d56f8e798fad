"""What the intent classifier sees of a message: its words, word pairs and letter groups."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from engine.components.language_model import shortened

LONGEST_TEXT = 600
GRAM_SIZES = (2, 3, 4)
_WORD = re.compile(r"\w+", re.UNICODE)
_DIGIT = re.compile(r"\d")
_MARKS = ("?", "!")


def features_of(text: str) -> list[str]:
    """The features of a text, each once.

    Letters are lowered, drawn-out ones shortened (haiii -> hai), and every digit becomes 0, so that one
    time or plate looks like another. Of very long texts the beginning counts.
    """
    words = [_DIGIT.sub("0", shortened(word)) for word in _WORD.findall(text.lower()[:LONGEST_TEXT])]
    found = dict.fromkeys(f"w:{word}" for word in words)
    found.update(dict.fromkeys(f"p:{first} {second}" for first, second in itertools.pairwise(words)))
    found.update(dict.fromkeys(f"g:{gram}" for word in words for gram in _grams(word)))
    found.update(dict.fromkeys(f"m:{mark}" for mark in _MARKS if mark in text))
    return list(found)


def _grams(word: str) -> Iterator[str]:
    padded = f" {word} "
    for size in GRAM_SIZES:
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]
