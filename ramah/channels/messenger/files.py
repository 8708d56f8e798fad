"""Files that go out. Limit: Meta, "Messenger Platform: Sending attachments" (25 MB)."""

from __future__ import annotations

from dataclasses import dataclass

from ramah.channels.content import Attachment, MediaKind
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger import errors

MOST_BYTES = 25 * 1024 * 1024
TYPES = {
    MediaKind.IMAGE: "image",
    MediaKind.VIDEO: "video",
    MediaKind.AUDIO: "audio",
    MediaKind.DOCUMENT: "file",
    MediaKind.STICKER: "image",  # pages cannot send stickers
}


@dataclass(frozen=True)
class Upload:
    """A file as it travels with its message."""

    name: str
    content: bytes
    mime_type: str


def upload_of(attachment: Attachment) -> Upload:
    """The file of a message. Raises ChannelError (GIVE_UP) for one that Messenger cannot take."""
    if not attachment.content:
        raise _refused("the file is no longer in the media store", errors.FILE_MISSING)
    if len(attachment.content) > MOST_BYTES:
        size = f"{len(attachment.content)} bytes, at most {MOST_BYTES} pass"
        raise _refused(f"the {attachment.kind} is too large for Messenger: {size}", errors.TOO_LARGE)
    mime_type = attachment.mime_type.partition(";")[0].strip().lower()
    return Upload(attachment.filename or attachment.kind.value, attachment.content, mime_type)


def _refused(message: str, code: str) -> ChannelError:
    return ChannelError(message, SendOutcome.GIVE_UP, code=code)
