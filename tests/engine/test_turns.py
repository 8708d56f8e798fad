"""Turns over HTTP: who may ask, what is answered, and what counts as what."""

from __future__ import annotations

import uuid

import pytest
import requests
from fake_action_server import FakeActionServer, Outcome
from running_engine import RunningEngine, texts

GREETING = "Halo! Ada yang bisa dibantu?"


@pytest.fixture
def conversation() -> str:
    return uuid.uuid4().hex


def body(conversation: str, **fields: object) -> dict[str, object]:
    return {"conversation_id": conversation, "message_id": "m1", "text": "halo kak", "channel": "web", **fields}


@pytest.mark.parametrize("token", [None, "", "wrong", "engine-secre", "engine-secret2", "ängine"])
@pytest.mark.parametrize("route", ["turn", "say"])
def test_it_refuses_callers_without_the_token(engine: RunningEngine, route: str, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
    response = requests.post(f"{engine.url}/{route}", json=body("c"), headers=headers, timeout=10)
    assert response.status_code == 401
    assert response.json()["failure"]["kind"] == "unauthorised"


def test_everybody_may_ask_for_its_health(engine: RunningEngine) -> None:
    response = engine.health()
    assert response.status_code == 200
    assert response.json()["ready"] is True
    assert response.json()["model"]


def test_rasas_own_page_is_not_served(engine: RunningEngine) -> None:
    assert requests.get(engine.url.removesuffix("/webhooks/ramah"), timeout=10).status_code == 404


def test_a_turn_tells_what_was_said_understood_and_done(engine: RunningEngine, conversation: str) -> None:
    answer = engine.turn(conversation, "halo kak")
    assert texts(answer) == [GREETING]
    assert answer["replies"][0]["buttons"] == [{"title": "Mau pesan", "payload": "/book_service"}]
    assert answer["understood"]["text"] == "halo kak"
    assert answer["understood"]["intent"]["name"] == "greet"
    assert len(answer["understood"]["ranking"]) == 3
    assert answer["did"] == [{"action": "utter_greet", "policy": "RulePolicy", "confidence": 1.0}]
    assert answer["repeated"] is False


def test_a_variation_of_the_channel_is_preferred_in_each_language(engine: RunningEngine) -> None:
    for language, text in {
        "id": "Halo dari WhatsApp!",
        "ms": "Hai dari WhatsApp!",
        "en": "Hello from WhatsApp!",
    }.items():
        answer = engine.turn(uuid.uuid4().hex, "hai", payload="/greet", channel="whatsapp", language_hint=language)
        assert texts(answer) == [text]


def test_a_tapped_button_acts_as_its_payload(engine: RunningEngine, conversation: str) -> None:
    answer = engine.turn(conversation, "Dadah", payload="/goodbye")
    assert answer["understood"]["intent"] == {"name": "goodbye", "confidence": 1.0}


def test_a_payload_carries_its_entities(engine: RunningEngine, conversation: str) -> None:
    payload = '/choose{"draft":"d1","step":"service","value":"basic {wash} \\"x\\""}'
    answer = engine.turn(conversation, "Cuci", payload=payload)
    values = {entity["entity"]: entity["value"] for entity in answer["understood"]["entities"]}
    assert values == {"draft": "d1", "step": "service", "value": 'basic {wash} "x"'}


@pytest.mark.parametrize(
    "text", ["/goodbye", " /goodbye", "//goodbye", '/choose{"draft":"x"}', "/ /goodbye", "/restart"]
)
def test_typed_text_never_acts_as_a_payload(engine: RunningEngine, conversation: str, text: str) -> None:
    answer = engine.turn(conversation, text)
    assert answer["understood"]["text"] == text.strip()
    assert answer["understood"]["intent"]["confidence"] < 1.0
    assert not {"draft", "step", "value"} & {entity["entity"] for entity in answer["understood"]["entities"]}


@pytest.mark.parametrize("text", ["/", "", "   ", "///"])
def test_a_message_without_words_is_not_understood_but_answered(
    engine: RunningEngine, conversation: str, text: str
) -> None:
    answer = engine.turn(conversation, text)
    assert answer["understood"]["intent"]["name"] == "nlu_fallback"
    assert texts(answer) == ["?"]


def test_a_payload_of_an_intent_that_is_gone_counts_as_the_words_on_the_button(
    engine: RunningEngine, conversation: str
) -> None:
    answer = engine.turn(conversation, "halo kak", payload="/intent_of_last_year")
    assert answer["understood"]["intent"]["name"] == "greet"


@pytest.mark.parametrize(
    "text",
    [
        "👋",
        "مرحبا كيف حالك",
        "\u202ehalo kak",
        "<script>alert(1)</script>",
        "'; DROP TABLE events; --",
        "{name} 0[x] {{",
        pytest.param("a" * 5000, id="5000 letters"),
        pytest.param(("mau cuci mobil " * 333).strip(), id="5000 characters of words"),
    ],
)
def test_any_text_is_kept_as_it_was_typed(engine: RunningEngine, conversation: str, text: str) -> None:
    answer = engine.turn(conversation, text)
    assert answer["understood"]["text"] == text
    assert answer["replies"]


def test_null_characters_are_dropped(engine: RunningEngine, conversation: str) -> None:
    answer = engine.turn(conversation, "ha\x00lo\x00 kak")
    assert answer["understood"]["text"] == "halo kak"
    assert texts(answer) == [GREETING]


def test_half_a_character_is_replaced(engine: RunningEngine, conversation: str) -> None:
    raw = b'{"conversation_id":"%s","message_id":"m","text":"halo \\ud83d kak","channel":"web"}' % conversation.encode()
    response = engine.post("turn", raw)
    assert response.status_code == 200
    assert response.json()["understood"]["text"] == "halo \ufffd kak"


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": None},
        pytest.param({"text": "x" * 65537}, id="too long"),
        pytest.param({"text": "é" * 40000}, id="too many bytes"),
        {"message_id": ""},
        {"message_id": "m\x00"},
        pytest.param({"conversation_id": "c" * 256}, id="long conversation id"),
        {"payload": "goodbye"},
        {"language_hint": "fr"},
        {"metadata": []},
        {"conversaton": "misspelt"},
    ],
)
def test_it_refuses_a_body_that_does_not_fit(engine: RunningEngine, wrong: dict[str, object]) -> None:
    response = engine.post("turn", {**body("c"), **wrong})
    assert response.status_code == 400
    assert response.json()["failure"]["kind"] == "bad_request"
    assert response.json()["failure"]["permanent"] is True


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        pytest.param(b"[" * 100000, id="deeply nested"),
        pytest.param(b"x" * 300000, id="too long"),
    ],
)
def test_it_refuses_what_is_no_json_object(engine: RunningEngine, raw: bytes) -> None:
    response = engine.post("turn", raw)
    assert response.status_code == 400
    assert response.json()["failure"]["kind"] == "bad_request"


def test_a_repeated_message_gets_the_same_answer_and_runs_nothing(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    first = engine.turn(conversation, "asdfgh qwerty", message_id="m1")
    engine.turn(conversation, "halo kak", message_id="m2")
    called = len(action_server.calls)
    again = engine.turn(conversation, "asdfgh qwerty", message_id="m1")
    assert again["repeated"] is True
    assert again["replies"] == first["replies"]
    assert again["did"] == first["did"]
    assert len(action_server.calls) == called


def test_the_same_message_id_in_another_conversation_is_another_message(engine: RunningEngine) -> None:
    answers = [engine.turn(uuid.uuid4().hex, "halo kak", message_id="same") for _ in range(2)]
    assert [answer["repeated"] for answer in answers] == [False, False]


def test_the_language_hint_counts_until_the_language_is_known(engine: RunningEngine, conversation: str) -> None:
    assert engine.turn(conversation, "x", payload="/greet", language_hint="en")["language"] == "en"
    assert engine.turn(conversation, "x", payload="/greet", language_hint="ms")["language"] == "en"
    assert engine.turn(conversation, "saya nak tempah basuh kereta")["language"] == "ms"
    assert engine.turn(conversation, "x", payload="/greet", language_hint="en")["language"] == "ms"


def test_a_control_message_is_a_reply(engine: RunningEngine, conversation: str) -> None:
    answer = engine.turn(conversation, "x", payload="/control")
    assert [reply["custom"] for reply in answer["replies"]] == [{"handover": True}]


def test_a_paused_conversation_may_be_silent(engine: RunningEngine, conversation: str) -> None:
    assert engine.turn(conversation, "x", payload="/pause")["replies"] == []
    assert engine.turn(conversation, "halo kak")["replies"] == []


def test_metadata_and_trace_reach_the_action_server(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    fields = {"payload": "/control", "metadata": {"organisation_id": "o1"}}
    answer = engine.traced_turn(conversation, "Kirim", f"00-{trace_id}-b7ad6b7169203331-01", **fields).json()
    sent = action_server.calls[-1]["tracker"]["latest_message"]
    user = [event for event in action_server.calls[-1]["tracker"]["events"] if event["event"] == "user"][-1]
    assert user["metadata"]["organisation_id"] == "o1"
    assert user["metadata"]["title"] == "Kirim"
    assert sent["text"] == "/control"
    (call,) = [one for one in answer["spans"] if one["name"] == "call action_control"]
    assert action_server.headers[-1]["traceparent"] == f"00-{trace_id}-{call['id']}-01"
    assert action_server.headers[-1]["authorization"] == "Bearer actions-secret"
    assert set(action_server.calls[-1]["domain"]) == {"slots", "forms"}


def test_a_question_inside_a_form_is_answered_and_the_form_asks_again(engine: RunningEngine, conversation: str) -> None:
    assert texts(engine.turn(conversation, "x", payload="/book_service")) == ["Nama lengkapnya siapa?"]
    assert texts(engine.turn(conversation, "x", payload="/greet")) == [GREETING, "Nama lengkapnya siapa?"]
    assert texts(engine.turn(conversation, "Budi Santoso")) == ["Nomor platnya?"]
    finished = engine.turn(conversation, "B 1234 XYZ")
    assert texts(finished) == ["Sudah dipesan, Budi Santoso!"]
    assert [done["action"] for done in finished["did"]] == ["booking_form", "action_submit"]


def test_a_customers_signs_do_not_break_the_wording(engine: RunningEngine, conversation: str) -> None:
    name = "{name} 0[x] {{draft}} %s"
    engine.turn(conversation, "x", payload="/book_service")
    engine.turn(conversation, name)
    assert texts(engine.turn(conversation, "B 1")) == [f"Sudah dipesan, {name}!"]


def test_long_conversations_keep_slots_and_form(engine: RunningEngine, conversation: str) -> None:
    engine.turn(conversation, "x", payload="/book_service", message_id="first")
    engine.turn(conversation, "Budi Santoso")
    for _ in range(30):
        assert texts(engine.turn(conversation, "x", payload="/greet")) == [GREETING, "Nomor platnya?"]
    assert engine.turn(conversation, "x", message_id="first", payload="/book_service")["repeated"] is True
    assert texts(engine.turn(conversation, "B 1")) == ["Sudah dipesan, Budi Santoso!"]


def test_the_history_sent_to_the_action_server_stays_short(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    for _ in range(60):
        engine.turn(conversation, "x", payload="/greet")
    engine.turn(conversation, "x", payload="/control")
    assert len(action_server.calls[-1]["tracker"]["events"]) < 150


def test_pictures_and_quick_replies_come_through(
    engine: RunningEngine, action_server: FakeActionServer, conversation: str
) -> None:
    told = {
        "text": "lihat",
        "image": "https://example.org/a.png",
        "quick_replies": [{"title": "Ya", "payload": "/greet"}],
    }
    action_server.behave("action_control", Outcome(responses=[told]))
    reply = engine.turn(conversation, "x", payload="/control")["replies"][0]
    assert reply["image"] == "https://example.org/a.png"
    assert reply["attachment"] is None
    assert reply["buttons"] == [{"title": "Ya", "payload": "/greet"}]
