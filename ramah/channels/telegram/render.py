"""Parts as requests of the Bot API: text or a file, and the keyboard under it."""

from __future__ import annotations

import re
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

from ramah.channels.content import Choice, Outgoing
from ramah.channels.telegram.files import Form, form_of, input_file
from ramah.channels.telegram.payloads import short_payload
from ramah.channels.telegram.split import asks
from ramah.channels.telegram.words import words

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | None
_MESSAGE_ID = re.compile(r"(?P<chat>-?[0-9]{1,20}):(?P<message>[0-9]{1,20})(@.*)?")


async def send_part(bot: Bot, chat: int, part: Outgoing) -> Message:
    """Send one part; what Telegram shows of it. Raises ChannelError for a file that cannot travel, and what the
    library raises."""
    common: dict[str, Any] = {"reply_markup": markup_of(part), "reply_parameters": quoted(chat, part.reply_to)}
    if part.attachment is not None:
        form = form_of(part.attachment)
        return await _send_file(bot, chat, form, input_file(part.attachment), part.text, common)
    if part.image_url:
        return await bot.send_photo(chat, part.image_url, caption=part.text or None, **common)
    return await bot.send_message(chat, part.text, **common)


async def _send_file(bot: Bot, chat: int, form: Form, file: Any, text: str, common: dict[str, Any]) -> Message:
    method = getattr(bot, f"send_{form.name}")
    captioned = common if form.name == "sticker" else {"caption": text or None, **common}
    sent: Message = await method(chat, file, **captioned)
    return sent


def quoted(chat: int, reply_to: str | None) -> ReplyParameters | None:
    """The message of the same chat that is quoted (or was corrected since), if it still exists; else None."""
    found = _MESSAGE_ID.fullmatch(reply_to or "")
    if found is None or int(found["chat"]) != chat:
        return None
    return ReplyParameters(int(found["message"]), allow_sending_without_reply=True)


def markup_of(part: Outgoing) -> Markup:
    """The keyboard of a part, or None: buttons under the message, or below the field for typing where something is
    to be shared. Telegram shows one of the two, so that choices beside a request are buttons that type their title."""
    if asks(part):
        lines = [*_requests(part), *([KeyboardButton(choice.title.strip())] for choice in part.choices)]
        return ReplyKeyboardMarkup(lines, resize_keyboard=True, one_time_keyboard=True)
    return InlineKeyboardMarkup([[_button(choice)] for choice in part.choices]) if part.choices else None


def _requests(part: Outgoing) -> list[list[KeyboardButton]]:
    labels = iter((part.list_label or "").splitlines())
    spoken = words("")
    lines = []
    if part.contact_request:
        lines.append([KeyboardButton(next(labels, spoken["contact"]), request_contact=True)])
    if part.location_request:
        lines.append([KeyboardButton(next(labels, spoken["location"]), request_location=True)])
    return lines


def _button(choice: Choice) -> InlineKeyboardButton:
    return InlineKeyboardButton(choice.title.strip(), callback_data=short_payload(choice.payload))
