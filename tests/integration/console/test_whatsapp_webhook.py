"""The WhatsApp webhook: what is let in, and that all of it is stored, once."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from ramah.messaging.accounts import connect_account
from ramah.messaging.models import Conversation, Envelope, EnvelopeStatus, Inbound, ParkedReceipt
from ramah.messaging.turn_runner import TurnRunner
from ramah.observe import Incident
from ramah.people import Contact
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, make_tenant
from tests.integration.console.contents import count, everything, rows_of
from tests.integration.console.signed import ADDRESS, deliver, signature
from tests.unit.channels.whatsapp.recorded import recorded, with_value

HANDSHAKE = {"hub.mode": "subscribe", "hub.verify_token": "v", "hub.challenge": "1158201444"}
TEXT = recorded("message_text")
ODD_TEXTS = {
    "null bytes": ("be\x00sok\x00", "besok"),
    "right to left": ("\u202eمرحبا‏ غدا", "\u202eمرحبا‏ غدا"),
    "5,000 characters": ("panjang " * 625, "panjang " * 625),
    "HTML": ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    "SQL": ("'; DROP TABLE inbound; --", "'; DROP TABLE inbound; --"),
    "emoji only": ("🚗💨👨‍👩‍👧", "🚗💨👨‍👩‍👧"),
    "half a surrogate pair": ("a\ud83d", "a\ufffd"),
    "only spaces": ("  \n ", "  \n "),
}


@pytest.fixture
def stranger(database: Database) -> Tenant:
    """Another tenant, with a Meta app of its own."""
    return make_tenant(database, "stranger", "2000002", app_secret="theirs")


def typed(text: str, name: str = "Aina", message_id: str = "wamid.T") -> bytes:
    """A body with one text message."""
    contact = {"profile": {"name": name}, "wa_id": "60121112222"}
    message = {"from": "60121112222", "id": message_id, "timestamp": "1760000000", "type": "text"}
    return with_value({"contacts": [contact], "messages": [{**message, "text": {"body": text}}]})


def of_kind(body: bytes, kind: str) -> list[dict[str, Any]]:
    """All messages or statuses of a body, read without our parser."""
    changes = [change["value"] for entry in json.loads(body)["entry"] for change in entry["changes"]]
    return [item for value in changes for item in value.get(kind, [])]


@pytest.mark.usefixtures("kilap")
def test_the_handshake_echoes_the_challenge_for_the_right_token(anybody: httpx.Client) -> None:
    answer = anybody.get(ADDRESS, params=HANDSHAKE)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.usefixtures("kilap")
def test_the_handshake_refuses_everything_else(anybody: httpx.Client) -> None:
    for change in ({"hub.verify_token": "wrong"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
        answer = anybody.get(ADDRESS, params=HANDSHAKE | change)
        assert answer.status_code == 403
        assert "1158201444" not in answer.text
    assert anybody.get(ADDRESS).status_code == 403


@pytest.mark.usefixtures("kilap")
def test_what_is_not_signed_rightly_is_stored_nowhere(anybody: httpx.Client, database: Database) -> None:
    before = everything(database)
    right = signature(TEXT)["x-hub-signature-256"]
    for header in (None, "", "sha256=", right[:-1], right.removeprefix("sha256="), right.replace("256", "1"), "ÿ"):
        headers = {} if header is None else {b"x-hub-signature-256": header.encode()}
        assert anybody.post(ADDRESS, content=TEXT, headers=headers).status_code == 401, header
    assert anybody.post(ADDRESS, content=TEXT, headers=signature(TEXT, "another secret")).status_code == 401
    assert anybody.post(ADDRESS, content=TEXT + b" ", headers=signature(TEXT)).status_code == 401
    assert everything(database) == before


def test_the_secret_of_one_organisation_does_not_open_another(
    anybody: httpx.Client, database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    with database.tenant(stranger.id) as session:
        secrets = {"access_token": "t", "app_secret": "theirs", "verify_token": "theirs"}
        connect_account(session, "whatsapp", "Phone", "2000002", secrets)
    answer = anybody.post("/webhooks/whatsapp/stranger-phone", content=TEXT, headers=signature(TEXT))
    assert answer.status_code == 401
    assert anybody.get("/webhooks/whatsapp/stranger-phone", params=HANDSHAKE).status_code == 403
    assert count(database, Inbound) == 0


def test_a_message_for_a_number_of_another_organisation_does_not_reach_it(
    anybody: httpx.Client, database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    body = with_value({"metadata": {"display_phone_number": "1", "phone_number_id": stranger.whatsapp.external_id}})
    assert deliver(anybody, body).json() == {"stored": 0}
    assert count(database, Inbound) == 0
    (incident,) = rows_of(database, Incident)
    assert (incident.organisation_id, incident.operation) == (kilap.id, "webhook:unknown-number")


@pytest.mark.usefixtures("kilap")
def test_a_signed_body_that_cannot_be_read_is_kept_for_a_person_and_answered(
    anybody: httpx.Client, database: Database
) -> None:
    unreadable = (b"", b"{", b"[]", b"null", b'{"object":"page","entry":[]}', b"\xff", TEXT[:-1])
    for body in unreadable:
        answer = deliver(anybody, body)
        assert (answer.status_code, answer.json()) == (200, {"stored": 0}), body
    assert count(database, Inbound) == 0
    kept = rows_of(database, Envelope)
    assert {row.body for row in kept} == set(unreadable)
    assert {row.status for row in kept} == {EnvelopeStatus.FAILED}
    incidents = rows_of(database, Incident)
    assert {incident.operation for incident in incidents} == {"webhook:whatsapp"}
    assert sum(incident.count for incident in incidents) == len(unreadable)


@pytest.mark.usefixtures("kilap")
@pytest.mark.parametrize("size", [3 * 1024 * 1024 + 1, 4 * 1024 * 1024 + 1])
def test_a_body_that_is_too_large_is_refused(anybody: httpx.Client, database: Database, size: int) -> None:
    assert deliver(anybody, TEXT + b" " * (size - len(TEXT))).status_code == 413
    assert count(database, Inbound) == 0


@pytest.mark.usefixtures("kilap")
def test_the_largest_body_that_meta_sends_is_taken(anybody: httpx.Client, database: Database) -> None:
    assert deliver(anybody, TEXT + b" " * (3 * 1024 * 1024 - len(TEXT))).status_code == 200
    assert count(database, Inbound) == 1


@pytest.mark.usefixtures("kilap")
@pytest.mark.parametrize("key", ["none", "kilap-web", "KILAP-PHONE", "kilap-phone'--"])
def test_an_unknown_address_is_not_found(anybody: httpx.Client, database: Database, key: str) -> None:
    answer = anybody.post(f"/webhooks/whatsapp/{key}", content=TEXT, headers=signature(TEXT))
    assert answer.status_code == 404
    assert anybody.get(f"/webhooks/whatsapp/{key}", params=HANDSHAKE).status_code == 404
    assert count(database, Inbound) == 0


@pytest.mark.parametrize(
    ("name", "kind", "text", "payload"),
    [
        ("text", "text", "Halo, mau cuci mobil besok 🚗", None),
        ("button", "tap", "Ya, setuju", "/confirm_booking"),
        ("interactive_button", "tap", "Cuci biasa", '/choose{"service":"basic_wash"}'),
        ("interactive_list", "tap", "Nano coating", '/choose{"service":"nano"}'),
    ],
)
def test_a_message_is_stored_once_however_often_it_comes(
    anybody: httpx.Client, database: Database, kilap: Tenant, name: str, kind: str, text: str, payload: str | None
) -> None:
    body = recorded(f"message_{name}")
    assert [deliver(anybody, body).json()["stored"] for _ in range(3)] == [1, 0, 0]
    (row,) = rows_of(database, Inbound)
    assert (row.kind, row.text, row.payload) == (kind, text, payload)
    assert (row.organisation_id, row.channel_account_id) == (kilap.id, kilap.whatsapp.id)
    (conversation,) = rows_of(database, Conversation)
    assert (conversation.unread, conversation.next_position) == (1, 2)


@pytest.mark.usefixtures("kilap")
def test_deliveries_at_the_same_moment_store_one_message(anybody: httpx.Client, database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: deliver(anybody, TEXT).status_code, range(16)))
    assert answers == [200] * 16
    assert (count(database, Inbound), count(database, Conversation), count(database, Contact)) == (1, 1, 1)


@pytest.mark.usefixtures("kilap")
def test_a_message_of_an_unknown_kind_is_kept_and_answered(
    anybody: httpx.Client, database: Database, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    body = recorded("message_unknown_kind")
    assert deliver(anybody, body).json() == {"stored": 1}
    (row,) = rows_of(database, Inbound)
    assert row.kind == "unsupported"
    assert row.raw == of_kind(body, "messages")[0]
    assert runner.run_one()
    assert [said.response for said in engine.said] == ["utter_unsupported_message"]


def test_nothing_of_a_batch_of_everything_is_lost(anybody: httpx.Client, database: Database, kilap: Tenant) -> None:
    with database.tenant(kilap.id) as session:
        secrets = {"access_token": "t", "app_secret": "other", "verify_token": "other"}
        second = connect_account(session, "whatsapp", "Second", "1000002", secrets)
    body = recorded("batch_of_everything")
    sent = [message["id"] for message in of_kind(body, "messages")]
    whole = len(sent) + len(of_kind(body, "statuses"))
    assert [deliver(anybody, body).json()["stored"] for _ in range(2)] == [whole, 0]
    rows = sorted(rows_of(database, Inbound), key=lambda row: row.id)
    assert [row.external_id for row in rows] == sent
    assert len(sent) == 23
    assert {row.external_id for row in rows if row.channel_account_id == second.id} == {"wamid.OTHER"}
    # "played" is more than "read" and parks as the same thing.
    assert sorted(row.status for row in rows_of(database, ParkedReceipt)) == ["delivered", "failed", "read", "sent"]


@pytest.mark.usefixtures("kilap")
def test_a_number_that_is_not_connected_costs_its_neighbours_nothing(anybody: httpx.Client, database: Database) -> None:
    body = recorded("batch_of_everything")
    assert deliver(anybody, body).json() == {"stored": 22 + 5}
    assert count(database, Inbound) == 22
    assert [incident.operation for incident in rows_of(database, Incident)] == ["webhook:unknown-number"]


@pytest.mark.usefixtures("kilap")
def test_strange_texts_are_kept_as_they_are(anybody: httpx.Client, database: Database) -> None:
    for name, (text, _) in ODD_TEXTS.items():
        answer = deliver(anybody, typed(text, name=text[:100], message_id=f"wamid.{name}"))
        assert (answer.status_code, answer.json()) == (200, {"stored": 1}), name
    kept = {row.external_id.removeprefix("wamid."): row.text for row in rows_of(database, Inbound)}
    assert kept == {name: stored for name, (_, stored) in ODD_TEXTS.items()}


@pytest.mark.usefixtures("kilap")
def test_an_interrupted_connection_stores_nothing(anybody: httpx.Client, database: Database) -> None:
    head = f"POST {ADDRESS} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(TEXT)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in signature(TEXT).items())
    with socket.create_connection((anybody.base_url.host, anybody.base_url.port or 80)) as connection:
        connection.sendall(head.encode() + b"\r\n" + TEXT[:-10])
    assert anybody.get("/healthz").status_code == 200
    assert count(database, Inbound) == 0
