"""Methods that send a message: their limits, and what the person then sees. Source: Telegram, "Bot API"."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.fakes.telegram.calls import Call, Upload
from tests.fakes.telegram.chats import Chat, Spoken
from tests.fakes.telegram.keyboards import read_markup
from tests.fakes.telegram.refusals import bad_request

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class FileMethod:
    """A method that sends a file: its parameter, its bound in bytes, whether it takes words and addresses."""

    name: str
    most_bytes: int = 50 * _MEGABYTE
    captioned: bool = True


METHODS = {
    "sendPhoto": FileMethod("photo", 10 * _MEGABYTE),
    "sendDocument": FileMethod("document"),
    "sendVideo": FileMethod("video"),
    "sendAnimation": FileMethod("animation"),
    "sendAudio": FileMethod("audio"),
    "sendVoice": FileMethod("voice"),
    "sendSticker": FileMethod("sticker", _MEGABYTE // 2, captioned=False),
}


def read_text(call: Call) -> str:
    """The text of sendMessage. Raises Refused."""
    text = call.text("text")
    if not text.strip():
        raise bad_request("message text is empty")
    if _units(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text


def read_file(call: Call) -> tuple[str, Upload]:
    """The caption and the file of another method; an address is kept as content. Raises Refused."""
    method, caption = METHODS[call.method], call.text("caption")
    if _units(caption) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    if caption and not method.captioned:
        raise bad_request("there is no caption here")
    given = call.text(method.name)
    upload = call.uploads.get(given.removeprefix("attach://")) or call.uploads.get(method.name)
    if upload is None and not given.startswith(("http://", "https://")):
        raise bad_request("wrong file identifier/HTTP URL specified")
    file = upload or Upload("", given.encode())
    if not file.content or len(file.content) > method.most_bytes:
        raise bad_request("file must be non-empty" if not file.content else "file is too big")
    return caption, file


def spoken(call: Call, chat: Chat) -> Spoken:
    """The message that a call makes. Raises Refused."""
    buttons, keyboard = read_markup(call.fields.get("reply_markup"))
    caption_or_text, file = (read_text(call), None) if call.method == "sendMessage" else read_file(call)
    return Spoken(
        message_id=0,
        method=call.method,
        text=caption_or_text,
        buttons=buttons,
        keyboard=keyboard,
        file=file.content if file else None,
        filename=file.filename if file else None,
        reply_to=_quoted(call, chat),
    )


def _quoted(call: Call, chat: Chat) -> int | None:
    """The quoted message. Raises Refused when it is gone and the sender does not mind nothing."""
    if "reply_parameters" not in call.fields:
        return None
    parameters = json.loads(call.text("reply_parameters"))
    if parameters["message_id"] in chat.seen:
        return int(parameters["message_id"])
    if not parameters.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
