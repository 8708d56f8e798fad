"""How a file's row ends or goes on waiting, and who hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ramah.messaging.live import announce
from ramah.messaging.media.examining import Examined, Stored, kind_shown
from ramah.messaging.media.leases import Errand, hold_all
from ramah.messaging.models import Inbound, MediaFile, MediaStatus
from ramah.store import Database, utc_now

STORE_AWAY = "the media store: "
"""How the trouble of a file begins that waits for the store and not for its provider."""


def settle_stored(database: Database, errand: Errand, examined: Examined, stored: Stored) -> None:
    """The file is safe. Whoever brings it first is right, even after its lease."""
    with database.tenant(errand.organisation_id) as session:
        row = _locked(session, errand)
        if row.status == MediaStatus.WAITING:
            note_stored(row, examined, stored)
            _tell(session, row)


def note_stored(row: MediaFile, examined: Examined, stored: Stored) -> None:
    """Write into a row where its file lies and what it is."""
    row.status, row.settled_at, row.error_text = MediaStatus.STORED, utc_now(), None
    row.kind = kind_shown(row.kind, examined.type)
    row.mime_type, row.size, row.sha256 = examined.type.mime_type, len(examined.content), examined.sha256
    row.filename = examined.filename
    row.storage_key, row.thumbnail_key = stored.key, stored.thumbnail_key


def settle_ended(database: Database, errand: Errand, status: MediaStatus, reason: str) -> None:
    """The file will not come: it may not be kept (``refused``) or could not be had (``failed``)."""
    with database.tenant(errand.organisation_id) as session:
        row = _locked(session, errand)
        if _is_mine(row, errand):
            row.status, row.settled_at, row.error_text = status, utc_now(), reason[:400]
            _tell(session, row)


def try_later(database: Database, errand: Errand, seconds: float, reason: str, *, counted: bool = True) -> None:
    """The provider did not give it now. ``counted``: it was one of the tries that are bounded."""
    with database.tenant(errand.organisation_id) as session:
        row = _locked(session, errand)
        if _is_mine(row, errand):
            row.next_try_at, row.error_text = _in(seconds), reason[:400]
            row.attempts -= 0 if counted else 1


def wait_for_store(database: Database, errand: Errand, seconds: float, reason: str) -> bool:
    """The store is away: this file and all that are due wait, without losing a try. Returns whether that is news in
    the organisation, so that one outage is one incident."""
    with database.every_organisation() as session:
        hold_all(session, seconds)
    with database.tenant(errand.organisation_id) as session:
        known = session.scalar(
            select(
                exists().where(
                    MediaFile.organisation_id == errand.organisation_id,
                    MediaFile.status == MediaStatus.WAITING,
                    MediaFile.error_text.startswith(STORE_AWAY, autoescape=True),
                )
            )
        )
    try_later(database, errand, seconds, STORE_AWAY + reason, counted=False)
    return not known


def _locked(session: Session, errand: Errand) -> MediaFile:
    return session.get_one(MediaFile, errand.media_id, with_for_update=True)


def _is_mine(row: MediaFile, errand: Errand) -> bool:
    return row.status == MediaStatus.WAITING and row.next_try_at == errand.until


def _in(seconds: float) -> datetime:
    return utc_now() + timedelta(seconds=seconds)


def _tell(session: Session, row: MediaFile) -> None:
    position = session.scalar(select(Inbound.position).where(Inbound.id == row.inbound_id)) if row.inbound_id else None
    announce(session, row.organisation_id, row.conversation_id, "media", position=position)
