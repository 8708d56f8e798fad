"""Each envelope was counted when it was stored: more counted than there are means that one was lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, Integer, Select, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.span import Span
from ramah.messaging.models import Envelope, EnvelopeTally

Sums = Select[str, date, int, int]
"""Account, UTC day, how many were counted, how many are there."""


def uncounted(session: Session, span: Span) -> Iterator[Finding]:
    """Accounts and UTC days whose envelopes are not as many as were counted. One statement, so that a webhook that
    comes just now is in both sums or in neither."""
    for account_id, day, counted, there in session.execute(_differences(span)):
        why = f"{counted} envelopes were counted on {day} (UTC), {there} are there"
        kind = "envelopes" if counted > there else "envelope_tallies"
        yield Finding(kind, f"{account_id}@{day}", why, rows=abs(counted - there))


def _differences(span: Span) -> Select[Any]:
    parts = [part for day in span.utc_days for part in (_counted(day, span), _there(day, span))]
    sums = union_all(*parts).subquery("sums")
    counted, there = func.sum(sums.c.counted), func.sum(sums.c.there)
    return (
        select(sums.c.account_id, sums.c.day, cast(counted, Integer), cast(there, Integer))
        .group_by(sums.c.account_id, sums.c.day)
        .having(counted != there)
        .order_by(sums.c.account_id, sums.c.day)
    )


def _counted(day: date, span: Span) -> Sums:
    return (
        select(
            EnvelopeTally.channel_account_id.label("account_id"),
            EnvelopeTally.day.label("day"),
            func.sum(EnvelopeTally.count).label("counted"),
            literal(0).label("there"),
        )
        .where(EnvelopeTally.organisation_id == span.organisation_id, EnvelopeTally.day == day)
        .group_by(EnvelopeTally.channel_account_id, EnvelopeTally.day)
    )


def _there(day: date, span: Span) -> Sums:
    begin = datetime.combine(day, time(), UTC)
    return (
        select(
            Envelope.channel_account_id,
            literal(day, Date).label("day"),
            literal(0).label("counted"),
            func.count().label("there"),
        )
        .where(
            Envelope.organisation_id == span.organisation_id,
            Envelope.received_at >= begin,
            Envelope.received_at < begin + timedelta(days=1),
        )
        .group_by(Envelope.channel_account_id)
    )
