"""One update as an ``Incoming``: messages, edits, taps, reactions of private chats. Anything else is a notice."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from telegram import CallbackQuery, Message, MessageReactionUpdated, ReactionTypeEmoji, Update, User
from telegram.constants import ChatType

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.channels.telegram.contents import read_content

Raw = dict[str, Any]
CALLBACK = "cb:"
"""The external id of a tap is this and the id of its callback query."""
LONGEST_ID = 150


def read_update(update: Update, raw: Raw) -> Incoming | None:
    """The message of an update, or None when nobody is to be answered."""
    if update.message is not None:
        return _message(update.message, raw)
    if update.edited_message is not None:
        return _edit(update.edited_message, raw)
    if update.callback_query is not None:
        return _tap(update.callback_query, raw)
    if update.message_reaction is not None:
        return _reaction(update.message_reaction, raw)
    return None


def edit_id(edited: str, moment: int, message: object) -> str:
    """The id of a correction: what it corrects, when (Unix seconds), and a digest, since two may share a second."""
    digest = hashlib.sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()
    return f"{edited}@{moment}-{digest[:12]}"


def tap_id(query: object) -> str:
    """The id of a tap. Raises ValueError for what is none."""
    if not isinstance(query, str) or not 0 < len(query) <= LONGEST_ID:
        raise ValueError("a callback query has an id")
    return f"{CALLBACK}{query}"


def _message(message: Message, raw: Raw) -> Incoming | None:
    if not _is_personal(message.chat.type, message.from_user):
        return None
    content, answered = read_content(message), message.reply_to_message
    return Incoming(
        external_id=_id_of(message),
        sender=_sender(message.from_user, message.chat_id),
        kind=content.kind,
        text=content.text,
        reply_to=_id_of(answered) if answered else None,
        sent_at=message.date,
        media=content.media,
        place=content.place,
        proved_phone=content.proved_phone,
        raw=raw,
    )


def _edit(message: Message, raw: Raw) -> Incoming | None:
    """A corrected text or caption, with its files, which may be new. A live location that moved corrects nothing that
    was said, and comes every few seconds: a notice."""
    if not _is_personal(message.chat.type, message.from_user) or message.location is not None:
        return None
    content, edited = read_content(message), _id_of(message)
    changed = int(message.edit_date.timestamp()) if message.edit_date else 0
    return Incoming(
        external_id=edit_id(edited, changed, raw["edited_message"]),
        sender=_sender(message.from_user, message.chat_id),
        # Without words there is nothing to answer anew.
        kind=IncomingKind.EDIT if content.text else IncomingKind.SYSTEM,
        text=content.text,
        media=content.media,
        edit_of=edited,
        sent_at=message.edit_date or message.date,
        raw=raw,
    )


def _tap(query: CallbackQuery, raw: Raw) -> Incoming | None:
    """A tap on an inline button. The message under it may be too old for Telegram to show."""
    under = query.message
    if query.data is None or under is None or not _is_personal(under.chat.type, query.from_user):
        return None
    return Incoming(
        external_id=tap_id(query.id),
        sender=_sender(query.from_user, under.chat.id),
        kind=IncomingKind.TAP,
        text=_title(query) or "",
        payload=query.data,
        reply_to=message_id(under.chat.id, under.message_id),
        raw=raw,
    )


def _title(query: CallbackQuery) -> str | None:
    """What stands on the tapped button."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    buttons = [button for line in markup.inline_keyboard for button in line] if markup else []
    return next((button.text for button in buttons if button.callback_data == query.data), None)


def _reaction(reaction: MessageReactionUpdated, raw: Raw) -> Incoming | None:
    if reaction.user is None or not _is_personal(reaction.chat.type, reaction.user):
        return None
    about = message_id(reaction.chat.id, reaction.message_id)
    emoji = "".join(one.emoji for one in reaction.new_reaction if isinstance(one, ReactionTypeEmoji))
    return Incoming(
        external_id=f"re:{edit_id(about, int(reaction.date.timestamp()), raw['message_reaction'])}",
        sender=_sender(reaction.user, reaction.chat.id),
        kind=IncomingKind.REACTION,
        text=emoji,
        reply_to=about,
        sent_at=reaction.date,
        raw=raw,
    )


def _is_personal(chat_type: str, author: User | None) -> bool:
    """Groups and channels are no conversations of ours, and bots are never answered."""
    return chat_type == ChatType.PRIVATE and (author is None or not author.is_bot)


def message_id(chat: object, number: object) -> str:
    """The id of a message: its chat's and its own. Raises ValueError for what is no id; the library looks at no
    value's type."""
    if not (_is_id(chat) and _is_id(number)):
        raise ValueError("an id is a whole number")
    return f"{chat}:{number}"


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63


def _id_of(message: Message) -> str:
    return message_id(message.chat_id, message.message_id)


def _sender(user: User | None, chat_id: int) -> Sender:
    name = ((user.full_name or "").strip() or user.username) if user else None
    return Sender(platform_id=str(chat_id), name=name or None)
