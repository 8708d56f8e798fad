"""The pipeline component that finds entities which no word list and no pattern describes."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.components.entity_tagger import EntityTagger, Span, train_tagger

TAGGER_FILE = "entities.crfsuite"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LearntEntityExtractor(GraphComponent):
    """Finds entities by a conditional random field, learnt from the annotated examples.

    An entity with a lookup table or a pattern of its own is left to them (`RegexEntityExtractor`): they miss no word
    and invent none. Where every entity has one, nothing is learnt, loaded or spent on a message.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, tagger: EntityTagger | None) -> None:
        self._storage = storage
        self._resource = resource
        self._tagger = tagger

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LearntEntityExtractor:
        """An untrained component."""
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LearntEntityExtractor:
        """The trained component from a model."""
        with model_storage.read_from(resource) as folder:
            stored = folder / TAGGER_FILE
            content = stored.read_bytes() if stored.is_file() else b""
        return cls(model_storage, resource, EntityTagger(content) if content else None)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the entities that nothing else describes, if there are any, and store what was learnt."""
        described = {table["name"] for table in [*training_data.lookup_tables, *training_data.regex_features]}
        examples = [
            (message.get(TEXT), [span for span in _spans_of(message) if span.entity not in described])
            for message in training_data.nlu_examples
            if message.get(TEXT)
        ]
        with self._storage.write_to(self._resource) as folder:
            path = folder / TAGGER_FILE
            path.touch()
            if any(spans for _, spans in examples):
                train_tagger(examples, path)
                self._tagger = EntityTagger(path.read_bytes())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message to those that were found before."""
        if self._tagger:
            for message in messages:
                found = [_as_entity(span, message.get(TEXT)) for span in self._tagger.spans(message.get(TEXT) or "")]
                message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages


def _spans_of(message: Message) -> list[Span]:
    return [Span(each["entity"], each["start"], each["end"]) for each in message.get(ENTITIES) or []]


def _as_entity(span: Span, text: str) -> dict[str, Any]:
    value = text[span.start : span.end]
    return {
        "entity": span.entity,
        "start": span.start,
        "end": span.end,
        "value": value,
        "extractor": LearntEntityExtractor.__name__,
    }
