"""The essential ways through the console, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, Inbound, Outbound
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.databases import backends
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.contents import conversation_of, count, many_conversations, rows_of
from tests.integration.console.event_stream import event_stream
from tests.integration.console.signed import deliver
from tests.integration.console.test_inbox_list import LIST, all_pages, listed
from tests.integration.console.test_whatsapp_webhook import ODD_TEXTS, typed
from tests.integration.console.visitors import Customer, StaffMember
from tests.unit.channels.whatsapp.recorded import recorded

pytestmark = pytest.mark.parametrize("database", backends(), indirect=True)


def test_a_customer_writes_and_an_operator_answers(
    alice: StaffMember, customer: Customer, database: Database, runner: TurnRunner
) -> None:
    customer.say("halo")
    runner.run_one()
    (conversation,) = rows_of(database, Conversation)
    thread = f"/console/conversations/{conversation.id}"
    address = f"/api/webchat/{customer.key}/stream"
    with event_stream(customer.client, address, {"after": 0}, customer.headers) as stream:
        stream.until("message", text="echo halo")
        with event_stream(alice.client, "/console/live") as live:
            live.until("ready")
            assert alice.post(f"{thread}/take").status_code == 204
            live.until("counts", mine=1)
        assert alice.post(f"{thread}/messages", {"text": "Saya Alice", "send_key": "k"}).status_code == 204
        stream.until("message", text="Saya Alice", author="Alice")
    assert alice.post(f"{thread}/release").status_code == 204
    assert "Saya Alice" in alice.get(thread).text
    assert conversation_of(database, conversation.id).handled_by == "bot"


@pytest.mark.usefixtures("kilap")
def test_a_batch_delivered_many_times_at_once_is_stored_once(anybody: httpx.Client, database: Database) -> None:
    body = recorded("batch_of_everything")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: deliver(anybody, body).status_code, range(6)))
    assert answers == [200] * 6
    assert count(database, Inbound) == 22


@pytest.mark.usefixtures("kilap")
def test_strange_texts_are_kept(anybody: httpx.Client, database: Database) -> None:
    for name, (text, _) in ODD_TEXTS.items():
        assert deliver(anybody, typed(text, name=text[:100], message_id=f"wamid.{name}")).status_code == 200, name
    kept = {row.external_id.removeprefix("wamid."): row.text for row in rows_of(database, Inbound)}
    assert kept == {name: stored for name, (_, stored) in ODD_TEXTS.items()}


def test_null_bytes_anywhere_in_a_message_cost_nothing(database: Database, kilap: Tenant) -> None:
    message = Incoming(
        external_id="wamid.\x00N",
        sender=Sender(platform_id="628110001\x00", name="A\x00"),
        kind=IncomingKind.TAP,
        text="Ya\x00",
        payload="/affirm\x00",
        reply_to="wamid.\x00O",
        raw={"a\x00": ["b\x00"]},
    )
    for _ in range(2):
        accept(database, kilap.whatsapp, message)
    (row,) = rows_of(database, Inbound)
    assert (row.external_id, row.text, row.payload, row.reply_to) == ("wamid.N", "Ya", "/affirm", "wamid.O")


def test_null_bytes_in_requests_are_no_failure(
    alice: StaffMember, anybody: httpx.Client, customer: Customer, conversation_id: str
) -> None:
    token = {"csrf_token": alice.csrf}
    assert customer.say("a\x00b", payload="/x\x00").status_code == 202
    assert alice.get(LIST, params={"q": "\x00"}).status_code == 400
    thread = f"{LIST}/{conversation_id}"
    alice.post(f"{thread}/take")
    answer = alice.client.post(f"{thread}/messages", data={**token, "text": "a\x00b", "send_key": "k\x00"})
    assert answer.status_code == 204
    form = anybody.get("/login")
    fields = {
        "csrf_token": form.text.split('name="csrf_token" value="')[1].split('"')[0],
        "email": "\x00",
        "password": "",
    }
    assert anybody.post("/login", data=fields).status_code == 401


def test_pages_of_the_list_are_whole(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    made = many_conversations(database, kilap, 60)
    flat = [conversation for page in all_pages(alice, LIST) for conversation in page]
    assert sorted(flat) == sorted(made)
    assert len(listed(alice.get(LIST, params={"q": "person 01"}).text)) == 10


def test_an_outsider_finds_and_changes_nothing(charlie: StaffMember, database: Database, conversation_id: str) -> None:
    thread = f"{LIST}/{conversation_id}"
    assert charlie.get(thread).status_code == 404
    assert charlie.post(f"{thread}/take").status_code == 404
    assert listed(charlie.get(LIST).text) == []
    assert conversation_of(database, conversation_id).epoch == 0
    assert count(database, Outbound) == 0


def test_of_two_people_at_the_same_moment_one_gets_the_thread(
    alice: StaffMember, bob: StaffMember, database: Database, conversation_id: str, kilap: Tenant
) -> None:
    with ThreadPoolExecutor(2) as pool:
        take = f"{LIST}/{conversation_id}/take"
        answers = list(pool.map(lambda person: person.post(take).status_code, (alice, bob)))
    assert sorted(answers) == [204, 409]
    accept(database, kilap.whatsapp, text_message("masih di sini", key="2"))
    assert conversation_of(database, conversation_id).handled_by == "human"
