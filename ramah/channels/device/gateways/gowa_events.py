"""Events of GOWA. Source: go-whatsapp-web-multidevice, docs/webhook-payload.md."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ramah.channels.content import Incoming, IncomingKind, LinkState, LinkStatus, MediaKind, ReceiptStatus, RemoteMedia
from ramah.channels.device.cards import card_line
from ramah.channels.device.events import Found, message_id, receipt
from ramah.channels.device.fields import Flag, Moment, Object, OptionalText, Texts, Tolerant, objects, text_or_none
from ramah.channels.device.jids import is_nobody, person, plus
from ramah.channels.device.places import place_in_degrees, words_of
from ramah.channels.device.reading import lightened

MESSAGES = frozenset({"message", "message.reaction", "message.edited"})
BY_MESSAGE = "message:"
"""Begins the reference of a file that the gateway fetches only when it is asked for the message."""
_MEDIA = {
    "image": MediaKind.IMAGE,
    "video": MediaKind.VIDEO,
    "video_note": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
    "document": MediaKind.DOCUMENT,
    "sticker": MediaKind.STICKER,
}
_RECEIPTS = {
    "sent": ReceiptStatus.SENT,
    "delivered": ReceiptStatus.DELIVERED,
    "read": ReceiptStatus.READ,
    "played": ReceiptStatus.READ,
    "server-error": ReceiptStatus.FAILED,
}
_STATES = {
    "logged_in": LinkStatus.CONNECTED,
    "connected": LinkStatus.CONNECTING,
    "connecting": LinkStatus.CONNECTING,
    "disconnected": LinkStatus.DISCONNECTED,
}


class Message(Tolerant):
    """``payload`` of a message."""

    id: OptionalText = None
    chat: OptionalText = Field(None, alias="chat_id")
    sender: OptionalText = Field(None, alias="from")
    sender_lid: OptionalText = Field(None, alias="from_lid")
    name: OptionalText = Field(None, alias="from_name")
    at: Moment = Field(None, alias="timestamp")
    from_me: Flag = Field(False, alias="is_from_me")
    body: OptionalText = None
    replied_to: OptionalText = Field(None, alias="replied_to_id")
    reaction: OptionalText = None
    reacted: OptionalText = Field(None, alias="reacted_message_id")
    original: OptionalText = Field(None, alias="original_message_id")
    location: Object = None
    live_location: Object = None
    contact: Object = None
    contacts: Annotated[list[dict[str, Any]], BeforeValidator(objects)] = Field(default=[], alias="contacts_array")


class Ack(Tolerant):
    """``payload`` of ``message.ack``."""

    ids: Texts = Field(default=[])
    kind: OptionalText = Field(None, alias="receipt_type")


class Event(Tolerant):
    """The whole webhook body."""

    event: OptionalText = None
    at: Moment = Field(None, alias="timestamp")
    payload: Object = None


class DeviceAnswer(Tolerant):
    """``results`` of a question about a device. ``jid`` is set once a phone was linked."""

    state: OptionalText = None
    jid: OptionalText = None
    is_connected: Flag = False
    is_logged_in: Flag = False


def read_event(raw: dict[str, Any], found: Found) -> None:
    """Put an event into ``found``. Raises pydantic.ValidationError."""
    event = Event.model_validate(raw)
    name, payload = event.event or "", event.payload or {}
    if name in MESSAGES:
        message = Message.model_validate(payload)
        if is_nobody(message.chat) or is_nobody(message.sender):
            found.notice(name, chat="elsewhere")
        else:
            found.message(_incoming(name, message, payload), name, payload)
    elif name == "message.ack":
        _ack(event, payload, found)
    else:
        found.notice(name or "unknown", raw=lightened(payload))


def state_of(answer: DeviceAnswer) -> LinkState:
    """How a device stands, without its QR: one that never had a phone waits for one."""
    guessed = "logged_in" if answer.is_logged_in else ("connected" if answer.is_connected else "disconnected")
    status = _STATES.get(answer.state or guessed, LinkStatus.UNKNOWN)
    if status is not LinkStatus.CONNECTED and answer.jid is None:
        status = LinkStatus.SCAN_QR
    return LinkState(status=status, phone=plus(answer.jid))


def _incoming(name: str, message: Message, payload: dict[str, Any]) -> Incoming | None:
    addresses = [message.chat] if message.from_me else [message.sender, message.sender_lid]
    sender = person(addresses, None if message.from_me else message.name)
    if sender is None:
        return None
    identifier = message_id(message.id, payload)
    files = _files(payload, identifier, message.chat or sender.platform_id)
    place = place_in_degrees(message.location or message.live_location or {})
    return Incoming(
        external_id=identifier,
        sender=sender,
        kind=_kind(name, message, bool(files), place is not None),
        text=_text(message) or (words_of(place) if place else ""),
        reply_to=message.reacted or message.replied_to,
        sent_at=message.at,
        media=files,
        place=place,
        edit_of=message.original if name == "message.edited" else None,
        from_business=message.from_me,
        raw=lightened(payload),
    )


def _kind(name: str, message: Message, has_files: bool, has_place: bool) -> IncomingKind:
    if name == "message.reaction":
        return IncomingKind.REACTION
    if name == "message.edited" and message.original:
        return IncomingKind.EDIT
    if has_files:
        return IncomingKind.MEDIA
    if has_place:
        return IncomingKind.LOCATION
    if message.contact or message.contacts:
        return IncomingKind.CONTACTS
    return IncomingKind.TEXT if message.body else IncomingKind.UNSUPPORTED


def _text(message: Message) -> str:
    cards = [message.contact] if message.contact else message.contacts
    lines = "\n".join(filter(None, map(_card, cards)))
    return message.reaction or message.body or lines


def _card(card: dict[str, Any]) -> str:
    return card_line(text_or_none(card.get("vcard")) or "", text_or_none(card.get("displayName")))


def _files(payload: dict[str, Any], identifier: str, chat: str) -> tuple[RemoteMedia, ...]:
    """A path on the gateway, or, where it did not fetch the file, the message to ask for (WhatsApp's own address
    holds encrypted bytes)."""
    for name, kind in _MEDIA.items():
        given = payload.get(name)
        if not given:
            continue
        details = given if isinstance(given, dict) else {"path": given}
        path = text_or_none(details.get("path"))
        reference = path or f"{BY_MESSAGE}{identifier}:{chat}"
        return (
            RemoteMedia(
                kind=kind,
                reference=reference,
                mime_type=text_or_none(details.get("mime_type")),
                filename=text_or_none(details.get("filename")),
            ),
        )
    return ()


def _ack(event: Event, payload: dict[str, Any], found: Found) -> None:
    ack = Ack.model_validate(payload)
    status = _RECEIPTS.get((ack.kind or "delivered").lower())
    proofs = [receipt(identifier, status, event.at) for identifier in ack.ids]
    found.receipts.extend(proof for proof in proofs if proof is not None)
    if not any(proofs):
        found.notice("message.ack", raw=lightened(payload))
