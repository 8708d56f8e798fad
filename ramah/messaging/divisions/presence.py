"""Presence: online, away or offline, computed from when a person's page was last heard of. Nothing is switched by a
timer, so nothing can be left on by a page that crashed."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import stamina
from sqlalchemy import ColumnElement, and_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ramah.messaging.models import QueueSettings, StaffPresence
from ramah.store import Database, utc_now

HEARTBEAT = timedelta(seconds=20)
SEEN_FOR = 3 * HEARTBEAT
"""A page that missed three heartbeats is gone."""


class Presence(StrEnum):
    """Whether somebody can be given customers."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


def presence_of(row: StaffPresence | None, idle_after: timedelta, now: datetime) -> Presence:
    """How somebody stands at a moment."""
    since = gone_since(row, idle_after, now)
    if since is None:
        return Presence.ONLINE
    return Presence.AWAY if row is not None and row.seen_at and row.seen_at > now - SEEN_FOR else Presence.OFFLINE


def gone_since(row: StaffPresence | None, idle_after: timedelta, now: datetime) -> datetime | None:
    """Since when somebody takes no customers; None for who is online. Never seen: since the beginning of time."""
    if row is None or row.seen_at is None or row.active_at is None:
        return datetime.min.replace(tzinfo=now.tzinfo)
    ends = [row.seen_at + SEEN_FOR, row.active_at + idle_after, *([row.away_since] if row.away_since else [])]
    earliest = min(ends)
    return earliest if earliest <= now else None


def is_online(idle_after: timedelta, now: datetime) -> ColumnElement[bool]:
    """The same as a condition on StaffPresence."""
    return and_(
        StaffPresence.seen_at > now - SEEN_FOR,
        StaffPresence.active_at > now - idle_after,
        StaffPresence.away_since.is_(None),
    )


def idle_time(settings: QueueSettings | None) -> timedelta:
    """How long a page may be open with nobody at it."""
    return timedelta(minutes=settings.idle_after if settings else 10)


# Two pages of one person may say hello at the same moment; the second then finds the row.
@stamina.retry(on=IntegrityError, attempts=3, wait_initial=0.01, wait_max=0.1)
def heard_from(database: Database, organisation_id: str, staff_id: str, *, active: bool) -> Presence:
    """A person's page is open; ``active``: they did something in it since the last time."""
    with database.tenant(organisation_id) as session:
        row, now = presence_row(session, staff_id), utc_now()
        row.seen_at = now
        if active or row.active_at is None:
            row.active_at = now
        return presence_of(row, idle_time(session.get(QueueSettings, organisation_id)), now)


@stamina.retry(on=IntegrityError, attempts=3, wait_initial=0.01, wait_max=0.1)
def choose_presence(database: Database, organisation_id: str, staff_id: str, *, away: bool) -> Presence:
    """The person says that they are away, or back."""
    with database.tenant(organisation_id) as session:
        row, now = presence_row(session, staff_id), utc_now()
        row.seen_at = row.active_at = now
        row.away_since = (row.away_since or now) if away else None
        return presence_of(row, idle_time(session.get(QueueSettings, organisation_id)), now)


def presence_row(session: Session, staff_id: str) -> StaffPresence:
    """The row of a person, made when there is none yet."""
    row = session.get(StaffPresence, staff_id)
    if row is None:
        row = StaffPresence(staff_id=staff_id)
        session.add(row)
        session.flush()
    return row
