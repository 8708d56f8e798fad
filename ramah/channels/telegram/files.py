"""Files that go out: which method carries which file. Limits: Telegram, "Sending files" and the methods themselves.

What a special form does not take (a HEIC photo, a huge picture, a sticker of a wrong type) goes out as a document, so
that it arrives all the same.
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from telegram import InputFile

from ramah.channels.content import Attachment, MediaKind
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.telegram import errors

_MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * _MEGABYTE


@dataclass(frozen=True)
class Form:
    """A way to send a file: the parameter's name (``photo`` for sendPhoto) and what it takes."""

    name: str
    mime_types: frozenset[str]
    most_bytes: int = MOST_BYTES


DOCUMENT = Form("document", frozenset())
_FORMS: dict[MediaKind, tuple[Form, ...]] = {
    MediaKind.IMAGE: (
        Form("photo", frozenset({"image/jpeg", "image/png", "image/webp"}), 10 * _MEGABYTE),
        Form("animation", frozenset({"image/gif"})),
    ),
    MediaKind.VIDEO: (Form("video", frozenset({"video/mp4"})),),
    MediaKind.AUDIO: (
        Form("audio", frozenset({"audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac"})),
        Form("voice", frozenset({"audio/ogg", "audio/opus"})),
    ),
    MediaKind.STICKER: (
        Form("sticker", frozenset({"image/webp", "video/webm", "application/x-tgsticker"}), _MEGABYTE // 2),
    ),
    MediaKind.DOCUMENT: (),
}


def may_carry_words(kind: MediaKind) -> bool:
    """Whether a caption may stand under such a file; stickers have none."""
    return kind is not MediaKind.STICKER


def form_of(attachment: Attachment) -> Form:
    """The way in which this file arrives best. Raises ChannelError (GIVE_UP) for one that cannot travel at all."""
    content = attachment.content
    if not content:
        raise _refused("the file is no longer in the media store", errors.FILE_MISSING)
    if len(content) > MOST_BYTES:
        size = f"{len(content)} bytes, at most {MOST_BYTES} pass"
        raise _refused(f"the {attachment.kind} is too large for Telegram: {size}", errors.TOO_LARGE)
    bare = _bare_type(attachment)
    fitting = (form for form in _FORMS[attachment.kind] if bare in form.mime_types and len(content) <= form.most_bytes)
    return next(fitting, DOCUMENT)


def input_file(attachment: Attachment) -> InputFile:
    """The file as it travels; the library tells its type by its name, so that it always has one."""
    extension = mimetypes.guess_extension(_bare_type(attachment)) or ""
    return InputFile(attachment.content or b"", filename=attachment.filename or f"{attachment.kind}{extension}")


def _bare_type(attachment: Attachment) -> str:
    return attachment.mime_type.partition(";")[0].strip().lower()


def _refused(message: str, code: str) -> ChannelError:
    return ChannelError(message, SendOutcome.GIVE_UP, code=code)
