"""A file as it is handed to a browser."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ramah.integrations.storage import Storage
from ramah.messaging.media.catalogue import type_called
from ramah.messaging.media.links import Grant, Variant
from ramah.messaging.media.thumbnails import MIME_TYPE
from ramah.messaging.models import MediaFile, MediaStatus
from ramah.store import Database

MOST_SMALL_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Servable:
    """What a grant opens. ``key`` is None while the file is not stored; ``size`` (bytes) is None for small pictures.

    ``inline``: a browser may show it by itself."""

    status: MediaStatus
    key: str | None
    mime_type: str
    size: int | None
    filename: str
    inline: bool


def servable(database: Database, grant: Grant) -> Servable | None:
    """The file of a grant, or None when there is none (any more). The signature stands for the organisation."""
    with database.every_organisation_reading() as session:
        row = session.scalar(select(MediaFile).where(MediaFile.id == grant.media_id))
    if row is None or (grant.variant is Variant.SMALL and row.thumbnail_key is None):
        return None
    status = MediaStatus(row.status)
    if grant.variant is Variant.SMALL:
        return Servable(status, row.thumbnail_key, MIME_TYPE, None, "thumbnail.webp", inline=True)
    proved = type_called(row.mime_type)
    name = row.filename or f"{row.kind}-{row.id[:8]}" + (f".{proved.extensions[0]}" if proved else "")
    mime_type = proved.mime_type if proved else "application/octet-stream"
    return Servable(status, row.storage_key, mime_type, row.size, name, inline=proved is not None and proved.inline)


def content_of(storage: Storage, found: Servable, start: int = 0, length: int | None = None) -> bytes:
    """The bytes, or ``length`` of them from ``start`` on. Raises StorageError, and ValueError for a part that is not
    there or a file that is not stored."""
    if found.key is None:
        raise ValueError("the file is not stored")
    if length is not None:
        return storage.get_part(found.key, start, length)
    return storage.get(found.key, found.size if found.size is not None else MOST_SMALL_BYTES)
