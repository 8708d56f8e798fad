"""A message cut into parts that each are one request to a gateway. Choices are numbered lines: buttons of linked
phones are shown on some phones and lost on others."""

from __future__ import annotations

import base64

from ramah.channels.content import Attachment, MediaKind, Outgoing
from ramah.channels.degrade import numbered, split_text
from ramah.channels.device import errors

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CAPTIONED = frozenset({MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT})


def split_message(message: Outgoing) -> list[Outgoing]:
    """Parts in the order in which they are to be read; an empty message has none.

    The first part quotes ``reply_to``; the last one carries ``numbered``. A template is its wording: nothing has to
    be approved here.
    """
    wording = message.template.preview if message.template is not None else message.text
    shown = numbered(message.model_copy(update={"text": wording.strip()}))
    parts = _parts(shown)
    if not parts:
        return []
    parts[-1] = parts[-1].model_copy(update={"numbered": shown.numbered})
    parts[0] = parts[0].model_copy(update={"reply_to": message.reply_to})
    return parts


def one_part(message: Outgoing) -> Outgoing:
    """The message as one request. Raises ValueError when it is empty or needs several."""
    parts = split_message(message)
    if len(parts) != 1:
        raise ValueError(f"this message is {len(parts)} requests, not one; split it first")
    return parts[0]


def content_of(attachment: Attachment) -> bytes:
    """The bytes of a file. Raises ChannelError when delivery found none."""
    if not attachment.content:
        raise errors.refused("the file is no longer in the media store", errors.FILE_MISSING)
    return attachment.content


def base64_of(attachment: Attachment) -> str:
    """The file in base64. Raises ChannelError when delivery found none."""
    return base64.b64encode(content_of(attachment)).decode()


def bare_type(attachment: Attachment) -> str:
    """The type without parameters."""
    return attachment.mime_type.partition(";")[0].strip().lower()


def _parts(message: Outgoing) -> list[Outgoing]:
    files = [Outgoing(image_url=message.image_url or None), Outgoing(attachment=message.attachment)]
    files = [file for file in files if file != Outgoing()]
    if files and _takes_caption(files[-1], message.text):
        return [*files[:-1], files[-1].model_copy(update={"text": message.text})]
    return [*files, *(Outgoing(text=piece) for piece in split_text(message.text, TEXT_LIMIT))]


def _takes_caption(file: Outgoing, text: str) -> bool:
    captioned = file.attachment is None or file.attachment.kind in CAPTIONED
    return captioned and len(text) <= CAPTION_LIMIT
