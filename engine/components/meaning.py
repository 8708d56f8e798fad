"""Where a message stands among all that people say: the mean of its words' vectors.

Words that are used alike, or translate one another, lie close together, so that an example with "hujan" says something
of a message with "rain". `engine/word_vectors` learns the vectors; see `lexicon/README.md` for what from.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.components.normaliser import LEXICON

FILE = LEXICON / "word_vectors.npz"
STEPS = 127  # a number of a vector is kept as so many steps on each side of zero


class WordVectors:
    """Short vectors of words.

    Args:
        words: The words, in the order of the rows.
        steps: int8, words x directions: rows of unit length, in steps.
        weights: float16, one for each word: how much it says; rare words say more.
    """

    def __init__(self, words: Sequence[str], steps: Any, weights: Any) -> None:
        self.words = list(words)
        self._steps, self._weights = steps, weights
        self._places = {word: place for place, word in enumerate(self.words)}

    @classmethod
    def rounded(cls, words: Sequence[str], rows: Any, weights: Sequence[float]) -> WordVectors:
        """The vectors of unit length `rows`, in the steps that are kept."""
        return cls(words, np.rint(rows * STEPS).astype(np.int8), np.array(weights, dtype=np.float16))

    @classmethod
    def load(cls, path: Path) -> WordVectors:
        """The vectors of a file."""
        with np.load(path, allow_pickle=False) as arrays:
            words = arrays["words"].tobytes().decode("utf-8").split("\n")
            return cls(words, arrays["steps"], arrays["weights"])

    def save(self, path: Path) -> None:
        """Write them to a file."""
        words = np.frombuffer("\n".join(self.words).encode("utf-8"), dtype=np.uint8)
        np.savez_compressed(path, words=words, steps=self._steps, weights=self._weights)

    @property
    def directions(self) -> int:
        """How many numbers a vector has."""
        return int(self._steps.shape[1])

    def mean(self, words: Sequence[str]) -> Any:
        """float32 of unit length: the weighted mean of the known words; zeros when none is known."""
        places = [self._places[word] for word in words if word in self._places]
        found = self._weights[places].astype(np.float32) @ self._steps[places].astype(np.float32)
        return found / (np.sqrt(np.square(found).sum()) or np.float32(1.0))


@cache
def word_vectors() -> WordVectors:
    """The vectors that the project ships, read once."""
    return WordVectors.load(FILE)
