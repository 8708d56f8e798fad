"""The pipeline component that tells the language of a message."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import rasa.shared.utils.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.components.language_model import LanguageModel

LANGUAGE = "language"
MODEL_FILE = "languages.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Sets `language` on each message: name, probability and whether the evidence is certain.

    It learns from the examples whose metadata names their language, as the skill importer stamps them.
    The connector turns a certain language into the entity `language`; in the pipeline that entity would
    have to be annotated in every end-to-end story.

    Config:
        ignored_intents: Intents whose examples are names, plates and the like, which say nothing about
            the language.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, ignored: Iterable[str], model: LanguageModel) -> None:
        self._storage = storage
        self._resource = resource
        self._ignored = frozenset(ignored)
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings that config.yml may change."""
        return {"ignored_intents": []}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """An untrained component."""
        return cls(model_storage, resource, config["ignored_intents"], LanguageModel([], {}, {}))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """The trained component from a model."""
        with model_storage.read_from(resource) as folder:
            data = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))
        return cls(model_storage, resource, config["ignored_intents"], LanguageModel.from_dict(data))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the languages and store what was learnt."""
        self._model = LanguageModel.trained_on(self._examples(training_data))
        if len(self._model.languages) < 2:
            rasa.shared.utils.io.raise_warning("No examples in two or more languages: the language is never told.")
        with self._storage.write_to(self._resource) as folder:
            data = json.dumps(self._model.as_dict(), ensure_ascii=False)
            (folder / MODEL_FILE).write_text(data, encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the language of each message that has words."""
        for message in messages:
            guess = self._model.guess(message.get(TEXT) or "")
            if guess:
                message.set(LANGUAGE, asdict(guess), add_to_output=True)
        return messages

    def _examples(self, training_data: TrainingData) -> Iterable[tuple[str, str]]:
        for message in training_data.intent_examples:
            language = language_of(message)
            if language and message.get(TEXT) and message.get(INTENT) not in self._ignored:
                yield message.get(TEXT), language


def language_of(message: Message) -> str | None:
    """The language that a training example was stamped with."""
    example = (message.get(METADATA) or {}).get(METADATA_EXAMPLE)
    return example.get(LANGUAGE) if isinstance(example, dict) else None
