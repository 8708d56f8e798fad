"""Which file is fetched next, and by whom: a file is leased by moving its next try ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ramah.channels.content import RemoteMedia
from ramah.channels.port import AccountAccess
from ramah.messaging.accounts import access_of
from ramah.messaging.models import ChannelAccount, MediaFile, MediaStatus
from ramah.store import Database, utc_now

LEASE = timedelta(seconds=240)
"""Longer than a provider may take for one file (two minutes) and the store for keeping it."""
CANDIDATES = 8


@dataclass(frozen=True)
class Errand:
    """One file to fetch. ``until`` is the lease: whoever comes back later with bad news changes nothing."""

    organisation_id: str
    media_id: str
    conversation_id: str
    channel: str
    account_id: str
    access: AccountAccess
    remote: RemoteMedia
    attempts: int
    trouble: str | None
    until: datetime


def lease_next(database: Database) -> Errand | None:
    """Lease the file that has waited longest, or None when none is due. Accounts that are switched off wait."""
    with database.every_organisation_reading() as session:
        candidates = session.scalars(_due(utc_now()).limit(CANDIDATES)).all()
    for media_id in candidates:
        with database.every_organisation() as session:
            errand = _lease(session, media_id)
            if errand is not None:
                return errand
    return None


def _due(now: datetime) -> Any:
    return (
        select(MediaFile.id)
        .join(ChannelAccount, ChannelAccount.id == MediaFile.channel_account_id)
        .where(
            MediaFile.status == MediaStatus.WAITING,
            MediaFile.next_try_at <= now,
            MediaFile.remote.is_not(None),
            ChannelAccount.active,
        )
        .order_by(MediaFile.next_try_at)
    )


def _lease(session: Session, media_id: str) -> Errand | None:
    now = utc_now()
    row = session.scalar(
        select(MediaFile)
        .where(MediaFile.id == media_id, MediaFile.status == MediaStatus.WAITING, MediaFile.next_try_at <= now)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.next_try_at, row.attempts = now + LEASE, row.attempts + 1
    account = session.get_one(ChannelAccount, row.channel_account_id)
    return Errand(
        organisation_id=row.organisation_id,
        media_id=row.id,
        conversation_id=row.conversation_id,
        channel=account.kind,
        account_id=account.id,
        access=access_of(account),
        remote=RemoteMedia.model_validate(row.remote),
        attempts=row.attempts,
        trouble=row.error_text,
        until=row.next_try_at,
    )


def hold_all(session: Session, seconds: float) -> None:
    """Let every file that is due wait: the store is away, and each would be fetched for nothing."""
    now = utc_now()
    due = (
        select(MediaFile.id)
        .where(MediaFile.status == MediaStatus.WAITING, MediaFile.next_try_at <= now)
        .order_by(MediaFile.id)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    session.execute(
        update(MediaFile)
        .where(MediaFile.id.in_(ids))
        .values(next_try_at=now + timedelta(seconds=seconds))
        .execution_options(synchronize_session=False)
    )
