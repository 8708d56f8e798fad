"""When a message that was not understood leads to a question with two buttons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from ruamel.yaml import YAML

from actions import general
from actions.clarifying import ASKABLE, close_meanings
from actions.general import Fallback

GENERAL = Path(__file__).resolve().parents[2] / "data" / "general"
LONGEST_TITLE = 20  # of a button in WhatsApp
PREFIX = "utter_meaning_"


def heard(*ranking: tuple[str | None, float]) -> dict[str, Any]:
    guesses = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    return {"text": "harga area", "intent": guesses[0] if guesses else {}, "intent_ranking": guesses}


def test_two_close_meanings_are_asked_about() -> None:
    message = heard(("nlu_fallback", 0.7), ("ask_price", 0.42), ("ask_areas", 0.4), ("greet", 0.1))
    assert close_meanings(message) == ("ask_price", "ask_areas")


@pytest.mark.parametrize(
    "message",
    [
        heard(),
        heard(("nlu_fallback", 1.0)),
        heard(("nlu_fallback", 0.7), ("ask_price", 0.9)),
        heard(("nlu_fallback", 0.7), ("ask_price", 0.2), ("ask_areas", 0.19)),
        heard(("nlu_fallback", 0.7), ("ask_price", 0.6), ("ask_areas", 0.2)),
        heard(("nlu_fallback", 0.7), ("ask_price", 0.4), ("out_of_scope", 0.4)),
        heard((None, 0.0)),
        {},
    ],
)
def test_one_clear_meaning_none_or_one_without_a_button_is_not_asked_about(message: dict[str, Any]) -> None:
    assert close_meanings(message) is None


async def test_the_question_names_both_meanings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(general, "place_of", lambda tracker: None)
    monkeypatch.setattr(general, "begins_booking", lambda place, heard: False)
    message = heard(("nlu_fallback", 0.7), ("ask_price", 0.42), ("ask_areas", 0.4))
    tracker = Tracker("c-1", {"language": "en"}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    assert await Fallback().run(dispatcher, tracker, {}) == []
    (said,) = dispatcher.messages
    assert (said["response"], said["first"], said["second"]) == ("utter_which_of_two", "ask_price", "ask_areas")
    assert (said["first_title"], said["second_title"]) == ("utter_meaning_ask_price", "utter_meaning_ask_areas")


@pytest.mark.parametrize("language", ["id", "ms", "en"])
def test_every_meaning_has_a_title_that_fits_a_button(language: str) -> None:
    content = YAML(typ="safe").load((GENERAL / f"responses.{language}.yml").read_text(encoding="utf-8"))
    titles = {n.removeprefix(PREFIX): r[0]["text"] for n, r in content["responses"].items() if n.startswith(PREFIX)}
    assert set(titles) == ASKABLE
    assert len(set(titles.values())) == len(titles)
    assert all(len(title) <= LONGEST_TITLE for title in titles.values())
