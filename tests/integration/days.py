"""A day on which everything happened that leaves a row, and ways to take rows away by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Table, delete, insert, select

from ramah.channels.content import Sent
from ramah.cli.tables import metadata
from ramah.desk.handover import close, release, take_over, write
from ramah.messaging.delivery import settle_sent
from ramah.messaging.inbox import accept
from ramah.messaging.ledger import Proof, prove_day
from ramah.messaging.models import ChannelAccount, Conversation
from ramah.messaging.turn_runner import TurnRunner
from ramah.messaging.webhooks import Stored, receive
from ramah.store import Database, utc_now
from tests.integration.conftest import ScriptedEngine, Tenant, claimer, defaults, text_message
from tests.integration.console.signed import signature

WATCHED = (
    "channel_accounts",
    "contacts",
    "conversations",
    "envelope_tallies",
    "envelopes",
    "identities",
    "inbound",
    "interactions",
    "media_files",
    "outbound",
    "send_attempts",
    "thread_notes",
)
"""The tables that a message lives in."""
ZONE = ZoneInfo("Asia/Jakarta")
WRITTEN = str(int(utc_now().timestamp()))
"""When Meta says that the messages were written (seconds): the reply window counts from there."""


def today() -> date:
    """The day of the tests' organisations."""
    return utc_now().astimezone(ZONE).date()


def proof_of(database: Database, tenant: Tenant, day: date | None = None) -> Proof:
    """The day, today unless said otherwise, as it stands."""
    return prove_day(database, tenant.id, day or today())


def body(number: str, field: str = "messages", **value: Any) -> bytes:
    """A body of the Cloud API for the number."""
    metadata = {"display_phone_number": "0", "phone_number_id": number}
    change = {"value": {"messaging_product": "whatsapp", "metadata": metadata, **value}, "field": field}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()


def typed(key: str, who: str = "62811000001", text: str = "halo") -> dict[str, Any]:
    """A message as Meta writes it."""
    return {"from": who, "id": f"wamid.{key}", "timestamp": WRITTEN, "type": "text", "text": {"body": text}}


def picture(key: str, who: str = "62811000001") -> dict[str, Any]:
    """A picture."""
    image = {"mime_type": "image/jpeg", "sha256": "YWJj", "id": f"media-{key}"}
    return {"from": who, "id": f"wamid.{key}", "timestamp": WRITTEN, "type": "image", "image": image}


def status(provider_id: str, reached: str, who: str = "62811000001") -> dict[str, Any]:
    """A receipt."""
    return {"id": provider_id, "status": reached, "timestamp": "1760000100", "recipient_id": who}


def post(database: Database, tenant: Tenant, content: bytes) -> Stored:
    """Hand in a body as Meta does it."""
    return receive(database, tenant.whatsapp, signature(content), content)


def number_of(tenant: Tenant) -> str:
    """The provider's id of the tenant's number."""
    return tenant.whatsapp.external_id


def answer_all(database: Database) -> None:
    """Run all turns."""
    runner = TurnRunner(database, ScriptedEngine(), defaults(), "worker-1")
    while runner.run_one():
        pass


def send_all(database: Database, prefix: str) -> list[str]:
    """Let the provider take everything that is queued; returns its ids."""
    delivery, sent = claimer(database), list[str]()
    while parcel := delivery.claim():
        sent.append(f"wamid.{prefix}-out-{len(sent)}")
        settle_sent(database, parcel, Sent(provider_id=sent[-1]))
    return sent


def live_through(database: Database, tenant: Tenant, prefix: str = "a") -> None:
    """Text, picture, repetition, receipts, an echo, a takeover, a web chat, a thread that is closed and reopened."""
    number = number_of(tenant)
    first = body(number, messages=[typed(f"{prefix}1"), picture(f"{prefix}2")])
    post(database, tenant, first)
    post(database, tenant, first)
    post(database, tenant, body(number, messages=[picture(f"{prefix}2"), typed(f"{prefix}3", "62811000002")]))
    answer_all(database)
    sent = send_all(database, prefix)
    reached = [status(sent[0], "delivered"), status(sent[0], "read"), status(sent[1], "delivered")]
    post(database, tenant, body(number, statuses=reached))
    echo = {**typed(f"{prefix}4", number), "to": "62811000002"}
    post(database, tenant, body(number, "smb_message_echoes", message_echoes=[echo]))
    _chat(database, tenant, prefix)
    answer_all(database)
    send_all(database, f"{prefix}-later")


def _chat(database: Database, tenant: Tenant, prefix: str) -> None:
    """A web chat that a person takes, gives back and closes, and the visitor writes again."""
    visitor = f"visitor-{prefix}"
    chat = accept(database, tenant.webchat, text_message("satu", f"{prefix}-w1", visitor)).conversation_id
    answer_all(database)
    take_over(database, tenant.id, chat, tenant.alice)
    accept(database, tenant.webchat, text_message("dua", f"{prefix}-w2", visitor))
    write(database, tenant.id, chat, tenant.alice, "saya bantu", f"{prefix}-key")
    answer_all(database)
    release(database, tenant.id, chat, tenant.alice)
    answer_all(database)
    close(database, tenant.id, chat, tenant.alice)
    accept(database, tenant.webchat, text_message("tiga", f"{prefix}-w3", visitor))


def tables() -> list[Table]:
    """The watched tables."""
    return [metadata().tables[name] for name in WATCHED]


def all_rows(database: Database, table: Table) -> list[Row[Any]]:
    """Everything in a table."""
    with database.engine.connect() as connection:
        return list(connection.execute(select(table)).all())


@contextmanager
def by_hand(database: Database) -> Iterator[Connection]:
    """A connection on which the database guards no references, as somebody who repairs things by hand would have it."""
    with database.engine.connect() as connection:
        off, on = (
            ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON")
            if database.is_sqlite
            else ("SET session_replication_role = replica", "SET session_replication_role = origin")
        )
        # SQLite heeds it outside of transactions only.
        raw = connection.connection.cursor()
        raw.execute(off)
        yield connection
        connection.commit()
        raw.execute(on)
        connection.connection.commit()


def take_away(database: Database, table: Table, row: Row[Any]) -> None:
    """Remove one row and nothing else."""
    with by_hand(database) as connection:
        key = [column == row._mapping[column.name] for column in table.primary_key]
        assert connection.execute(delete(table).where(*key)).rowcount == 1


def put_back(database: Database, table: Table, row: Row[Any]) -> None:
    """Undo ``take_away``."""
    with by_hand(database) as connection:
        connection.execute(insert(table).values(dict(row._mapping)))


def connect_again(database: Database, account: ChannelAccount) -> ChannelAccount:
    """The account as it is stored now."""
    with database.tenant_reading(account.organisation_id) as session:
        return session.get_one(ChannelAccount, account.id)


def conversations_of(database: Database, tenant: Tenant) -> list[Conversation]:
    """All threads, oldest first."""
    with database.tenant_reading(tenant.id) as session:
        return list(session.scalars(select(Conversation).order_by(Conversation.created_at)))
