"""Logistic regression, one label against the rest, over features and meanings of texts, kept as plain arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.components.rows import Row

ABSENT = -15.0  # the score of a label that a model was not trained on
FEW = 10  # examples of a label up to which the meaning counts fully: with more of them, the words speak for themselves


@dataclass(frozen=True)
class LinearSettings:
    """How a model is fitted.

    Attributes:
        strength: Inverse strength of the regularisation (scikit-learn's C).
        class_weight: `balanced` gives labels with few examples the same say; None counts examples.
        iterations: The most iterations of the solver.
        tolerance: Where the solver stops.
        min_examples: In how many examples a feature must stand to count.
        meaning: How much the meaning counts beside all features where a label has few examples; 0 for not at all.
    """

    strength: float = 30.0
    class_weight: str | None = None
    iterations: int = 400
    tolerance: float = 1e-3
    min_examples: int = 1
    meaning: float = 1.0

    def share_of_meaning(self, examples: int, labels: int) -> float:
        """How much the meaning counts with so many examples; it falls with the cube root of those that a label has."""
        return self.meaning * float(min(1.0, np.cbrt(FEW * labels / max(1, examples))))


class LinearModel:
    """Weights of features for labels.

    Args:
        labels: The labels, in the order of the scores.
        features: The features, in the order of the rows of the weights.
        rarity: How much each feature counts; float32, one for each feature.
        weights: float32, features x labels.
        meaning: float32, directions of the word vectors x labels.
        bias: float32, one for each label.
    """

    def __init__(
        self, labels: Sequence[str], features: Sequence[str], rarity: Any, weights: Any, meaning: Any, bias: Any
    ) -> None:
        self.labels = list(labels)
        self.features = list(features)
        self.rarity, self.weights, self.meaning, self.bias = rarity, weights, meaning, bias
        self._columns = {feature: column for column, feature in enumerate(self.features)}

    @classmethod
    def empty(cls) -> LinearModel:
        """A model that knows nothing."""
        nothing = np.zeros(0, dtype=np.float32)
        return cls([], [], nothing, np.zeros((0, 0), dtype=np.float32), np.zeros((0, 0), dtype=np.float32), nothing)

    @classmethod
    def trained_on(cls, rows: Sequence[Row], labels: Sequence[str], settings: LinearSettings) -> LinearModel:
        """Fit to the row and the label of each example; two or more labels are needed."""
        from sklearn.linear_model import LogisticRegression

        counts = Counter(feature for row in rows for feature in row.features)
        known = sorted(feature for feature, count in counts.items() if count >= settings.min_examples)
        model = cls([], known, _rarity([counts[feature] for feature in known], len(rows)), None, None, None)
        regression = LogisticRegression(
            C=settings.strength,
            class_weight=settings.class_weight,
            max_iter=settings.iterations,
            tol=settings.tolerance,
            multi_class="ovr",
            solver="liblinear",
            random_state=42,
        )
        share = settings.share_of_meaning(len(rows), len(set(labels)))
        regression.fit(model._matrix(rows, share), list(labels))
        weights, bias = regression.coef_, regression.intercept_
        if len(weights) == 1:
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        weights = np.ascontiguousarray(weights.T, dtype=np.float32)
        own, meaning = weights[: len(known)], weights[len(known) :] * np.float32(share)
        names = [str(label) for label in regression.classes_]
        return cls(names, known, model.rarity, own, meaning, bias.astype(np.float32))

    @classmethod
    def from_arrays(cls, labels: Sequence[str], features: Sequence[str], arrays: Mapping[str, Any]) -> LinearModel:
        """The model whose `arrays` were stored."""
        return cls(labels, features, arrays["rarity"], arrays["weights"], arrays["meaning"], arrays["bias"])

    @property
    def arrays(self) -> dict[str, Any]:
        """What is to be stored beside labels and features."""
        return {"rarity": self.rarity, "weights": self.weights, "meaning": self.meaning, "bias": self.bias}

    def knows(self, feature: str) -> bool:
        """Whether an example had this feature."""
        return feature in self._columns

    def scores(self, row: Row) -> Any:
        """The log-odds of each label against the rest; None when no feature is known."""
        columns = self._known_columns(row.features)
        if not len(columns):
            return None
        return self.bias + self._values(columns) @ self.weights[columns] + row.meaning @ self.meaning

    def scores_for(self, labels: Sequence[str], row: Row) -> Any:
        """The same in the order of other labels; those that this model does not know are next to impossible."""
        own = self.scores(row)
        found = dict(zip(self.labels, own if own is not None else self.bias, strict=True))
        return np.array([found.get(label, ABSENT) for label in labels])

    def _matrix(self, rows: Sequence[Row], share_of_meaning: float) -> Any:
        from scipy import sparse

        columns = [self._known_columns(row.features) for row in rows]
        values = np.concatenate([self._values(row) for row in columns])
        ends = np.cumsum([0, *map(len, columns)])
        features = sparse.csr_matrix((values, np.concatenate(columns), ends), shape=(len(rows), len(self.features)))
        meanings = share_of_meaning * np.stack([row.meaning for row in rows])
        return sparse.hstack([features, sparse.csr_matrix(meanings)], format="csr")

    def _known_columns(self, features: Sequence[str]) -> Any:
        columns = self._columns
        return np.array([columns[feature] for feature in features if feature in columns], dtype=np.int64)

    def _values(self, columns: Any) -> Any:
        """The values of a message's features: rare ones count more, and all messages are equally long."""
        values = self.rarity[columns]
        return values / np.sqrt(np.square(values).sum() or 1.0)


def _rarity(counts: Sequence[int], examples: int) -> Any:
    """The square root of the inverse document frequency, smoothed as if one more message had all features."""
    frequency = np.log((1 + examples) / (1 + np.array(counts))) + 1
    return np.sqrt(frequency).astype(np.float32)
