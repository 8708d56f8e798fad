"""What the health of the accounts is read from; one statement each, whatever the number of accounts and messages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, cast, extract, func, literal, select, text
from sqlalchemy.orm import Session

from ramah.messaging.inbox import SAY
from ramah.messaging.models import (
    TROUBLED,
    ChannelAccount,
    Envelope,
    EnvelopeStatus,
    Inbound,
    Outbound,
    OutboundStatus,
    RateBucket,
    WebhookRefusal,
)
from ramah.messaging.parcels import account_key
from ramah.observe.models import Incident

HOURS = 24
UNKNOWN_NUMBER = "webhook:unknown-number"
_HOUR = 3600
Hourly = dict[str, list[int]]


@dataclass(frozen=True)
class Waiting:
    """What is due and has not left yet, and since when the oldest is."""

    count: int
    oldest: datetime


@dataclass(frozen=True)
class Reason:
    """Why messages of an account did not arrive: the provider's code, or none; how often."""

    status: str
    code: str | None
    count: int


@dataclass(frozen=True)
class Seen:
    """Something that happened some times, and when last."""

    count: int
    last_at: datetime


def accounts_with_last(session: Session) -> list[tuple[ChannelAccount, datetime | None, datetime | None]]:
    """Each account with the moments of its last message in and out, found at the end of their indexes."""
    came = select(func.max(Inbound.received_at)).where(Inbound.channel_account_id == ChannelAccount.id)
    went = select(func.max(Outbound.created_at)).where(Outbound.channel_account_id == ChannelAccount.id)
    order = (ChannelAccount.active.desc(), ChannelAccount.kind, ChannelAccount.name)
    rows = session.execute(select(ChannelAccount, came.scalar_subquery(), went.scalar_subquery()).order_by(*order))
    return [(row[0], row[1], row[2]) for row in rows]


def came_by_hour(session: Session, begin: datetime) -> Hourly:
    """Messages in, by account, for each of the 24 hours from ``begin`` on."""
    return _by_hour(session, Inbound, Inbound.received_at, begin, [Inbound.kind != SAY])


def went_by_hour(session: Session, begin: datetime) -> Hourly:
    """Messages out, the same way."""
    return _by_hour(session, Outbound, Outbound.created_at, begin, [])


def failed_by_hour(session: Session, begin: datetime) -> Hourly:
    """Those of the messages out that failed or that nobody can confirm."""
    return _by_hour(session, Outbound, Outbound.created_at, begin, _failed())


def reasons(session: Session, begin: datetime) -> dict[str, list[Reason]]:
    """Why messages did not arrive, the most frequent first."""
    count = func.count().label("count")
    rows = session.execute(
        select(Outbound.channel_account_id, Outbound.status, Outbound.error_code, count)
        .where(Outbound.created_at >= begin, *_failed())
        .group_by(Outbound.channel_account_id, Outbound.status, Outbound.error_code)
        .order_by(count.desc())
    )
    found: dict[str, list[Reason]] = defaultdict(list)
    for account_id, status, code, number in rows:
        found[account_id].append(Reason(status, code, number))
    return found


def waiting(session: Session, now: datetime) -> dict[str, Waiting]:
    """What should have left by now; planned messages are not among it. Ages count from when a message was written."""
    rows = session.execute(
        select(Outbound.channel_account_id, func.count(), func.min(Outbound.created_at))
        .where(Outbound.status == OutboundStatus.QUEUED, Outbound.next_try_at <= now)
        .group_by(Outbound.channel_account_id)
    )
    return {row[0]: Waiting(row[1], row[2]) for row in rows}


def unread_envelopes(session: Session, begin: datetime) -> dict[str, int]:
    """Bodies of the last day that could not be read; they are kept."""
    rows = session.execute(
        select(Envelope.channel_account_id, func.count())
        .where(Envelope.received_at >= begin, Envelope.status == EnvelopeStatus.FAILED)
        .group_by(Envelope.channel_account_id)
    )
    return {row[0]: row[1] for row in rows}


def refused_posts(session: Session, begin: datetime) -> dict[str, Seen]:
    """Posts with a wrong signature."""
    rows = session.execute(
        select(WebhookRefusal.channel_account_id, func.sum(WebhookRefusal.count), func.max(WebhookRefusal.last_at))
        .where(WebhookRefusal.last_at >= begin)
        .group_by(WebhookRefusal.channel_account_id)
    )
    return {row[0]: Seen(row[1], row[2]) for row in rows}


def unknown_numbers(session: Session, begin: datetime) -> list[tuple[str, Seen]]:
    """Messages that came for numbers which are connected to no account here: what was said, how often, when last."""
    rows = session.scalars(
        select(Incident)
        .where(Incident.operation == UNKNOWN_NUMBER, Incident.last_at >= begin)
        .order_by(Incident.last_at.desc())
    )
    return [(row.message, Seen(row.count, row.last_at)) for row in rows]


def paces(session: Session, accounts: list[ChannelAccount]) -> dict[str, datetime]:
    """When each account's pace lets the next message pass, where the database counts it."""
    keys = {account_key(account): account.id for account in accounts}
    rows = session.execute(select(RateBucket.key, RateBucket.free_at).where(RateBucket.key.in_(list(keys))))
    return {keys[row[0]]: row[1] for row in rows}


def _failed() -> list[Any]:
    # The text is the condition of the small index of troubles; an uncertain one may still arrive.
    return [text(TROUBLED), Outbound.status != literal(OutboundStatus.UNCERTAIN.value, literal_execute=True)]


def _by_hour(session: Session, model: Any, at: Any, begin: datetime, more: list[Any]) -> Hourly:
    whole = cast(extract("epoch", at), Integer)
    number = ((whole - int(begin.timestamp())) // literal(_HOUR, literal_execute=True)).label("number")
    rows = session.execute(
        select(model.channel_account_id, number, func.count())
        .where(at >= begin, at < begin + timedelta(hours=HOURS), *more)
        .group_by(model.channel_account_id, number)
    )
    found: Hourly = defaultdict(lambda: [0] * HOURS)
    for account_id, hour, count in rows:
        # PostgreSQL rounds the seconds, so that the last half second counts as the hour after.
        found[account_id][min(int(hour), HOURS - 1)] += count
    return found
