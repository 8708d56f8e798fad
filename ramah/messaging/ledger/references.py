"""What a row of the day points to must be there, in the same organisation: else it was removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Select, String, Table, cast, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from ramah.messaging.ledger.counts import in_day
from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.span import Span, table_of
from ramah.messaging.models import (
    Conversation,
    Envelope,
    Inbound,
    Interaction,
    MediaFile,
    Outbound,
    ParkedReceipt,
    SendAttempt,
    ThreadNote,
)
from ramah.people import Organisation
from ramah.store import Base

AT_ONCE = 500
MOMENTS: dict[type[Base], str] = {
    Conversation: "last_activity_at",
    ThreadNote: "created_at",
    Envelope: "received_at",
    Inbound: "received_at",
    Interaction: "created_at",
    Outbound: "created_at",
    SendAttempt: "started_at",
    MediaFile: "created_at",
    ParkedReceipt: "at",
}


def dangling(session: Session, span: Span) -> Iterator[Finding]:
    """Rows that are gone although others of the day point to them. One statement."""
    for target, identifier, rows, source in session.execute(_dangling(span).execution_options(yield_per=AT_ONCE)):
        why = f"{rows} of the day's rows point to it ({source}), and it is not there"
        yield Finding(target, identifier, why)


def _dangling(span: Span) -> Select[Any]:
    pointers = [
        _pointers(table, column, target, span, moment)
        for model, moment in MOMENTS.items()
        for table in (table_of(model),)
        for column, target in _foreign_keys(table)
    ]
    found = union_all(*pointers).subquery("found")
    return (
        select(found.c.target, found.c.id, func.count(), func.min(found.c.source))
        .group_by(found.c.target, found.c.id)
        .order_by(found.c.target, found.c.id)
    )


def _foreign_keys(table: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    for column in table.columns:
        for key in column.foreign_keys:
            # The organisation is who asks.
            if key.column.table is not table_of(Organisation):
                yield column, key.column


def _pointers(table: Table, column: Column[Any], key: Column[Any], span: Span, moment: str) -> Select[str, str, str]:
    target = key.table.alias()
    there = exists().where(target.c[key.name] == column, target.c.organisation_id == span.organisation_id)
    return select(
        literal(key.table.name).label("target"),
        cast(column, String).label("id"),
        literal(f"{table.name}.{column.name}").label("source"),
    ).where(
        table.c.organisation_id == span.organisation_id,
        *in_day(table.c[moment], span),
        column.is_not(None),
        ~there,
    )
