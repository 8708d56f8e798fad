"""Examples that another intent claims: a classifier that has not seen them is sure they belong elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy.linalg.lapack import spotrf, spotri
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from engine.data_check.examples import Example
from engine.data_check.finding import Finding
from engine.importer_files import LANGUAGES

# The scores lie between 0 and 1; below this lead the two intents are only close.
CLEAR_LEAD = 0.5
RIDGE = 0.3
WORD_OR_SIGN = re.compile(r"\w+|[^\w\s]")


def claims(examples: Sequence[Example], lead: float = CLEAR_LEAD) -> Iterator[Finding]:
    """Examples that another intent of the same language claims by more than the lead, the worst first."""
    for language in LANGUAGES:
        spoken = [example for example in examples if example.language == language]
        if len({example.intent for example in spoken}) > 1:
            yield from _claims_in(spoken, lead)


def _claims_in(examples: list[Example], lead: float) -> Iterator[Finding]:
    intents = sorted({example.intent for example in examples})
    own = np.array([intents.index(example.intent) for example in examples])
    likeness = _likeness([example.text for example in examples])
    scores = _scores_when_left_out(likeness, own, len(intents))
    rows = np.arange(len(examples))
    own_scores = scores[rows, own].copy()
    scores[rows, own] = -np.inf
    others = scores.argmax(axis=1)
    leads = scores[rows, others] - own_scores
    for row in np.argsort(-leads, kind="stable"):
        if leads[row] <= lead:
            return
        rivals = np.flatnonzero(own == others[row])
        closest = examples[rivals[likeness[row, rivals].argmax()]]
        yield _finding(examples[row], closest, float(leads[row]))


def _likeness(texts: Sequence[str]) -> Any:
    common: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32}
    words = TfidfVectorizer(tokenizer=WORD_OR_SIGN.findall, ngram_range=(1, 2), token_pattern=None, **common)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), **common)
    features = hstack([words.fit_transform(texts), letters.fit_transform(texts)]).tocsr() * np.float32(np.sqrt(0.5))
    return (features @ features.T).toarray()


def _scores_when_left_out(likeness: Any, own: Any, intents: int) -> Any:
    """What ridge regression, trained on all other examples, gives each example for each intent.

    Leaving one out needs no second training: Allen's PRESS residual, in the dual form of Cawley and Talbot
    (2003), is the weight divided by the diagonal of the inverse.
    """
    targets = np.eye(intents, dtype=np.float32)[own]
    factor, _ = spotrf(likeness + RIDGE * np.eye(len(own), dtype=np.float32), lower=True)
    half, _ = spotri(factor, lower=True)
    inverse = np.tril(half) + np.tril(half, -1).T
    return targets - (inverse @ targets) / np.diag(inverse)[:, None]


def _finding(example: Example, closest: Example, lead: float) -> Finding:
    message = (
        f"'{example.text}' is an example of {example.intent}, but {closest.intent} claims it (lead {lead:.2f}), "
        f"because of sentences such as '{closest.text}' in {closest.place}; move it, reword it, or accept it "
        "in data_check.yml"
    )
    return Finding(example.path, example.line, "claimed", example.text, message)
