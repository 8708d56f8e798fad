"""A database with a past: conversations and messages by the million, made inside the database itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    type_coerce,
)

from benchmarks.path_tenant import Tenant, person
from ramah.messaging import models
from ramah.people import Contact, Identity
from ramah.store import Database, utc_now
from ramah.store.base import UtcDateTime

CHUNK = 50_000
EACH = 10
"""Messages in an ordinary conversation."""
SCATTER, PRIME = 48_271, 2_147_483_647
"""Lehmer's multiplier: numbers become keys in an order that looks random, as that of UUIDs does."""
BODY = b'{"object":"whatsapp_business_account","entry":[' + b" " * 420 + b"]}"

Columns = dict[str, Any]
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Size:
    """How much a database holds; ``messages`` are half from people, half from the bot."""

    conversations: int
    messages: int


def rows_to_write(before: Size, after: Size) -> int:
    """How many rows ``fill`` will make on the way."""
    return 4 * (after.conversations - before.conversations) + 6 * (after.messages - before.messages) // 2


def fill(database: Database, tenant: Tenant, before: Size, after: Size, made: Progress) -> None:
    """Grow from one size to another. ``made`` hears how many rows each step wrote."""
    for table, columns in (
        (Contact.__table__, _contact),
        (Identity.__table__, _identity),
        (models.Conversation.__table__, _conversation),
        (models.RateBucket.__table__, _bucket),
    ):
        _fill_table(database, tenant, table, columns, range(before.conversations, after.conversations), made)
    numbers = range(before.messages // 2, after.messages // 2)
    for table, columns in (
        (models.Envelope.__table__, _envelope),
        (models.Inbound.__table__, _inbound),
        (models.Outbound.__table__, _outbound),
        (models.SendAttempt.__table__, _attempt),
        (models.Interaction.__table__, _interaction),
        (models.LiveEvent.__table__, _event),
    ):
        _fill_table(database, tenant, table, columns, numbers, made)
    _count_events(database, tenant, after.messages // 2)
    _refresh_statistics(database)


def _fill_table(
    database: Database,
    tenant: Tenant,
    table: Any,
    columns: Callable[[_Maker], Columns],
    numbers: range,
    made: Progress,
) -> None:
    for start in range(numbers.start, numbers.stop, CHUNK):
        stop = min(numbers.stop, start + CHUNK)
        with database.engine.begin() as connection:
            _trust(connection)
            maker = _Maker(connection, tenant, start, stop)
            _insert(connection, table, columns(maker), maker.numbers)
        made(stop - start)


def _insert(connection: Connection, table: Table, columns: Columns, numbers: CTE) -> None:
    expressions = [value if isinstance(value, ColumnElement) else literal(value) for value in columns.values()]
    connection.execute(insert(table).from_select(list(columns), select(*expressions).select_from(numbers)))


def _trust(connection: Connection) -> None:
    """PostgreSQL checks each reference of each row; what is made here is right by construction."""
    if connection.dialect.name == "postgresql" and connection.scalar(
        text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    ):
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def _refresh_statistics(database: Database) -> None:
    """PostgreSQL does this by itself within a minute or so, on SQLite the worker does it hourly."""
    if database.is_sqlite:
        database.count_rows()
        # Connections learn of it when they are opened, which they are hourly.
        database.engine.dispose()
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _count_events(database: Database, tenant: Tenant, newest: int) -> None:
    with database.every_organisation() as session:
        sequence = session.get(models.LiveSequence, tenant.organisation_id)
        if sequence is None:
            sequence = models.LiveSequence(organisation_id=tenant.organisation_id)
            session.add(sequence)
        sequence.newest = newest


class _Maker:
    """Expressions over the numbers of one chunk."""

    def __init__(self, connection: Connection, tenant: Tenant, start: int, stop: int) -> None:
        first = select(cast(start, BigInteger).label("n")).cte("numbers", recursive=True)
        self.numbers = first.union_all(select(first.c.n + 1).where(first.c.n < stop - 1))
        self.n: ColumnElement[int] = self.numbers.c.n
        self.tenant = tenant
        self._sqlite = connection.dialect.name == "sqlite"
        self._now = utc_now()

    @property
    def owner(self) -> Columns:
        """The column that every row has."""
        return {"organisation_id": self.tenant.organisation_id}

    @property
    def conversation(self) -> ColumnElement[int]:
        """The number of the conversation that message ``n`` belongs to: five rounds of one from each person."""
        return self.n // (EACH // 2)

    @property
    def place(self) -> ColumnElement[int]:
        """Which of its conversation's rounds message ``n`` is."""
        return self.n % (EACH // 2)

    def key(self, kind: int, number: ColumnElement[int] | None = None) -> ColumnElement[str]:
        """A UUID-like key of row ``number`` of a kind of rows."""
        scattered = (self.n if number is None else number) * SCATTER % PRIME
        digits = func.substr(cast(literal(10**12, BigInteger) + scattered, String), 2)
        return literal(f"00000000-0000-4000-{kind:04d}-") + digits

    def account(self, conversation: ColumnElement[int]) -> ColumnElement[str]:
        """The account that a conversation runs over."""
        ids = self.tenant.account_ids
        return case(dict(enumerate(ids)), value=conversation % len(ids))

    def ago(self, number: ColumnElement[int], most: int) -> ColumnElement[Any]:
        """A moment in the last 30 days but the newest one; the larger the number of ``most``, the newer."""
        if self._sqlite:
            base = (self._now - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
            seconds = cast(-((most - number) % 2_500_000), String)
            return type_coerce(func.strftime("%Y-%m-%d %H:%M:%f000", base, seconds + " seconds"), UtcDateTime)
        seconds_ago = cast((most - number) % 2_500_000, Integer)
        return literal(self._now - timedelta(days=1)) - func.make_interval(0, 0, 0, 0, 0, 0, seconds_ago)


CONTACT, IDENTITY, CONVERSATION, ENVELOPE, OUTBOUND = 8001, 8002, 8003, 8004, 8005
MOST = 10_000_000


def _contact(make: _Maker) -> Columns:
    name = literal("Pelanggan ") + cast(make.n, String)
    return {"id": make.key(CONTACT), "profile_name": name, "phone_proved": False, **make.owner}


def _identity(make: _Maker) -> Columns:
    number = literal(person(0)[:-7]) + func.substr(cast(literal(10**7) + make.n, String), 2)
    return {
        "id": make.key(IDENTITY),
        "contact_id": make.key(CONTACT),
        "platform_type": "whatsapp",
        "platform_id": number,
        **make.owner,
    }


def _conversation(make: _Maker) -> Columns:
    moment = make.ago(make.n, MOST)
    return {
        "id": make.key(CONVERSATION),
        "channel_account_id": make.account(make.n),
        "contact_id": make.key(CONTACT),
        "recipient": literal(person(0)[:-7]) + func.substr(cast(literal(10**7) + make.n, String), 2),
        "language": "id",
        "next_position": EACH + 1,
        "preview": "baik kak, sudah kami catat",
        "last_inbound_at": moment,
        "last_activity_at": moment,
        **make.owner,
    }


def _bucket(make: _Maker) -> Columns:
    number = literal(person(0)[:-7]) + func.substr(cast(literal(10**7) + make.n, String), 2)
    key = literal("recipient:") + make.account(make.n) + literal(":") + number
    return {"key": key, "free_at": make.ago(make.n, MOST), **make.owner}


def _envelope(make: _Maker) -> Columns:
    moment = make.ago(make.n, MOST)
    return {
        "id": make.key(ENVELOPE),
        "channel_account_id": make.account(make.conversation),
        "digest": literal("0" * 28) + make.key(ENVELOPE),
        "body": literal(BODY, LargeBinary),
        "status": models.EnvelopeStatus.DONE.value,
        "attempts": 1,
        "messages": 1,
        "next_try_at": moment,
        "received_at": moment,
        **make.owner,
    }


def _inbound(make: _Maker) -> Columns:
    moment = make.ago(make.n, MOST)
    return {
        "channel_account_id": make.account(make.conversation),
        "conversation_id": make.key(CONVERSATION, make.conversation),
        "external_id": literal("wamid.") + make.key(0),
        "envelope_id": make.key(ENVELOPE),
        "position": make.place * 2 + 1,
        "kind": "text",
        "text": "halo kak, hari ini buka sampai jam berapa?",
        "status": models.InboundStatus.DONE.value,
        "attempts": 1,
        "next_try_at": moment,
        "received_at": moment,
        "done_at": moment,
        **make.owner,
    }


def _outbound(make: _Maker) -> Columns:
    moment = make.ago(make.n, MOST)
    return {
        "id": make.key(OUTBOUND),
        "channel_account_id": make.account(make.conversation),
        "conversation_id": make.key(CONVERSATION, make.conversation),
        "send_key": literal("turn-") + cast(make.n, String) + literal("-0#0"),
        "position": make.place * 2 + 2,
        "epoch": 0,
        "author": models.Author.BOT.value,
        "content": literal({"text": "kami buka sampai jam sembilan malam ya kak"}, models.Outbound.content.type),
        "status": models.OutboundStatus.READ.value,
        "provider_id": literal("wamid.") + make.key(1),
        "attempts": 1,
        "next_try_at": moment,
        "created_at": moment,
        "settled_at": moment,
        **make.owner,
    }


def _attempt(make: _Maker) -> Columns:
    return {"outbound_id": make.key(OUTBOUND), "outcome": "sent", **make.owner}


def _interaction(make: _Maker) -> Columns:
    return {
        "conversation_id": make.key(CONVERSATION, make.conversation),
        "inbound_id": make.n + 1,
        "intent": "ask_hours",
        **make.owner,
    }


def _event(make: _Maker) -> Columns:
    return {
        "sequence": make.n + 1,
        "conversation_id": make.key(CONVERSATION, make.conversation),
        "kind": "conversation",
        **make.owner,
    }
