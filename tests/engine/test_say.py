"""Responses that the platform wants said."""

from __future__ import annotations

import uuid

import pytest
from running_engine import RunningEngine, texts


@pytest.fixture
def conversation() -> str:
    return uuid.uuid4().hex


def news(conversation: str, **fields: object) -> dict[str, object]:
    variables = {"reference": "R-1", "time": "10.00"}
    return {
        "conversation_id": conversation,
        "message_id": "s1",
        "response": "utter_news",
        "variables": variables,
        "channel": "web",
        **fields,
    }


def test_it_speaks_the_language_of_the_conversation(engine: RunningEngine, conversation: str) -> None:
    engine.turn(conversation, "x", payload="/greet", language_hint="ms")
    answer = engine.post("say", news(conversation)).json()
    assert texts(answer) == ["Khabar daripada kami: R-1 pukul 10.00"]
    assert answer["replies"][0]["buttons"][0]["payload"] == '/choose{"draft":"R-1","step":"news","value":"ok"}'


def test_a_new_conversation_hears_indonesian_or_the_language_asked_for(
    engine: RunningEngine, conversation: str
) -> None:
    assert texts(engine.post("say", news(conversation)).json()) == ["Kabar dari kami: R-1 jam 10.00"]
    english = engine.post("say", news(conversation, message_id="s2", language="en")).json()
    assert texts(english) == ["News from us: R-1 at 10.00"]


def test_the_same_message_is_said_once(engine: RunningEngine, conversation: str) -> None:
    first = engine.post("say", news(conversation)).json()
    again = engine.post("say", news(conversation, variables={"reference": "other", "time": "x"})).json()
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert again["replies"] == first["replies"]


def test_what_was_said_is_no_part_of_a_turn(engine: RunningEngine, conversation: str) -> None:
    engine.turn(conversation, "x", payload="/greet", message_id="m1")
    engine.post("say", news(conversation))
    again = engine.turn(conversation, "x", payload="/greet", message_id="m1")
    assert texts(again) == ["Halo! Ada yang bisa dibantu?"]


def test_slots_are_set_first(engine: RunningEngine, conversation: str) -> None:
    answer = engine.post("say", news(conversation, slots={"name": "Budi", "language": "en"})).json()
    assert answer["slots"]["name"] == "Budi"
    assert texts(answer) == ["News from us: R-1 at 10.00"]
    assert engine.turn(conversation, "x", payload="/goodbye")["slots"]["name"] == "Budi"


def test_it_does_not_disturb_a_form(engine: RunningEngine, conversation: str) -> None:
    engine.turn(conversation, "x", payload="/book_service")
    engine.post("say", news(conversation))
    assert texts(engine.turn(conversation, "Budi Santoso")) == ["Nomor platnya?"]


def test_an_unknown_response_is_refused(engine: RunningEngine, conversation: str) -> None:
    response = engine.post("say", news(conversation, response="utter_nowhere"))
    assert response.status_code == 404
    assert response.json()["failure"]["kind"] == "unknown_response"


def test_an_unknown_slot_is_refused(engine: RunningEngine, conversation: str) -> None:
    response = engine.post("say", news(conversation, slots={"nmae": "Budi"}))
    assert response.status_code == 400
    assert "nmae" in response.json()["failure"]["detail"]
