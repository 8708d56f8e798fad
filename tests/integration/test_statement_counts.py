"""Every hot path asks the database a fixed number of things, however long the thread and however full the inbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import event

from ramah.channels.content import Sent
from ramah.desk.contact_book import find_contacts
from ramah.desk.handover import mark_read
from ramah.desk.inbox_list import counts, list_item, list_page
from ramah.desk.list_filters import Filter
from ramah.desk.messages.asking import Wanted
from ramah.desk.messages.log import log_page
from ramah.desk.reply_drafts import draft_of
from ramah.desk.scheduling import planned
from ramah.desk.side import side_facts
from ramah.lib.spans import now_micros
from ramah.messaging import webchat
from ramah.messaging.accounts import find_account
from ramah.messaging.claims import claim_turn
from ramah.messaging.delivery import settle_sent
from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.inbox import accept
from ramah.messaging.parcels import ParcelClaimer
from ramah.messaging.thread import read_latest
from ramah.messaging.traces import turn_recording
from ramah.messaging.turns import finish_turn
from ramah.messaging.webhooks import Stored, receive
from ramah.store import Database
from tests.integration.conftest import Tenant, claimer, text_message
from tests.integration.console.signed import signature
from tests.integration.test_envelopes import body_of

Result = TypeVar("Result")
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
REPLY = EngineTurn(replies=[EngineReply(text="baik kak")], language="id")
VISITOR = "a-token-that-is-long-enough"
STATEMENTS = {
    "webhook with a message": 12,
    "webhook with the same again": 3,
    "claim a turn": 8,
    "finish a turn": 12,
    "claim a parcel": 10,
    "settle it as sent": 12,
    "webhook with a receipt": 11,
    "web chat post": 12,
    "inbox list": 2,
    "search of the inbox": 3,
    "search of the contacts": 2,
    "search of the message log": 4,
    "thread page": 16,
}
"""Statements but for the beginnings and ends of transactions, the same on both databases. A larger number is a slower
platform; a smaller one is welcome here."""


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is sent to the database meanwhile, but for the beginnings and ends of transactions."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.lstrip().upper().startswith(TRANSACTION):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


class Counting:
    """Runs the hot paths as console and worker do, and counts what each sends to the database."""

    def __init__(self, database: Database, tenant: Tenant) -> None:
        self.counted: dict[str, int] = {}
        self._database = database
        self._tenant = tenant
        self._claimer: ParcelClaimer = claimer(database)
        self._number = 0

    def run(self) -> str:
        """One message and its answer, and what pages read; returns the conversation's id."""
        self._number += 1
        body, provider_id = body_of(f"pesan {self._number}"), f"wamid.out-{self._number}"
        assert self._count("webhook with a message", lambda: self._post(body)) == Stored(messages=1)
        assert self._count("webhook with the same again", lambda: self._post(body)) == Stored()
        claim = self._count("claim a turn", lambda: claim_turn(self._database, "worker", 60))
        assert claim is not None
        with turn_recording(claim, now_micros()):
            assert self._count("finish a turn", lambda: finish_turn(self._database, claim, REPLY, 2))
        parcel = self._count("claim a parcel", self._claimer.claim)
        assert parcel is not None
        sent = Sent(provider_id=provider_id)
        self._count("settle it as sent", lambda: settle_sent(self._database, parcel, sent))
        receipt = receipt_of(provider_id, parcel.outbound_id)
        assert self._count("webhook with a receipt", lambda: self._post(receipt)) == Stored(receipts=1)
        self._count("web chat post", self._chat)
        finish_all(self._database)
        self._count("inbox list", self._list)
        self._search()
        self._count("thread page", lambda: self._open(claim.conversation_id))
        return claim.conversation_id

    def _count(self, name: str, step: Callable[[], Result]) -> Result:
        with statements(self._database) as sent:
            result = step()
        self.counted[name] = len(sent)
        return result

    def _post(self, body: bytes) -> Stored:
        account = find_account(self._database, "whatsapp", self._tenant.whatsapp.public_key)
        return receive(self._database, account, signature(body), body)

    def _chat(self) -> None:
        account = find_account(self._database, "webchat", self._tenant.webchat.public_key)
        who = webchat.visitor(account, VISITOR)
        assert who is not None
        accepted = webchat.post(self._database, who, f"chat-{self._number}", "halo", None)
        lines, _ = webchat.history(self._database, who, accepted.position - 1)
        assert [line.text for line in lines] == ["halo"]

    def _list(self) -> None:
        with self._database.tenant_reading(self._tenant.id) as session:
            assert counts(session, self._tenant.alice) == {"waiting": 0, "mine": 0, "unread": 0, "mentions": 0}
            assert list_page(session, self._tenant.alice, Filter(), None).items

    def _search(self) -> None:
        tenant, words = self._tenant, "628110000"
        with self._database.tenant_reading(tenant.id) as session:
            find_contacts(session, words)  # once, this asks SQLite whether it has an index
            wanted = Filter(search=words)
            assert self._count("search of the inbox", lambda: list_page(session, tenant.alice, wanted, None)).items
            assert self._count("search of the contacts", lambda: find_contacts(session, words)).contacts
            assert self._count("search of the message log", lambda: log_page(session, Wanted(person=words)))[0]

    def _open(self, conversation_id: str) -> None:
        with self._database.tenant_reading(self._tenant.id) as session:
            item = list_item(session, self._tenant.alice, conversation_id)
            assert item is not None
            assert read_latest(session, conversation_id, item.conversation.next_position - 1)
            assert side_facts(session, item.conversation).last_turn is not None
            assert list(planned(session, conversation_id)) == [] and not draft_of(
                session, conversation_id, self._tenant.alice
            )
        mark_read(self._database, self._tenant.id, conversation_id, self._tenant.alice)


def finish_all(database: Database) -> None:
    """Close what waits without an answer."""
    while (claim := claim_turn(database, "worker", 60)) is not None:
        finish_turn(database, claim, EngineTurn(replies=[]), 0)


def receipt_of(provider_id: str, reference: str) -> bytes:
    """A body with one receipt as Meta shapes it."""
    item = {"id": provider_id, "status": "delivered", "timestamp": "1760000000", "recipient_id": "62811000001"}
    statuses = [item | {"biz_opaque_callback_data": reference}]
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1000001"}, "statuses": statuses}
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def test_a_hot_path_sends_as_few_statements_as_it_did(database: Database, kilap: Tenant) -> None:
    counting = Counting(database, kilap)
    counting.run()  # people are known from here on, and the account has just been proved
    counting.run()
    assert counting.counted == STATEMENTS


def test_neither_a_long_thread_nor_a_full_inbox_costs_a_statement_more(database: Database, kilap: Tenant) -> None:
    counting = Counting(database, kilap)
    counting.run()
    for number in range(30):
        accept(database, kilap.whatsapp, text_message("halo", key=f"same-{number}"))
        accept(database, kilap.whatsapp, text_message("halo", key=f"other-{number}", who=f"628110001{number:02}"))
    finish_all(database)
    counting.run()
    assert counting.counted == STATEMENTS
