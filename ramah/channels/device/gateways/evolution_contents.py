"""What a message of Evolution says: WhatsApp's own message object, one key per kind.

Source: Evolution API v2 webhooks; Baileys, proto.IMessage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic import Field

from ramah.channels.content import IncomingKind, MediaKind, Place, RemoteMedia
from ramah.channels.device.cards import card_line
from ramah.channels.device.fields import OptionalNumber, OptionalText, Tolerant, objects, text_or_none
from ramah.channels.device.places import place_in_degrees, words_of

_WRAPPERS = (
    "ephemeralMessage",
    "viewOnceMessage",
    "viewOnceMessageV2",
    "viewOnceMessageV2Extension",
    "documentWithCaptionMessage",
    "deviceSentMessage",
)
_MOST_WRAPPERS = 6
_MEDIA = {
    "imageMessage": MediaKind.IMAGE,
    "videoMessage": MediaKind.VIDEO,
    "ptvMessage": MediaKind.VIDEO,
    "audioMessage": MediaKind.AUDIO,
    "documentMessage": MediaKind.DOCUMENT,
    "stickerMessage": MediaKind.STICKER,
}


class Content(NamedTuple):
    """Kind, readable text, the message that it is about, files, a place, and the message that it replaces."""

    kind: IncomingKind
    text: str = ""
    about: str | None = None
    media: tuple[RemoteMedia, ...] = ()
    place: Place | None = None
    edit_of: str | None = None


class Media(Tolerant):
    """A file; it is asked for by the message's id, since its own address holds encrypted bytes."""

    caption: OptionalText = None
    mime_type: OptionalText = Field(None, alias="mimetype")
    filename: OptionalText = Field(None, alias="fileName")
    size: OptionalNumber = Field(None, alias="fileLength")


def read_content(message: Mapping[str, Any], message_id: str) -> Content:
    """The content; UNSUPPORTED for a kind that we do not know. Raises pydantic.ValidationError."""
    inner = unwrapped(message)
    about = _quoted(inner)
    for name, reader in _READERS.items():
        if name in inner:
            content = reader(inner, name, message_id)
            return content._replace(about=content.about or about)
    return Content(IncomingKind.UNSUPPORTED, about=about)


def unwrapped(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message inside disappearing, view-once and similar wrappers."""
    for _ in range(_MOST_WRAPPERS):
        inner = next((_object(_object(message.get(name)).get("message")) for name in _WRAPPERS if name in message), {})
        if not inner:
            break
        message = inner
    return message


def _quoted(message: Mapping[str, Any]) -> str | None:
    contexts = (_object(_object(part).get("contextInfo")) for part in message.values())
    return next(filter(None, (text_or_none(context.get("stanzaId")) for context in contexts)), None)


def _text(message: Mapping[str, Any], name: str, message_id: str) -> Content:
    given = message[name]
    text = given if isinstance(given, str) else _object(given).get("text")
    return Content(IncomingKind.TEXT, text_or_none(text) or "")


def _media(message: Mapping[str, Any], name: str, message_id: str) -> Content:
    media = Media.model_validate(_object(message[name]))
    file = RemoteMedia(
        kind=_MEDIA[name], reference=message_id, mime_type=media.mime_type, filename=media.filename, size=media.size
    )
    return Content(IncomingKind.MEDIA, media.caption or "", media=(file,))


def _location(message: Mapping[str, Any], name: str, message_id: str) -> Content:
    place = place_in_degrees(_object(message[name]))
    if place is None:
        return Content(IncomingKind.UNSUPPORTED)
    return Content(IncomingKind.LOCATION, words_of(place), place=place)


def _contacts(message: Mapping[str, Any], name: str, message_id: str) -> Content:
    given = _object(message[name])
    cards = objects(given.get("contacts")) or [given]
    return Content(IncomingKind.CONTACTS, "\n".join(filter(None, map(_card, map(_object, cards)))))


def _card(card: Mapping[str, Any]) -> str:
    return card_line(text_or_none(card.get("vcard")) or "", text_or_none(card.get("displayName")))


def _reaction(message: Mapping[str, Any], name: str, message_id: str) -> Content:
    given = _object(message[name])
    about = text_or_none(_object(given.get("key")).get("id"))
    return Content(IncomingKind.REACTION, text_or_none(given.get("text")) or "", about)


def _protocol(message: Mapping[str, Any], name: str, message_id: str) -> Content:
    """An edit carries the new message and the key of the old one; everything else here is the phones' own affair."""
    given = _object(message[name])
    given = _object(_object(_object(given.get("message")).get("protocolMessage"))) or given
    edited = unwrapped(_object(given.get("editedMessage")))
    edit_of = text_or_none(_object(given.get("key")).get("id"))
    if not edited or edit_of is None:
        return Content(IncomingKind.SYSTEM)
    words = edited.get("conversation") or _object(edited.get("extendedTextMessage")).get("text")
    return Content(IncomingKind.EDIT, text_or_none(words) or "", edit_of=edit_of)


def _button(message: Mapping[str, Any], name: str, message_id: str) -> Content:
    """A tap on a button that somebody else's bot once sent: what it said is a text like any other."""
    given = _object(message[name])
    words = next(filter(None, (text_or_none(given.get(key)) for key in ("selectedDisplayText", "title"))), None)
    return Content(IncomingKind.TEXT, words or "")


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


_READERS: dict[str, Callable[[Mapping[str, Any], str, str], Content]] = {
    "conversation": _text,
    "extendedTextMessage": _text,
    **dict.fromkeys(_MEDIA, _media),
    "locationMessage": _location,
    "liveLocationMessage": _location,
    "contactMessage": _contacts,
    "contactsArrayMessage": _contacts,
    "reactionMessage": _reaction,
    "buttonsResponseMessage": _button,
    "templateButtonReplyMessage": _button,
    "listResponseMessage": _button,
    "editedMessage": _protocol,
    "protocolMessage": _protocol,
}
