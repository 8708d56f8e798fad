"""Entities learnt from annotated examples: trained, stored, loaded, asked, and given what makes no sense."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.components.entities import LearntEntityExtractor

CITIES = ("Bogor", "Depok", "Bekasi", "Bandung", "Johor Bahru", "Ipoh")
SENTENCES = ("antar ke {} besok", "saya di {}", "apakah sampai {} juga?")


def annotated(sentence: str, city: str) -> Message:
    start = sentence.index("{")
    entity = {"entity": "city", "start": start, "end": start + len(city), "value": city}
    return Message({"text": sentence.format(city), "intent": "place", "entities": [entity]})


EXAMPLES = [annotated(sentence, city) for sentence in SENTENCES for city in CITIES]
PLAIN = [Message({"text": text, "intent": "greet"}) for text in ("halo kak", "selamat pagi", "besok ya")]


class Workbench:
    """A model storage in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.storage = LocalModelStorage(folder)
        self.resource = Resource("entities")
        self.context = ExecutionContext(GraphSchema({}))

    def trained(self, examples: list[Message], **more: Any) -> LearntEntityExtractor:
        component = LearntEntityExtractor.create({}, self.storage, self.resource, self.context)
        component.train(TrainingData(examples, **more))
        return component

    def loaded(self) -> LearntEntityExtractor:
        return LearntEntityExtractor.load({}, self.storage, self.resource, self.context)

    def fingerprint(self) -> str:
        with self.storage.read_from(self.resource) as folder:
            return hashlib.sha256((folder / "entities.crfsuite").read_bytes()).hexdigest()


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    return Workbench(tmp_path)


def found(component: LearntEntityExtractor, text: str) -> list[tuple[str, str]]:
    (message,) = component.process([Message({"text": text})])
    entities = message.get("entities", [])
    assert all(text[entity["start"] : entity["end"]] == entity["value"] for entity in entities)
    return [(entity["entity"], entity["value"]) for entity in entities]


def test_it_finds_what_stands_where_an_entity_stood(workbench: Workbench) -> None:
    component = workbench.trained(EXAMPLES + PLAIN)
    assert found(component, "antar ke Cimahi besok") == [("city", "Cimahi")]
    assert found(component, "saya di Johor Bahru") == [("city", "Johor Bahru")]
    assert found(component, "halo kak") == []


def test_what_was_stored_finds_the_same(workbench: Workbench) -> None:
    workbench.trained(EXAMPLES + PLAIN)
    assert found(workbench.loaded(), "antar ke Bogor besok") == [("city", "Bogor")]


def test_entities_that_were_found_before_stay(workbench: Workbench) -> None:
    before = {"entity": "kind", "start": 0, "end": 5, "value": "x"}
    (message,) = workbench.trained(EXAMPLES + PLAIN).process([Message({"text": "antar ke Ipoh", "entities": [before]})])
    assert [entity["entity"] for entity in message.get("entities")] == ["kind", "city"]


def test_an_entity_with_a_word_list_is_left_to_it(workbench: Workbench) -> None:
    component = workbench.trained(EXAMPLES + PLAIN, lookup_tables=[{"name": "city", "elements": list(CITIES)}])
    for one in (component, workbench.loaded()):
        assert found(one, "antar ke Bogor besok") == []


def test_without_annotated_examples_nothing_is_learnt(workbench: Workbench) -> None:
    workbench.trained(PLAIN)
    assert found(workbench.loaded(), "antar ke Bogor besok") == []


@pytest.mark.parametrize("text", ["", "   ", "👋", "a" * 5000, "?" * 700])
def test_degenerate_messages_are_survived(workbench: Workbench, text: str) -> None:
    found(workbench.trained(EXAMPLES + PLAIN), text)


def test_training_twice_gives_the_same(tmp_path: Path) -> None:
    benches = [Workbench(tmp_path / name) for name in ("a", "b")]
    for bench in benches:
        bench.trained(EXAMPLES + PLAIN)
    assert benches[0].fingerprint() == benches[1].fingerprint()
