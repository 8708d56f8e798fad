"""Looking into the database: what changed, how many rows, how many queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, event, func, select

from ramah.cli.tables import metadata
from ramah.messaging.models import Conversation, HandledBy
from ramah.people import Contact
from ramah.store import Base, Database, utc_now
from tests.integration.conftest import Tenant

Row = TypeVar("Row", bound=Base)
BY_THE_CLOCK = ("FROM live_events", "processes")
"""Tables that the console's own threads ask for: news, and signs of life."""


TOLD_OF_ITSELF = frozenset({"processes", "incidents", "incident_conversations", "webhook_refusals"})
"""What the platform writes of itself: signs of life, and that something was refused. Holds nothing that was sent."""


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that people or providers fill, to compare before and after."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata().sorted_tables
            if table.name not in TOLD_OF_ITSELF
        }


def count(database: Database, model: type[Base]) -> int:
    """How many rows of a kind there are, in all organisations."""
    with database.every_organisation_reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def rows_of(database: Database, model: type[Row]) -> list[Row]:
    """All rows of a kind, in all organisations."""
    with database.every_organisation_reading() as session:
        return list(session.scalars(select(model)))


def conversation_of(database: Database, conversation_id: str) -> Conversation:
    """The conversation as it is stored now."""
    with database.every_organisation_reading() as session:
        return session.get_one(Conversation, conversation_id)


@contextmanager
def counted_queries(database: Database) -> Iterator[list[str]]:
    """The statements that run meanwhile, without those of the threads that look by the clock."""
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")) and not any(table in statement for table in BY_THE_CLOCK):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def many_conversations(
    database: Database, tenant: Tenant, number: int, handled_by: HandledBy = HandledBy.BOT, **more: Any
) -> list[str]:
    """Conversations in which nothing was said, three of each moment, the latest first."""
    begin = utc_now() - timedelta(days=1)
    with database.tenant(tenant.id) as session:
        contacts = [Contact(profile_name=f"Person {index:03}") for index in range(number)]
        session.add_all(contacts)
        session.flush()
        made = [
            Conversation(
                channel_account_id=tenant.whatsapp.id,
                contact_id=contact.id,
                recipient="-",
                handled_by=handled_by,
                last_activity_at=begin - timedelta(minutes=index // 3),
                queued_at=begin - timedelta(minutes=index // 3),
                **more,
            )
            for index, contact in enumerate(contacts)
        ]
        session.add_all(made)
        session.flush()
        return [conversation.id for conversation in made]
