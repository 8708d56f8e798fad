"""The intent classifier: trained, stored, loaded, asked, and given what makes no sense."""

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

from engine.components.intent import STRANGE_CONFIDENCE, LinearIntentClassifier

CARS = ("mobil", "motor", "avanza", "xenia", "brio", "jazz")
EXAMPLES = {
    "book": [f"mau cuci {car} {day}" for car in CARS for day in ("besok", "lusa", "senin", "sabtu")],
    "price": [f"berapa harga cuci {car} {day}" for car in CARS for day in ("besok", "lusa", "senin", "sabtu")],
    "stop": [f"jangan kirim promo {word}" for word in ("lagi", "apa pun", "ke sini", "terus")],
}


class Workbench:
    """A model storage in a folder, with the component in and out of it."""

    def __init__(self, folder: Path) -> None:
        self.storage = LocalModelStorage(folder)
        self.resource = Resource("intent")
        self.context = ExecutionContext(GraphSchema({}))

    def trained(self, examples: dict[str, list[str]], **settings: Any) -> LinearIntentClassifier:
        config = {**LinearIntentClassifier.get_default_config(), **settings}
        component = LinearIntentClassifier.create(config, self.storage, self.resource, self.context)
        messages = [Message({"text": text, "intent": intent}) for intent, texts in examples.items() for text in texts]
        component.train(TrainingData(messages))
        return component

    def loaded(self) -> LinearIntentClassifier:
        config = LinearIntentClassifier.get_default_config()
        return LinearIntentClassifier.load(config, self.storage, self.resource, self.context)

    def fingerprint(self) -> dict[str, str]:
        with self.storage.read_from(self.resource) as folder:
            return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    return Workbench(tmp_path)


def ranking_of(component: LinearIntentClassifier, text: str, **more: Any) -> list[dict[str, Any]]:
    (message,) = component.process([Message({"text": text, **more})])
    ranking: list[dict[str, Any]] = message.get("intent_ranking")
    assert message.get("intent") == (ranking[0] if ranking else {"name": None, "confidence": 0.0})
    return ranking


def test_it_understands_what_it_was_taught_and_what_is_like_it(workbench: Workbench) -> None:
    component = workbench.trained(EXAMPLES)
    assert ranking_of(component, "mau cuci brio besok")[0]["name"] == "book"
    assert ranking_of(component, "BERAPAAA hrg cuci mobil?")[0]["name"] == "price"


def test_what_was_stored_answers_the_same(workbench: Workbench) -> None:
    trained = workbench.trained(EXAMPLES)
    for text in ("mau cuci jazz rabu", "promo", "xyzzy"):
        assert ranking_of(workbench.loaded(), text) == ranking_of(trained, text)


def test_training_twice_gives_the_same(tmp_path: Path) -> None:
    first, second = Workbench(tmp_path / "a"), Workbench(tmp_path / "b")
    for bench in (first, second):
        bench.storage._storage_path.mkdir()
        bench.trained(EXAMPLES)
    assert first.fingerprint() == second.fingerprint()


def test_confidences_are_sorted_and_never_more_than_one(workbench: Workbench) -> None:
    component = workbench.trained(EXAMPLES)
    for text in ("mau cuci brio", "berapa", "promo lagi", "cuci"):
        confidences = [guess["confidence"] for guess in ranking_of(component, text)]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0 <= confidence <= 1 for confidence in confidences)
        assert sum(confidences) <= 1 + 1e-6


@pytest.mark.parametrize("text", ["zxqj vvkw", "qqq", "щось інше"])
def test_a_message_of_strange_words_is_not_trusted(workbench: Workbench, text: str) -> None:
    ranking = ranking_of(workbench.trained(EXAMPLES), text)
    assert all(guess["confidence"] <= STRANGE_CONFIDENCE + 1e-6 for guess in ranking)


def test_names_are_strange_words_that_an_open_intent_takes(workbench: Workbench) -> None:
    names = ["Budi Santoso", "Siti Aminah", "Dewi Lestari", "Agus Salim", "Rina Marlina", "Joko Susilo"]
    component = workbench.trained({**EXAMPLES, "inform": names}, open_intents=["inform"])
    best = ranking_of(component, "Joni Suharsono")[0]
    assert best["name"] == "inform"
    assert best["confidence"] > STRANGE_CONFIDENCE


@pytest.mark.parametrize("text", ["", "   ", "...", "🦄"])
def test_a_message_without_anything_known_has_no_intent(workbench: Workbench, text: str) -> None:
    assert ranking_of(workbench.trained(EXAMPLES), text) == []


def test_a_very_long_message_is_answered(workbench: Workbench) -> None:
    assert ranking_of(workbench.trained(EXAMPLES), "mau cuci mobil " * 5000)[0]["name"] == "book"


def test_an_unknown_language_does_not_disturb_it(workbench: Workbench) -> None:
    component = workbench.trained(EXAMPLES)
    guess = {"name": "fr", "probability": 0.4, "certain": False, "words": 0}
    assert ranking_of(component, "mau cuci brio", language=guess) == ranking_of(component, "mau cuci brio")


def test_intents_with_one_example_are_learnt(workbench: Workbench) -> None:
    component = workbench.trained({"yes": ["ya"], "no": ["tidak mau"], "book": ["mau cuci mobil"]})
    assert [ranking_of(component, text)[0]["name"] for text in ("ya", "tidak mau", "cuci mobil")] == [
        "yes",
        "no",
        "book",
    ]


def test_the_name_of_an_intent_is_an_example_of_it(workbench: Workbench) -> None:
    component = workbench.trained({"lost_card": ["where did it go"], "newCard": ["I want one"], "pay/now": ["take it"]})
    for text, intent in (("lost card", "lost_card"), ("new card", "newCard"), ("pay now", "pay/now")):
        assert ranking_of(component, text)[0]["name"] == intent


def test_one_intent_alone_is_refused(workbench: Workbench) -> None:
    with pytest.raises(ValueError, match="at least two intents"):
        workbench.trained({"book": ["mau cuci mobil", "booking"]})
