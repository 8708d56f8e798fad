"""The features of a message: words, pairs, stems, meanings, letter groups, ends, length, emoji."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from engine.components.concepts import concepts_of
from engine.components.normaliser import emoji_of, normalised_words, plain_words
from engine.components.stems import stem_of

LONGEST_TEXT = 600
GRAM_SIZES = (2, 3, 4)
LENGTHS = (1, 2, 3, 5, 8, 11, 14)
HALF_KNOWN = 0.5
_SEAM = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
_MARKS = ("?", "!")


def features_of(text: str) -> list[str]:
    """The features of a text, each once.

    Of a text that the normaliser changes, both forms are seen: "ga bs" also has the features of "tidak bisa". Of very
    long texts the beginning counts.
    """
    text = text[:LONGEST_TEXT]
    words, normal = plain_words(text), normalised_words(text)
    found = dict.fromkeys(_of_words(words))
    if normal != words:
        found.update(dict.fromkeys(_of_words(normal)))
    found.update(dict.fromkeys(f"m:{mark}" for mark in _MARKS if mark in text))
    found.update(dict.fromkeys(f"e:{emoji}" for emoji in emoji_of(text)))
    return list(found)


def words_of_name(intent: str) -> str:
    """An intent's name as words: `ask_price` and `askPrice` both say "ask price"."""
    return _SEAM.sub(" ", intent)


def familiar_share(features: Sequence[str], knows: Callable[[str], bool]) -> float:
    """The share of a text's words and emoji that are known, 0 to 1."""
    words = [feature for feature in features if feature.startswith(("w:", "e:"))]
    return sum(map(knows, words)) / len(words) if words else 0.0


def is_strange(features: Sequence[str], knows: Callable[[str], bool]) -> bool:
    """Whether a text has no known word and nothing that looks like a misspelt one."""
    if familiar_share(features, knows) > 0:
        return False
    groups = [feature for feature in features if feature.startswith("g:") and len(feature) == GRAM_SIZES[-1] + 2]
    return sum(map(knows, groups)) <= HALF_KNOWN * len(groups)


def _of_words(words: list[str]) -> Iterator[str]:
    if not words:
        return
    yield from (f"w:{word}" for word in words)
    yield from (f"p:{first} {second}" for first, second in itertools.pairwise(words))
    yield from (f"s:{stem_of(word)}" for word in words)
    yield from (f"g:{group}" for word in words for group in _groups(word))
    concepts = concepts_of(words)
    yield from (f"c:{concept}" for concept in concepts)
    yield from (f"cp:{first} {second}" for first, second in itertools.pairwise(concepts))
    yield f"first:{words[0]}"
    yield f"last:{words[-1]}"
    yield f"length:{bisect_left(LENGTHS, len(words))}"


def _groups(word: str) -> Iterator[str]:
    padded = f" {word} "
    for size in GRAM_SIZES:
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]
