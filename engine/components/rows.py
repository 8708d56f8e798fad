"""What the intent classifier sees of a message: its features, and where its words stand among all words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from engine.components.features import LONGEST_TEXT, features_of, words_of_name
from engine.components.meaning import word_vectors
from engine.components.normaliser import normalised_words


class Row(NamedTuple):
    """A message to a linear model.

    Attributes:
        features: Its features, each once.
        meaning: The mean of its words' vectors; float32, zeros when no word has one.
    """

    features: Sequence[str]
    meaning: Any


def row_of(text: str) -> Row:
    """The row of a text."""
    return Row(features_of(text), word_vectors().mean(normalised_words(text[:LONGEST_TEXT])))


def row_of_name(intent: str) -> Row:
    """The row of an intent's name, read as words: where examples are few, it is one more."""
    return row_of(words_of_name(intent))
