"""Files at Meta: uploaded by businesses, sent by people, fetched under addresses that live five minutes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.graph.refusals import RefusalError, no_such_object

ADDRESS_LIFE = 300.0
UPLOAD_LIFE = 30 * 86_400.0
RECEIVED_LIFE = 7 * 86_400.0
_KB = 1024
_MB = 1024 * _KB
_OFFICE = "application/vnd.openxmlformats-officedocument"

# Meta, "Supported media types": kind, most bytes, types.
SUPPORTED: dict[str, tuple[int, frozenset[str]]] = {
    "image": (5 * _MB, frozenset({"image/jpeg", "image/png"})),
    "video": (16 * _MB, frozenset({"video/mp4", "video/3gpp"})),
    "audio": (16 * _MB, frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"})),
    "sticker": (500 * _KB, frozenset({"image/webp"})),
    "document": (
        100 * _MB,
        frozenset(
            {
                "text/plain",
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                f"{_OFFICE}.wordprocessingml.document",
                f"{_OFFICE}.spreadsheetml.sheet",
                f"{_OFFICE}.presentationml.presentation",
            }
        ),
    ),
}


@dataclass
class StoredFile:
    """One file. ``dies_at`` is when Meta drops it."""

    id: str
    phone_number_id: str
    content: bytes = field(repr=False)
    mime_type: str
    filename: str | None
    dies_at: float

    @property
    def sha256(self) -> str:
        """Hexadecimal, as in the metadata; webhooks write it in base64."""
        return hashlib.sha256(self.content).hexdigest()


class MediaStore:
    """All files, and the addresses that were given out."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._addresses: dict[str, tuple[str, float]] = {}

    def upload(self, phone_number_id: str, content: bytes, mime_type: str, filename: str | None, now: float) -> str:
        """Keep a file that a business wants to send; returns its id. Raises RefusalError."""
        kind = next((kind for kind, (_, types) in SUPPORTED.items() if mime_type in types), None)
        if kind is None:
            raise RefusalError(400, 100, f"Param file must be a supported type. Received file of type '{mime_type}'.")
        if not content or len(content) > SUPPORTED[kind][0]:
            raise RefusalError(400, 131053, "Media upload error", f"{kind}: {len(content)} bytes")
        return self._keep(phone_number_id, content, mime_type, filename, now + UPLOAD_LIFE)

    def receive(self, phone_number_id: str, content: bytes, mime_type: str, filename: str | None, now: float) -> str:
        """Keep a file that a person sent; returns its id."""
        return self._keep(phone_number_id, content, mime_type, filename, now + RECEIVED_LIFE)

    def file(self, media_id: str, now: float) -> StoredFile:
        """A file. Raises RefusalError when Meta has it no more."""
        found = self._files.get(media_id)
        if found is None or now >= found.dies_at:
            raise no_such_object(media_id)
        return found

    def drop(self, media_id: str) -> None:
        """Forget a file before its time."""
        self._files.pop(media_id, None)

    def describe(self, file: StoredFile, base: str, now: float) -> dict[str, Any]:
        """The metadata, with a fresh address under ``base``."""
        ticket = secrets.token_urlsafe(12)
        self._addresses[ticket] = (file.id, now + ADDRESS_LIFE)
        return {
            "messaging_product": "whatsapp",
            "id": file.id,
            "url": f"{base}/_media/{ticket}",
            "mime_type": file.mime_type,
            "sha256": file.sha256,
            "file_size": len(file.content),
        }

    def behind(self, ticket: str, now: float) -> StoredFile:
        """The file behind an address. Raises RefusalError when the address has expired."""
        media_id, dies_at = self._addresses.get(ticket, ("", 0.0))
        if now >= dies_at:
            raise RefusalError(404, 100, "URL signature expired")
        return self.file(media_id, now)

    def must_be(self, media_id: str, kind: str, phone_number_id: str, now: float) -> None:
        """Raise RefusalError unless this upload may be sent as a message of this kind by this number."""
        found = self._files.get(media_id)
        if found is None or now >= found.dies_at or found.phone_number_id != phone_number_id:
            raise RefusalError(400, 131009, "Parameter value is not valid", f"{kind}: no media {media_id}")
        if found.mime_type not in SUPPORTED[kind][1]:
            raise RefusalError(400, 131053, "Media upload error", f"{found.mime_type} is no {kind}")

    def _keep(self, phone_number_id: str, content: bytes, mime_type: str, filename: str | None, dies_at: float) -> str:
        media_id = str(10**14 + secrets.randbelow(10**14))
        self._files[media_id] = StoredFile(media_id, phone_number_id, content, mime_type, filename, dies_at)
        return media_id
