"""The intent classifier: logistic regression, one intent against the rest, over words and letter groups."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.components.features import features_of

WEIGHTS_FILE = "weights.npz"
VOCABULARY_FILE = "vocabulary.json"
RANKING_LENGTH = 10
SETTINGS = ("C", "class_weight", "max_iter", "tol")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Featurizer and logistic regression in one, stored as plain arrays.

    It does the work of two `CountVectorsFeaturizer`s and a `LogisticRegressionClassifier` in a tenth of
    their time, lets the regularisation be set, and needs no scikit-learn when it is loaded.

    Config:
        C: Inverse strength of the regularisation.
        class_weight: `balanced` gives intents with few examples the same say; null counts examples.
        max_iter: Iterations of the solver.
        tol: Where the solver stops.
        min_examples: In how many examples a feature must stand to count.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._intents: list[str] = []
        self._columns: dict[str, int] = {}
        self._rarity: Any = np.zeros(0, dtype=np.float32)
        self._weights: Any = np.zeros((0, 0), dtype=np.float32)
        self._bias: Any = np.zeros(0, dtype=np.float32)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings that config.yml may change."""
        return {"C": 30.0, "class_weight": "balanced", "max_iter": 400, "tol": 1e-4, "min_examples": 1}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """The trained classifier from a model."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            vocabulary = json.loads((folder / VOCABULARY_FILE).read_text(encoding="utf-8"))
            with np.load(folder / WEIGHTS_FILE, allow_pickle=False) as arrays:
                classifier._rarity = arrays["rarity"]
                classifier._weights, classifier._bias = arrays["weights"], arrays["bias"]
        classifier._intents = vocabulary["intents"]
        classifier._columns = {feature: column for column, feature in enumerate(vocabulary["features"])}
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the weights and store them.

        Raises:
            ValueError: The training data has fewer than two intents.
        """
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        intents = [example.get(INTENT) for example in examples]
        if len(set(intents)) < 2:
            raise ValueError("The intent classifier needs examples of at least two intents.")
        rows = [features_of(example.get(TEXT)) for example in examples]
        counts = Counter(feature for row in rows for feature in row)
        known = sorted(feature for feature, count in counts.items() if count >= self._config["min_examples"])
        self._columns = {feature: column for column, feature in enumerate(known)}
        self._fit(rows, intents)
        with self._storage.write_to(self._resource) as folder:
            vocabulary = json.dumps({"intents": self._intents, "features": known}, ensure_ascii=False)
            (folder / VOCABULARY_FILE).write_text(vocabulary, encoding="utf-8")
            arrays = {"rarity": self._rarity, "weights": self._weights, "bias": self._bias}
            np.savez_compressed(folder / WEIGHTS_FILE, **arrays)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message."""
        for message in messages:
            ranking = self._ranking(message.get(TEXT))
            message.set("intent", ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", ranking[:RANKING_LENGTH], add_to_output=True)
        return messages

    def _fit(self, rows: list[list[str]], intents: list[str]) -> None:
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression

        columns = [self._columns_of(row) for row in rows]
        self._rarity = _rarity(columns, len(self._columns))
        values = np.concatenate([self._values(row) for row in columns])
        ends = np.cumsum([0, *map(len, columns)])
        matrix = sparse.csr_matrix((values, np.concatenate(columns), ends), shape=(len(rows), len(self._columns)))
        settings = {key: self._config[key] for key in SETTINGS}
        model = LogisticRegression(multi_class="ovr", solver="liblinear", random_state=42, **settings)
        model.fit(matrix, intents)
        weights, bias = model.coef_, model.intercept_
        if len(weights) == 1:
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        self._intents = [str(intent) for intent in model.classes_]
        self._weights, self._bias = np.ascontiguousarray(weights.T, dtype=np.float32), bias.astype(np.float32)

    def _columns_of(self, features: list[str]) -> Any:
        return np.array([self._columns[feature] for feature in features if feature in self._columns], dtype=np.int64)

    def _values(self, columns: Any) -> Any:
        """The values of a message's features: rare ones count more, and all messages are equally long."""
        values = self._rarity[columns]
        return values / np.sqrt(np.square(values).sum() or 1.0)

    def _ranking(self, text: str | None) -> list[dict[str, Any]]:
        """All intents with their probabilities, the likeliest first; none for a text of unknown signs only."""
        columns = self._columns_of(features_of(text or ""))
        if not len(columns):
            return []
        scores = self._bias + self._values(columns) @ self._weights[columns]
        chances = 1.0 / (1.0 + np.exp(-scores))
        probabilities = chances / chances.sum()
        order = np.argsort(-probabilities, kind="stable")
        return [{"name": self._intents[i], "confidence": float(probabilities[i])} for i in order]


def _rarity(rows: list[Any], width: int) -> Any:
    """The inverse document frequency of each column, smoothed as if one more message had all features."""
    counts = np.bincount(np.concatenate(rows), minlength=width)
    return (np.log((1 + len(rows)) / (1 + counts)) + 1).astype(np.float32)
