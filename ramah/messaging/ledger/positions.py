"""Places in a thread are counted without gaps over messages in, messages out and notes: a gap is a lost row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, func, or_, select, union_all
from sqlalchemy.orm import Session

from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.span import Span, table_of
from ramah.messaging.models import Conversation, Inbound, Outbound, ThreadNote

AT_ONCE = 500
# Plain tables, found through their thread: with the organisation asked of each of them, SQLite takes the index of
# the organisation and reads all its rows again for every thread.
THREADS = table_of(Conversation)
MOMENTS: dict[Table, Column[Any]] = {
    table_of(Inbound): table_of(Inbound).c.received_at,
    table_of(Outbound): table_of(Outbound).c.created_at,
    table_of(ThreadNote): table_of(ThreadNote).c.created_at,
}


def gaps(session: Session, span: Span) -> Iterator[Finding]:
    """Places that nothing stands at, in conversations that were active on the day. One statement.

    A lost row has no time of its own: it belongs to each day that lies between its neighbours' times.
    """
    for conversation_id, before, after in session.execute(_gaps(span).execution_options(yield_per=AT_ONCE)):
        first, last = before + 1, after - 1
        place = f"position {first}" if first == last else f"positions {first} to {last}"
        why = f"nothing stands at {place} of the conversation"
        yield Finding("thread", f"{conversation_id}#{first}", why, rows=last - first + 1)


def _gaps(span: Span) -> Select[Any]:
    places = union_all(*(_rows(table, span) for table in MOMENTS), _begin(span), _end(span)).subquery("places")
    window: dict[str, Any] = {"partition_by": places.c.conversation_id, "order_by": places.c.position}
    steps = select(
        places.c.conversation_id,
        places.c.position,
        places.c.at,
        func.lag(places.c.position).over(**window).label("before"),
        func.lag(places.c.at).over(**window).label("at_before"),
    ).subquery("steps")
    return (
        select(steps.c.conversation_id, steps.c.before, steps.c.position)
        .where(steps.c.position - steps.c.before > 1, steps.c.at_before < span.end)
        .where(or_(steps.c.at >= span.begin, steps.c.at_before >= span.begin))
        .order_by(steps.c.conversation_id, steps.c.position)
    )


def _active(span: Span) -> tuple[ColumnElement[bool], ...]:
    return (
        THREADS.c.organisation_id == span.organisation_id,
        THREADS.c.last_activity_at >= span.begin,
        THREADS.c.created_at < span.end,
    )


def _rows(table: Table, span: Span) -> Select[str, int, datetime]:
    return (
        select(table.c.conversation_id.label("conversation_id"), table.c.position.label("position"))
        .add_columns(MOMENTS[table].label("at"))
        .join(THREADS, THREADS.c.id == table.c.conversation_id)
        .where(*_active(span))
    )


def _begin(span: Span) -> Select[str, int, datetime]:
    """Where the thread begins: right after its predecessor's end as that was when this one was opened."""
    began = func.coalesce(_end_of_predecessor(), 1)
    return select(THREADS.c.id, began - 1, THREADS.c.created_at).where(
        *_active(span),
        # A contact that was put together with another one later says nothing about where its thread began.
        began <= THREADS.c.next_position,
    )


def _end_of_predecessor() -> ColumnElement[Any]:
    prior = THREADS.alias("prior")
    written_since = sum(
        select(func.count())
        .where(table.c.conversation_id == prior.c.id, moment > THREADS.c.created_at)
        .correlate(prior, THREADS)
        .scalar_subquery()
        for table, moment in MOMENTS.items()
    )
    return (
        select(func.max(prior.c.next_position - written_since))
        .where(
            prior.c.contact_id == THREADS.c.contact_id,
            # Not by an index: that of the contact leads to a handful of rows, that of the account to all.
            func.coalesce(prior.c.channel_account_id, "") == THREADS.c.channel_account_id,
            prior.c.created_at <= THREADS.c.created_at,
            prior.c.id != THREADS.c.id,
        )
        .correlate(THREADS)
        .scalar_subquery()
    )


def _end(span: Span) -> Select[str, int, datetime]:
    return select(THREADS.c.id, THREADS.c.next_position, THREADS.c.last_activity_at).where(*_active(span))
