"""The rows of the tracker store: one per event, one per message that was handled, one per summary of a long history."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import BotUttered, Event, SessionStarted, UserUttered, deserialise_events
from sqlalchemy.engine import Connection, RowMapping

MESSAGE_ID = "message_id"
EVENTS = SQLTrackerStore.SQLEvent.__table__
HANDLED = sa.Table(
    "handled_messages",
    SQLTrackerStore.Base.metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("message_id", sa.String(255), primary_key=True),
    sa.Column("event_id", sa.Integer, nullable=False),
)
SNAPSHOTS = sa.Table(
    "snapshots",
    SQLTrackerStore.Base.metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("event_id", sa.Integer, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)
sa.Index("ix_events_conversation", EVENTS.c.sender_id, EVENTS.c.type_name, EVENTS.c.id)
sa.Index("ix_events_order", EVENTS.c.sender_id, EVENTS.c.id)


_SENDER = sa.bindparam("sender")
_OF_SENDER = EVENTS.c.sender_id == _SENDER
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtext(:sender))")
_LAST = sa.select([sa.func.max(EVENTS.c.id)]).where(_OF_SENDER)
_SESSION = sa.select([sa.func.max(EVENTS.c.id), sa.func.count(EVENTS.c.id)]).where(
    _OF_SENDER, EVENTS.c.type_name == SessionStarted.type_name
)
_ROWS = (
    sa.select([EVENTS.c.id, EVENTS.c.data])
    .where(_OF_SENDER, EVENTS.c.id >= sa.bindparam("start"))
    .order_by(EVENTS.c.id)
)
_IDS = sa.select([EVENTS.c.id]).where(_OF_SENDER, EVENTS.c.id > sa.bindparam("last")).order_by(EVENTS.c.id)
_MESSAGE = sa.select([HANDLED.c.event_id]).where(
    HANDLED.c.sender_id == _SENDER, HANDLED.c.message_id == sa.bindparam("message")
)
_SNAPSHOT = sa.select([SNAPSHOTS.c.event_id, SNAPSHOTS.c.data]).where(SNAPSHOTS.c.sender_id == _SENDER)
_DELETE_SNAPSHOT = SNAPSHOTS.delete().where(SNAPSHOTS.c.sender_id == _SENDER)
_INSERT_SNAPSHOT = SNAPSHOTS.insert()
_NEWEST_IDS = sa.select([EVENTS.c.id]).where(_OF_SENDER).order_by(EVENTS.c.id.desc())
_INSERT_EVENTS = EVENTS.insert()
_INSERT_HANDLED = HANDLED.insert()


def lock_conversation(connection: Connection, sender_id: str) -> None:
    """Keep other writers of this conversation out until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"sender": sender_id})


def last_event_id(connection: Connection, sender_id: str) -> int | None:
    """The highest event id of a conversation, or None for an unknown one."""
    last: int | None = connection.execute(_LAST, {"sender": sender_id}).scalar()
    return last


def latest_session(connection: Connection, sender_id: str) -> tuple[int, int]:
    """The id of the event that began the running session, and how many sessions there were.

    Ids decide, not the clock as in Rasa's own store: clocks can step back.
    """
    start, sessions = connection.execute(_SESSION, {"sender": sender_id}).one()
    return int(start or 0), int(sessions)


def event_rows(connection: Connection, sender_id: str, start: int, limit: int | None = None) -> list[RowMapping]:
    """The `id` and `data` of a conversation's events from an id on, in order."""
    rows = connection.execute(_ROWS.limit(limit), {"sender": sender_id, "start": start})
    return list(rows.mappings())


def events_in(rows: Iterable[RowMapping]) -> list[Event]:
    """The events that the rows hold."""
    events: list[Event] = deserialise_events([json.loads(row["data"]) for row in rows])
    return events


def event_id_of_message(connection: Connection, sender_id: str, message_id: str) -> int | None:
    """The id of the event that a handled message began with, or None if it was not handled."""
    found: int | None = connection.execute(_MESSAGE, {"sender": sender_id, "message": message_id}).scalar()
    return found


def insert_events(connection: Connection, sender_id: str, events: list[Event], last: int) -> int:
    """Insert events after the one with id `last`, and note the messages that they handle.

    Returns:
        The id of the last one.

    Raises:
        IntegrityError: One of the messages was handled before.
    """
    connection.execute(_INSERT_EVENTS, [_row(sender_id, event) for event in events])
    ids = list(connection.execute(_IDS, {"sender": sender_id, "last": last}).scalars())
    named = [(event_id, _message_id(event)) for event_id, event in zip(ids, events, strict=True)]
    handled = [{"sender_id": sender_id, "message_id": name, "event_id": event_id} for event_id, name in named if name]
    if handled:
        connection.execute(_INSERT_HANDLED, handled)
    return int(ids[-1])


def snapshot_of(connection: Connection, sender_id: str) -> tuple[int, list[Event]]:
    """The summary of a conversation's older events: the id of the last one that it stands for, and its events.

    Returns:
        0 and no events where nothing has been summarised.
    """
    row = connection.execute(_SNAPSHOT, {"sender": sender_id}).one_or_none()
    return (int(row["event_id"]), deserialise_events(json.loads(row["data"]))) if row else (0, [])


def keep_snapshot(connection: Connection, sender_id: str, summary: list[Event], younger: int) -> None:
    """Note that a summary stands for all stored events but so many of the youngest."""
    last: int = connection.execute(_NEWEST_IDS.offset(younger).limit(1), {"sender": sender_id}).scalar_one()
    connection.execute(_DELETE_SNAPSHOT, {"sender": sender_id})
    data = json.dumps([event.as_dict() for event in summary])
    connection.execute(_INSERT_SNAPSHOT, {"sender_id": sender_id, "event_id": last, "data": data})


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data: dict[str, Any] = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _message_id(event: Event) -> str | None:
    """The id of the message that the event handled: a customer's, or one said under an id of its own."""
    if isinstance(event, UserUttered):
        return str(event.message_id) if event.message_id else None
    said: str | None = event.metadata.get(MESSAGE_ID) if isinstance(event, BotUttered) else None
    return said
