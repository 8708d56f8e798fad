"""Files that go out: what WhatsApp takes, and the objects that name them in a message.

Limits: Meta, "Supported media types" of the Cloud API. A file that breaks one is refused here, before it travels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ramah.channels.content import Attachment, MediaKind
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.whatsapp import errors

_KILOBYTE = 1024
_MEGABYTE = 1024 * _KILOBYTE
_OFFICE = "application/vnd.openxmlformats-officedocument"
ANIMATED_STICKER_LIMIT = 500 * _KILOBYTE
CAPTION_LIMIT = 1024


@dataclass(frozen=True)
class FileRule:
    """What a kind of file may be. ``captioned``: words may stand under it."""

    mime_types: frozenset[str]
    most_bytes: int
    captioned: bool = True


RULES: dict[MediaKind, FileRule] = {
    MediaKind.IMAGE: FileRule(frozenset({"image/jpeg", "image/png"}), 5 * _MEGABYTE),
    MediaKind.VIDEO: FileRule(frozenset({"video/mp4", "video/3gpp"}), 16 * _MEGABYTE),
    MediaKind.AUDIO: FileRule(
        frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}), 16 * _MEGABYTE, captioned=False
    ),
    MediaKind.DOCUMENT: FileRule(
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
        100 * _MEGABYTE,
    ),
    MediaKind.STICKER: FileRule(frozenset({"image/webp"}), 100 * _KILOBYTE, captioned=False),
}
HEADER_KINDS = frozenset({MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT})
"""The kinds that may stand above buttons or in the head of a template."""


def checked(attachment: Attachment) -> tuple[bytes, str]:
    """The bytes and the bare type of a file that WhatsApp takes. Raises ChannelError (GIVE_UP) for another."""
    if not attachment.content:
        raise _refused("the file is no longer in the media store", errors.FILE_MISSING)
    rule = RULES[attachment.kind]
    mime_type = attachment.mime_type.partition(";")[0].strip().lower()
    if mime_type not in rule.mime_types:
        raise _refused(f"WhatsApp takes no {attachment.kind} of the type {mime_type[:60]!r}", errors.UNSUPPORTED_TYPE)
    moves = attachment.kind is MediaKind.STICKER and _is_animated(attachment.content)
    most = ANIMATED_STICKER_LIMIT if moves else rule.most_bytes
    if len(attachment.content) > most:
        size = f"{len(attachment.content)} bytes, at most {most} pass"
        raise _refused(f"the {attachment.kind} is too large for WhatsApp: {size}", errors.TOO_LARGE)
    return attachment.content, mime_type


def uploads_of(message_attachments: tuple[Attachment | None, ...]) -> list[Attachment]:
    """The files among these, each once."""
    return list({item.media_id: item for item in message_attachments if item is not None}.values())


def media_object(attachment: Attachment, files: Mapping[str, str], caption: str = "") -> dict[str, object]:
    """``{"type": "image", "image": {"id": ...}}``; ``files`` maps our media ids to Meta's. Raises ValueError for a
    file that was not uploaded."""
    if attachment.media_id not in files:
        raise ValueError("this file must be uploaded before its message is made")
    described: dict[str, object] = {"id": files[attachment.media_id]}
    if attachment.kind is MediaKind.DOCUMENT and attachment.filename:
        described["filename"] = attachment.filename
    if caption and RULES[attachment.kind].captioned:
        described["caption"] = caption
    return {"type": attachment.kind.value, attachment.kind.value: described}


def _is_animated(content: bytes) -> bool:
    """Whether an extended WebP file says that it moves. Source: Google, "WebP Container Specification"."""
    return content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8X" and len(content) > 20 and bool(content[20] & 2)


def _refused(message: str, code: str) -> ChannelError:
    return ChannelError(message, SendOutcome.GIVE_UP, code=code)
