"""A body is safe before it is read; one broken part hides no other; what failed is read again by itself."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from ramah.channels.errors import SignatureError
from ramah.messaging import webhooks
from ramah.messaging.inbox import accept_in
from ramah.messaging.models import ChannelAccount, Envelope, EnvelopeStatus, EnvelopeTally, Inbound
from ramah.messaging.webhooks import Stored, read_waiting, receive
from ramah.observe import Incident
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant

Row = TypeVar("Row")
WRITTEN = str(int(utc_now().timestamp()))
"""When the messages were written, in seconds: the reply window counts from there, and the same bytes come again."""


def body_of(*texts: str, number: str = "1000001", person: str = "62811000001") -> bytes:
    messages = [
        {"from": person, "id": f"wamid.{text}", "timestamp": WRITTEN, "type": "text", "text": {"body": text}}
        for text in texts
    ]
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, "messages": messages}
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def post(database: Database, tenant: Tenant, body: bytes) -> Stored:
    signature = hmac.new(b"s", body, hashlib.sha256).hexdigest()
    headers = {"x-hub-signature-256": f"sha256={signature}", "cookie": "private"}
    return receive(database, tenant.whatsapp, headers, body)


def rows(database: Database, tenant: Tenant, kind: type[Row]) -> list[Row]:
    with database.tenant_reading(tenant.id) as session:
        return list(session.scalars(select(kind)))


def test_the_body_is_kept_with_what_verified_it_and_nothing_else(database: Database, kilap: Tenant) -> None:
    body = body_of("satu", "dua")
    assert post(database, kilap, body) == Stored(messages=2)
    (envelope,) = rows(database, kilap, Envelope)
    assert (envelope.body, envelope.status, envelope.messages) == (body, EnvelopeStatus.DONE, 2)
    assert list(envelope.headers) == ["x-hub-signature-256"]
    assert {row.envelope_id for row in rows(database, kilap, Inbound)} == {envelope.id}
    assert [tally.count for tally in rows(database, kilap, EnvelopeTally)] == [1]


def test_an_unsigned_body_is_kept_nowhere(database: Database, kilap: Tenant) -> None:
    with pytest.raises(SignatureError):
        receive(database, kilap.whatsapp, {"x-hub-signature-256": "sha256=00"}, body_of("satu"))
    assert rows(database, kilap, Envelope) == []


def test_the_same_bytes_are_the_same_event(database: Database, kilap: Tenant) -> None:
    for _ in range(3):
        post(database, kilap, body_of("satu"))
    (envelope,) = rows(database, kilap, Envelope)
    assert envelope.repeats == 2
    assert len(rows(database, kilap, Inbound)) == 1
    assert sum(tally.count for tally in rows(database, kilap, EnvelopeTally)) == 1


def break_storing(monkeypatch: pytest.MonkeyPatch, broken: Callable[[str], bool]) -> None:
    """The database fails on the messages that ``broken`` names."""
    whole = accept_in

    def fail(session: Any, account: ChannelAccount, incoming: Any, envelope_id: str | None = None) -> Any:
        if broken(incoming.text):
            raise OperationalError("INSERT", {}, Exception("disk full"))
        return whole(session, account, incoming, envelope_id)

    monkeypatch.setattr(webhooks, "accept_in", fail)


def test_a_message_that_cannot_be_stored_hides_no_neighbour_and_is_tried_again(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        break_storing(patched, lambda text: text == "dua")
        assert post(database, kilap, body_of("satu", "dua", "tiga")) == Stored()
    assert {row.text for row in rows(database, kilap, Inbound)} == {"satu", "tiga"}
    (envelope,) = rows(database, kilap, Envelope)
    assert envelope.status == EnvelopeStatus.WAITING
    assert not read_waiting(database)
    with time_machine.travel(utc_now() + timedelta(minutes=2)):
        assert read_waiting(database)
        assert not read_waiting(database)
    assert {row.text for row in rows(database, kilap, Inbound)} == {"satu", "dua", "tiga"}
    assert [row.status for row in rows(database, kilap, Envelope)] == [EnvelopeStatus.DONE]


def test_what_never_can_be_stored_is_left_for_a_person(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_storing(monkeypatch, lambda text: True)
    monkeypatch.setattr(webhooks, "STUCK_AFTER", 0.05)  # nobody comes next
    post(database, kilap, body_of("satu"))
    moment = utc_now()
    for hour in range(1, 7):
        with time_machine.travel(moment + timedelta(hours=hour)):
            read_waiting(database)
    (envelope,) = rows(database, kilap, Envelope)
    assert (envelope.status, envelope.attempts) == (EnvelopeStatus.FAILED, webhooks.MOST_ATTEMPTS)
    assert envelope.error_text is not None and "disk full" in envelope.error_text
    (incident,) = rows(database, kilap, Incident)
    assert incident.count == webhooks.MOST_ATTEMPTS


def test_a_console_that_died_between_keeping_and_reading_loses_nothing(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(webhooks, "read_kept", lambda *arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            post(database, kilap, body_of("satu"))
    assert rows(database, kilap, Inbound) == []
    with time_machine.travel(utc_now() + timedelta(seconds=31)):
        assert read_waiting(database)
    assert [row.text for row in rows(database, kilap, Inbound)] == ["satu"]


def test_an_interrupted_message_is_not_overtaken_by_the_next_one(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(webhooks, "read_kept", lambda *arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            post(database, kilap, body_of("satu"))
    with time_machine.travel(utc_now() + timedelta(seconds=3)):
        post(database, kilap, body_of("dua"))
    assert [row.text for row in sorted(rows(database, kilap, Inbound), key=lambda row: row.position)] == ["satu", "dua"]


def test_what_a_short_outage_kept_from_being_read_is_not_overtaken_either(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        break_storing(patched, lambda text: True)
        assert post(database, kilap, body_of("satu")) == Stored()
    post(database, kilap, body_of("dua"))
    assert [row.text for row in sorted(rows(database, kilap, Inbound), key=lambda row: row.position)] == ["satu", "dua"]


def test_an_outage_at_the_look_for_interrupted_ones_lets_nothing_overtake_them(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        break_storing(patched, lambda text: True)
        post(database, kilap, body_of("satu"))
        # Storing works again for the next one only, as if the database had come back between the two.
        break_storing(patched, lambda text: text == "satu")
        patched.setattr(webhooks, "_is_there", lambda database: False)
        assert post(database, kilap, body_of("dua")) == Stored()
    post(database, kilap, body_of("tiga"))
    stored = [row.text for row in sorted(rows(database, kilap, Inbound), key=lambda row: row.position)]
    assert stored == ["satu", "dua", "tiga"]


def test_an_interrupted_message_that_can_never_be_stored_holds_nobody_up(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_storing(monkeypatch, lambda text: text == "satu")
    post(database, kilap, body_of("satu"))
    assert post(database, kilap, body_of("dua")) == Stored(messages=1)


def test_an_interrupted_message_is_read_when_it_is_delivered_again(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(webhooks, "read_kept", lambda *arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            post(database, kilap, body_of("satu"))
    assert post(database, kilap, body_of("satu")) == Stored(messages=1)
    assert post(database, kilap, body_of("satu")) == Stored()


def test_two_batches_over_the_same_people_in_opposite_order_both_arrive(database: Database, kilap: Tenant) -> None:
    def crosswise(number: int) -> Stored:
        people = ["62811000001", "62811000002"]
        parts = [
            json.loads(body_of(f"{number}-{person}", person=person))["entry"][0]
            for person in (people if number % 2 else reversed(people))
        ]
        return post(database, kilap, json.dumps({"object": "whatsapp_business_account", "entry": parts}).encode())

    with ThreadPoolExecutor(8) as pool:
        assert sum(stored.messages for stored in pool.map(crosswise, range(16))) == 32
    assert len(rows(database, kilap, Inbound)) == 32
