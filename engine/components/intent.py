"""The intent classifier: logistic regression, one intent against the rest, with a calibrated confidence."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
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

from engine.components.calibration import Calibration
from engine.components.features import familiar_share, is_strange
from engine.components.held_back import held_back_scores
from engine.components.language import LANGUAGE, language_of
from engine.components.linear_model import LinearModel, LinearSettings
from engine.components.rows import row_of, row_of_name

WEIGHTS_FILE = "weights.npz"
VOCABULARY_FILE = "vocabulary.json"
RANKING_LENGTH = 10
STRANGE_CONFIDENCE = 0.05


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Featurizer and logistic regression in one, stored as plain arrays.

    It does the work of two `CountVectorsFeaturizer`s and a `LogisticRegressionClassifier` in a tenth of
    their time, lets the regularisation be set, and needs no scikit-learn when it is loaded. How far it is to be
    trusted it learns from examples that it held back from itself, for each language; what a ranking's
    confidences lack of 1 is the chance that it is none of them. A message of strange words only is trusted least,
    unless it seems to be of an intent that is open to any word.

    Config:
        C: Inverse strength of the regularisation.
        class_weight: `balanced` gives intents with few examples the same say; null counts examples.
        max_iter: Iterations of the solver.
        tol: Where the solver stops.
        min_examples: In how many examples a feature must stand to count.
        meaning: How much the word vectors count beside the features where an intent has ten examples or fewer; with
            more examples they count less. 0 leaves them out.
        open_intents: Intents of names, plates and the like, whose messages are strange words by their nature.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._storage = storage
        self._resource = resource
        self._settings = LinearSettings(
            strength=config["C"],
            class_weight=config["class_weight"],
            iterations=config["max_iter"],
            tolerance=config["tol"],
            min_examples=config["min_examples"],
            meaning=config["meaning"],
        )
        self._open = frozenset(config["open_intents"])
        self._model = LinearModel.empty()
        self._calibration = Calibration()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings that config.yml may change."""
        return {
            "C": 30.0,
            "class_weight": None,
            "max_iter": 400,
            "tol": 1e-3,
            "min_examples": 1,
            "meaning": 1.0,
            "open_intents": [],
        }

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
                classifier._model = LinearModel.from_arrays(vocabulary["intents"], vocabulary["features"], arrays)
        classifier._calibration = Calibration.from_dict(vocabulary["calibration"])
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the weights, learn how far to trust them, and store both.

        Raises:
            ValueError: The training data has fewer than two intents.
        """
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        intents = [example.get(INTENT) for example in examples]
        if len(set(intents)) < 2:
            raise ValueError("The intent classifier needs examples of at least two intents.")
        rows = [row_of(example.get(TEXT)) for example in examples]
        names = {intent: row_of_name(intent) for intent in sorted(set(intents))}
        with ThreadPoolExecutor(1) as pool:  # the solver runs outside of Python's lock
            whole = pool.submit(LinearModel.trained_on, [*rows, *names.values()], [*intents, *names], self._settings)
            scores, familiar = held_back_scores(rows, intents, names, self._settings)
            self._model = whole.result()
        places = {intent: place for place, intent in enumerate(names)}
        right = [places[intent] for intent in intents]
        self._calibration = Calibration.learnt_from(scores, right, familiar, [language_of(one) for one in examples])
        self._store()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message."""
        for message in messages:
            language = (message.get(LANGUAGE) or {}).get("name")
            ranking = self._ranking(message.get(TEXT) or "", language)
            message.set("intent", ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", ranking[:RANKING_LENGTH], add_to_output=True)
        return messages

    def _store(self) -> None:
        vocabulary = {
            "intents": self._model.labels,
            "features": self._model.features,
            "calibration": self._calibration.as_dict(),
        }
        with self._storage.write_to(self._resource) as folder:
            (folder / VOCABULARY_FILE).write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
            np.savez_compressed(folder / WEIGHTS_FILE, **self._model.arrays)

    def _ranking(self, text: str, language: str | None) -> list[dict[str, Any]]:
        """All intents with their confidence, the likeliest first; none for a text of unknown signs only."""
        row = row_of(text)
        scores = self._model.scores(row)
        if scores is None:
            return []
        familiar = familiar_share(row.features, self._model.knows)
        confidences = self._calibration.confidences(scores, familiar, language)
        order = np.argsort(-confidences, kind="stable")
        if self._model.labels[order[0]] not in self._open and is_strange(row.features, self._model.knows):
            confidences = confidences * (STRANGE_CONFIDENCE / max(confidences.max(), STRANGE_CONFIDENCE))
        return [{"name": self._model.labels[i], "confidence": float(confidences[i])} for i in order]
