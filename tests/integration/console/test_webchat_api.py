"""The web chat's JSON API: sessions, messages, limits."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from ramah.desk.handover import close, release, take_over, write
from ramah.messaging.models import Conversation, Inbound
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.conftest import settings_with
from tests.integration.console.contents import count, rows_of
from tests.integration.console.served import ServedConsole, served
from tests.integration.console.visitors import Customer, customer_of

SESSION = "/api/webchat/kilap-web/session"
MESSAGES = "/api/webchat/kilap-web/messages"


def texts(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(message["from"], message["text"]) for message in messages]


def test_a_new_visitor_gets_a_token_and_an_empty_history(customer: Customer) -> None:
    body = customer.client.post(SESSION, json={}).json()
    assert len(body.pop("token")) >= 40
    assert body == {"messages": [], "position": 0}
    assert customer.client.post(SESSION).json()["token"] != customer.token


def test_the_session_goes_on_after_a_reload(customer: Customer, runner: TurnRunner) -> None:
    customer.say("halo")
    runner.run_one()
    token = customer.token
    body = customer.arrive()
    assert body["token"] == token
    assert texts(body["messages"]) == [("customer", "halo"), ("bot", "echo halo")]
    assert body["position"] == 2


def test_a_message_is_answered_with_its_place_in_the_thread(customer: Customer) -> None:
    client_id = str(uuid4())
    answer = customer.say("halo", client_id)
    assert answer.status_code == 202
    message = answer.json()["message"]
    assert message.pop("at")
    assert message == {
        "position": 1,
        "client_id": client_id,
        "from": "customer",
        "author": None,
        "text": "halo",
        "choices": [],
        "image_url": None,
        "files": [],
        "status": "sent",
    }


def test_a_message_sent_again_is_the_same_message(customer: Customer, database: Database) -> None:
    client_id = str(uuid4())
    first = customer.say("halo", client_id).json()
    customer.say("ada promo?")
    assert customer.say("halo", client_id).json() == first
    assert customer.say("changed", client_id.upper()).json() == first
    assert [row.text for row in rows_of(database, Inbound)] == ["halo", "ada promo?"]


def test_two_visitors_may_give_the_same_id(console: ServedConsole, customer: Customer, database: Database) -> None:
    client_id = str(uuid4())
    customer.say("satu", client_id)
    customer_of(console, customer.key).say("dua", client_id)
    assert count(database, Inbound) == 2


def test_a_tapped_button_keeps_its_payload(customer: Customer, database: Database) -> None:
    customer.say("Ya", payload="/affirm\x00")
    (row,) = rows_of(database, Inbound)
    assert (row.kind, row.text, row.payload) == ("tap", "Ya", "/affirm")


def test_history_comes_after_a_position(customer: Customer) -> None:
    for text in ("satu", "dua", "tiga"):
        customer.say(text)
    assert [message["position"] for message in customer.read()] == [1, 2, 3]
    assert texts(customer.read(after=2)) == [("customer", "tiga")]
    assert customer.read(after=3) == []


def test_positions_that_are_none_mean_the_beginning_or_nothing(customer: Customer) -> None:
    customer.say("halo")
    assert [len(customer.read(after)) for after in ("x", "-1", "", "9" * 5000)] == [1, 1, 1, 1]
    assert customer.read("9" * 18) == []


def test_a_visitor_sees_nothing_of_another(console: ServedConsole, customer: Customer, stranger: Tenant) -> None:
    customer.say("rahasia")
    assert customer_of(console, customer.key).read() == []
    elsewhere = Customer(customer.client, stranger.webchat.public_key, customer.token)
    assert elsewhere.read() == []
    assert elsewhere.arrive()["messages"] == []


@pytest.mark.parametrize("token", ["short", "x" * 101, "x" * 201])
def test_a_token_that_cannot_be_ours_is_refused(customer: Customer, token: str) -> None:
    intruder = Customer(customer.client, customer.key, token)
    assert intruder.say("halo").status_code == 401
    assert customer.client.get(MESSAGES, headers=intruder.headers).status_code == 401
    assert customer.client.post(SESSION, json={"token": token}).status_code in (400, 401)


def test_a_chat_that_does_not_exist_is_not_found(customer: Customer) -> None:
    for key in ("none", "kilap-phone", "KILAP-WEB"):
        assert Customer(customer.client, key, customer.token).say("halo").status_code == 404
        assert customer.client.post(f"/api/webchat/{key}/session").status_code == 404
        assert customer.client.get(f"/chat/{key}").status_code == 404


@pytest.mark.parametrize("text", ["", "   \n\t", "\x00", "\x00 \x00", "x" * 5001])
def test_an_empty_or_too_long_message_is_refused(customer: Customer, database: Database, text: str) -> None:
    answer = customer.say(text)
    assert answer.status_code == 400
    assert "message is" in answer.json()["message"]
    assert count(database, Inbound) == 0


def test_a_payload_that_is_too_long_is_refused(customer: Customer, database: Database) -> None:
    assert customer.say("Ya", payload="x" * 1001).status_code == 400
    assert count(database, Inbound) == 0


def test_strange_texts_stay_what_they_are(customer: Customer) -> None:
    said = ["<b onclick=alert(1)>tebal</b>", "'; DROP TABLE inbound; --", "مرحبا \u202eغدا", "🚗", "x" * 5000, "a\x00b"]
    for text in said:
        assert customer.say(text).status_code == 202
    assert [message["text"] for message in customer.read()] == [*said[:-1], "ab"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"halo"',
        b"\xff\xfe",
        b"{}",
        b'{"client_id": "1", "text": "halo"}',
        b'{"client_id": null, "text": "halo"}',
        b'{"client_id": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", "text": 7}',
        b'{"client_id": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", "text": "\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_a_body_that_cannot_be_read_is_refused(customer: Customer, database: Database, body: bytes) -> None:
    answer = customer.client.post(MESSAGES, content=body, headers=customer.headers)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "message"}
    assert count(database, Inbound) == 0


def test_a_broken_session_body_is_refused(customer: Customer) -> None:
    for body in (b"{", b"[]", b'{"token": 7}', b'{"language": "' + b"x" * 300 + b'"}'):
        assert customer.client.post(SESSION, content=body).status_code == 400


def test_too_many_messages_are_refused_with_the_time_to_wait(database: Database, kilap: Tenant) -> None:
    with served(settings_with(webchat_limit="3/minute"), database) as console:
        customer = customer_of(console, kilap.webchat.public_key)
        assert [customer.say("halo").status_code for _ in range(3)] == [202] * 3
        answer = customer.say("halo")
        customer.client.close()
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert count(database, Inbound) == 3


def test_notes_of_the_staff_never_reach_the_customer(
    customer: Customer, database: Database, kilap: Tenant, runner: TurnRunner
) -> None:
    customer.say("halo")
    runner.run_one()
    (conversation,) = rows_of(database, Conversation)
    take_over(database, kilap.id, conversation.id, kilap.alice)
    write(database, kilap.id, conversation.id, kilap.alice, "Saya Alice", "k")
    release(database, kilap.id, conversation.id, kilap.alice)
    close(database, kilap.id, conversation.id, kilap.bob)
    seen = customer.read()
    assert texts(seen) == [("customer", "halo"), ("bot", "echo halo"), ("staff", "Saya Alice")]
    assert [message["author"] for message in seen] == [None, None, "Alice"]
    assert "Bob" not in str(seen)


def test_a_visitor_who_writes_after_the_end_of_a_chat_gets_the_answer(
    customer: Customer, database: Database, kilap: Tenant, runner: TurnRunner
) -> None:
    customer.say("halo")
    runner.run_one()
    with database.tenant_reading(kilap.id) as session:
        first = session.scalars(select(Conversation)).one()
    close(database, kilap.id, first.id, kilap.alice)
    newest = customer.arrive()["position"]
    answer = customer.say("satu lagi")
    runner.run_one()
    # The page asks for what is newer than all it has; a thread that began anew at 1 would never be seen.
    assert answer.json()["message"]["position"] > newest
    assert texts(customer.read(after=newest)) == [("customer", "satu lagi"), ("bot", "echo satu lagi")]
