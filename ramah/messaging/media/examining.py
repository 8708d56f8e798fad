"""A file looked through before it is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from ramah.channels.content import MediaKind
from ramah.integrations.storage import Storage, content_key
from ramah.messaging.media.catalogue import FileType
from ramah.messaging.media.names import safe_name
from ramah.messaging.media.proof import FileRefused, prove_type
from ramah.messaging.media.thumbnails import MIME_TYPE, thumbnail

THUMBNAIL_SUFFIX = ".small"


@dataclass(frozen=True)
class Examined:
    """A file that may be kept: what it is, and its small picture where it has one. ``sha256`` is hexadecimal."""

    content: bytes = field(repr=False)
    type: FileType
    sha256: str
    filename: str | None
    small: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Stored:
    """Where a file lies."""

    key: str
    thumbnail_key: str | None


def refuse_above(size: int | None, most_bytes: int) -> None:
    """Raises FileRefused for a size above the limit; an unknown one passes."""
    if size is not None and size > most_bytes:
        raise FileRefused(f"the file has {size} bytes, at most {most_bytes} are kept", "too_large")


def examine(content: bytes, filename: str | None, most_bytes: int) -> Examined:
    """Prove what a file is. Raises FileRefused when it may not be kept."""
    refuse_above(len(content), most_bytes)
    proved = prove_type(content, filename)
    digest = hashlib.sha256(content).hexdigest()
    return Examined(content, proved, digest, safe_name(filename, proved), thumbnail(content, proved))


def store(storage: Storage, organisation_id: str, examined: Examined) -> Stored:
    """Put the file and its small picture into the store; the same content again changes nothing.

    Raises StorageError; what was put already is put again by the next try."""
    key = content_key(organisation_id, examined.sha256)
    storage.put(key, examined.content, examined.type.mime_type)
    if examined.small is None:
        return Stored(key, None)
    storage.put(key + THUMBNAIL_SUFFIX, examined.small, MIME_TYPE)
    return Stored(key, key + THUMBNAIL_SUFFIX)


def kind_shown(said: str, proved: FileType) -> MediaKind:
    """What a file counts as: as its sender sent it where the content allows that, else what it is.

    A picture may be sent as a document or a sticker; a document is never a picture."""
    if said == MediaKind.DOCUMENT or (said == MediaKind.STICKER and proved.kind is MediaKind.IMAGE):
        return MediaKind(said)
    return proved.kind
