"""Each try to send is a row, written before the try; a message counts its tries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from ramah.lib.errors import NotFound
from ramah.messaging.ledger.counts import in_day
from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.span import Span
from ramah.messaging.models import (
    ChannelAccount,
    Outbound,
    OutboundStatus,
    SendAttempt,
)
from ramah.messaging.registry import channel_for

AT_ONCE = 500
LEFT_US = (
    OutboundStatus.SENDING,
    OutboundStatus.UNCERTAIN,
    OutboundStatus.UNPROVED,
    OutboundStatus.SENT,
    OutboundStatus.DELIVERED,
    OutboundStatus.READ,
)
ECHO = "echo-"


def untried(session: Session, span: Span) -> Iterator[Finding]:
    """Messages of the day with fewer or more tries than they counted, and what left us without any. Two statements."""
    kinds = session.scalars(
        select(ChannelAccount.kind).where(ChannelAccount.organisation_id == span.organisation_id).distinct()
    )
    fetched = [kind for kind in kinds if _is_fetched(kind)]
    for outbound_id, status, counted, there in session.execute(_uneven(span, fetched)):
        why = f"it counted {counted} tries, {there} are there" if counted != there else f"it is {status} without a try"
        yield Finding("send_attempt", outbound_id, why, rows=max(1, abs(counted - there)))


def _is_fetched(kind: str) -> bool:
    try:
        return channel_for(kind).abilities.fetched_by_reader
    except NotFound:
        return False


def _uneven(span: Span, fetched: list[str]) -> Select[str, str, int, Any]:
    tries = (
        select(SendAttempt.outbound_id, func.count().label("there"))
        .where(SendAttempt.organisation_id == span.organisation_id, SendAttempt.started_at >= span.reach)
        .group_by(SendAttempt.outbound_id)
        .subquery("tries")
    )
    there = func.coalesce(tries.c.there, 0)
    return (
        select(Outbound.id, Outbound.status, Outbound.attempts, there)
        .outerjoin(tries, tries.c.outbound_id == Outbound.id)
        .outerjoin(ChannelAccount, ChannelAccount.id == Outbound.channel_account_id)
        .where(Outbound.organisation_id == span.organisation_id, *in_day(Outbound.created_at, span))
        .where(or_(Outbound.attempts != there, _left_untried(fetched)))
        .order_by(Outbound.created_at)
        .execution_options(yield_per=AT_ONCE)
    )


def _left_untried(fetched: list[str]) -> ColumnElement[bool]:
    """It left us although nobody tried; what a reader fetches or one of ours wrote elsewhere needs no try."""
    return and_(
        Outbound.attempts == 0,
        Outbound.status.in_(LEFT_US),
        ChannelAccount.kind.not_in(fetched),
        ~Outbound.send_key.startswith(ECHO, autoescape=True),
    )
