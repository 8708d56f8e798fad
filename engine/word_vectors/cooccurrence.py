"""Which words stand together, counted, and the few directions that explain most of it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from engine.word_vectors.texts import Sentence

WINDOW = 4
TRANSLATED = 0.3  # what a word counts beside those of the same sentence in another language
SMOOTHING = 0.75  # of the frequency of neighbours, so that rare ones do not look like close friends
SEED = 0


def vocabulary_of(texts: Iterable[Sentence], fewest: int) -> dict[str, int]:
    """How often each word stands that stands at least `fewest` times; the most frequent first."""
    counts = Counter(word for words in texts for word in words)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {word: count for word, count in ordered if count >= fewest}


def neighbours(texts: Sequence[Sentence], places: dict[str, int]) -> Any:
    """Words x words: how often they stand within a few words of one another; nearer ones count more."""
    from scipy import sparse

    words = np.array([places.get(word, -1) for text in texts for word in text])
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    size = len(places)
    counted = sparse.csr_matrix((size, size))
    for distance in range(1, WINDOW + 1):
        first, second = words[:-distance], words[distance:]
        together = (owner[:-distance] == owner[distance:]) & (first >= 0) & (second >= 0)
        weight = np.full(int(together.sum()), 1.0 / distance)
        counted = counted + sparse.csr_matrix((weight, (first[together], second[together])), shape=(size, size))
    return counted + counted.T


def translations(columns: Sequence[Sequence[Sentence]], places: dict[str, int]) -> Any:
    """Words x words: how often they stand in the same sentence of two languages."""
    from scipy import sparse

    present = [_present(texts, places) for texts in columns]
    size = len(places)
    counted = sparse.csr_matrix((size, size))
    for one, other in itertools.permutations(present, 2):
        counted = counted + TRANSLATED * (one.T @ other)
    return counted


def directions(counted: Any, number: int) -> Any:
    """A row of unit length for each word: the strongest directions of how much more than by chance words meet."""
    from scipy import sparse
    from sklearn.utils.extmath import randomized_svd

    counted = counted.tocoo()
    own = np.asarray(counted.sum(axis=1)).ravel()
    chance = np.asarray(counted.sum(axis=0)).ravel() ** SMOOTHING
    chance = chance / chance.sum()
    surprise = np.log(counted.data / own[counted.row] / chance[counted.col])
    kept = surprise > 0
    matrix = sparse.csr_matrix((surprise[kept], (counted.row[kept], counted.col[kept])), shape=counted.shape)
    left, strength, _ = randomized_svd(matrix, number, random_state=SEED)
    rows = left * np.sqrt(strength)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _present(texts: Sequence[Sentence], places: dict[str, int]) -> Any:
    from scipy import sparse

    found = [sorted({places[word] for word in text if word in places}) for text in texts]
    ends = np.cumsum([0, *map(len, found)])
    columns = np.fromiter(itertools.chain.from_iterable(found), dtype=np.int64)
    return sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(texts), len(places)))
