"""A message that the library cannot read, since one odd value in it stops its constructors: what remains is kept."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.channels.telegram.inbound import LONGEST_ID, Raw, edit_id, message_id, tap_id


def _object_or_none(value: object) -> object:
    return value if isinstance(value, dict) else None


def _number_or_none(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 63:
        return None
    return value


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


_Text = Annotated[str | None, BeforeValidator(_text_or_none)]
_Number = Annotated[int | None, BeforeValidator(_number_or_none)]


class _Tolerant(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class _Person(_Tolerant):
    is_bot: object = None
    first_name: _Text = None


class _Chat(_Tolerant):
    id: _Number = None
    type: _Text = None


class _Message(_Tolerant):
    message_id: _Number = None
    edit_date: _Number = None
    chat: Annotated[_Chat | None, BeforeValidator(_object_or_none)] = None
    author: Annotated[_Person | None, BeforeValidator(_object_or_none)] = Field(None, alias="from")
    text: _Text = None
    caption: _Text = None

    @property
    def words(self) -> str:
        return self.text or self.caption or ""


class _Query(_Tolerant):
    id: _Text = None
    author: Annotated[_Person | None, BeforeValidator(_object_or_none)] = Field(None, alias="from")
    message: Annotated[_Message | None, BeforeValidator(_object_or_none)] = None
    data: _Text = None


class _Update(_Tolerant):
    message: Annotated[_Message | None, BeforeValidator(_object_or_none)] = None
    edited_message: Annotated[_Message | None, BeforeValidator(_object_or_none)] = None
    callback_query: Annotated[_Query | None, BeforeValidator(_object_or_none)] = None


def salvaged(raw: Raw) -> Incoming | None:
    """The words or the tap of an update, if one can tell who sent it; unreadable things are UNSUPPORTED, with the
    original."""
    update = _Update.model_validate(raw)
    if update.message is not None:
        return _written(update.message, raw)
    if update.edited_message is not None:
        return _corrected(update.edited_message, raw)
    return _tapped(update.callback_query, raw) if update.callback_query is not None else None


def _written(message: _Message, raw: Raw) -> Incoming | None:
    sender, identifier = _sender(message, message.author), _id_of(message)
    if sender is None or identifier is None:
        return None
    kind = IncomingKind.TEXT if message.text else IncomingKind.UNSUPPORTED
    return Incoming(external_id=identifier, sender=sender, kind=kind, text=message.words, raw=raw)


def _corrected(message: _Message, raw: Raw) -> Incoming | None:
    sender, identifier = _sender(message, message.author), _id_of(message)
    if sender is None or identifier is None:
        return None
    return Incoming(
        external_id=edit_id(identifier, message.edit_date or 0, raw["edited_message"]),
        sender=sender,
        kind=IncomingKind.EDIT if message.words else IncomingKind.SYSTEM,
        text=message.words,
        edit_of=identifier,
        raw=raw,
    )


def _tapped(query: _Query, raw: Raw) -> Incoming | None:
    sender = _sender(query.message, query.author) if query.message is not None else None
    if sender is None or query.id is None or query.data is None or len(query.id) > LONGEST_ID:
        return None
    return Incoming(external_id=tap_id(query.id), sender=sender, kind=IncomingKind.TAP, payload=query.data, raw=raw)


def _sender(message: _Message, author: _Person | None) -> Sender | None:
    """The person of a private chat; None for groups, channels and bots."""
    chat = message.chat
    if chat is None or chat.id is None or chat.type != "private" or (author is not None and author.is_bot is True):
        return None
    return Sender(platform_id=str(chat.id), name=author.first_name if author else None)


def _id_of(message: _Message) -> str | None:
    if message.chat is None or message.chat.id is None or message.message_id is None:
        return None
    return message_id(message.chat.id, message.message_id)
