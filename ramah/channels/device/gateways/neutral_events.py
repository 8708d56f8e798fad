"""Events of the neutral contract."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ramah.channels.content import (
    Incoming,
    IncomingKind,
    LinkState,
    LinkStatus,
    MediaKind,
    Place,
    RemoteMedia,
    Sender,
)
from ramah.channels.device.events import Found, message_id, receipt
from ramah.channels.device.fields import (
    Flag,
    Moment,
    Object,
    OptionalNumber,
    OptionalText,
    Texts,
    Tolerant,
    object_or_none,
    objects,
)
from ramah.channels.device.jids import is_nobody, person, plus
from ramah.channels.device.kinds import MEDIA_KINDS, RECEIPT_STATUSES
from ramah.channels.device.media import inline_reference
from ramah.channels.device.places import place_of, words_of
from ramah.channels.device.qr import to_scan
from ramah.channels.device.reading import lightened

PERSON = "person"
LINK_STATUSES = {status.value: status for status in LinkStatus if status is not LinkStatus.UNKNOWN}
_GONE = {
    "logged_out": LinkStatus.LOGGED_OUT,
    "banned": LinkStatus.FAILED,
    "replaced": LinkStatus.LOGGED_OUT,
}


class Media(Tolerant):
    """``media``: on the gateway, or in the event itself."""

    url: OptionalText = None
    base64: OptionalText = None
    mime_type: OptionalText = Field(None, alias="mimeType")
    filename: OptionalText = None
    size: OptionalNumber = None


class Card(Tolerant):
    """One of ``contacts``."""

    name: OptionalText = None
    phones: Texts = Field(default=[])


class Message(Tolerant):
    """``data`` of ``message``."""

    id: OptionalText = Field(None, alias="messageId")
    sender: OptionalText = Field(None, alias="from")
    sender_lid: OptionalText = Field(None, alias="fromLid")
    sender_name: OptionalText = Field(None, alias="fromName")
    to: OptionalText = None
    to_lid: OptionalText = Field(None, alias="toLid")
    chat_type: OptionalText = Field(None, alias="chatType")
    from_me: Flag = Field(False, alias="fromMe")
    reference: OptionalText = Field(None, alias="clientRef")
    type: OptionalText = None
    text: OptionalText = None
    caption: OptionalText = None
    media: Annotated[Media | None, BeforeValidator(object_or_none)] = None
    location: Object = None
    contacts: Annotated[list[Card], BeforeValidator(objects)] = Field(default=[])
    reply_to: OptionalText = Field(None, alias="replyTo")


class Status(Tolerant):
    """``data`` of ``message_status``."""

    id: OptionalText = Field(None, alias="messageId")
    reference: OptionalText = Field(None, alias="clientRef")
    status: OptionalText = None
    error: OptionalText = None


class About(Tolerant):
    """``data`` of ``qr``, ``connected`` and ``disconnected``; also the answer about a client."""

    client_id: OptionalText = Field(None, alias="clientId")
    status: OptionalText = None
    qr_code: OptionalText = Field(None, alias="qrCode")
    qr_expires_at: Moment = Field(None, alias="qrExpiresAt")
    phone: OptionalText = Field(None, alias="phoneNumber")
    name: OptionalText = Field(None, alias="pushName")
    reason: OptionalText = None
    last_error: OptionalText = Field(None, alias="lastError")


class Event(Tolerant):
    """The whole webhook body."""

    event: OptionalText = None
    timestamp: Moment = None
    data: Object = None


def read_event(raw: dict[str, Any], found: Found) -> None:
    """Put an event into ``found``. Raises pydantic.ValidationError."""
    event = Event.model_validate(raw)
    name, data = event.event or "", event.data or {}
    if name == "message":
        _message(event, data, found)
    elif name == "message_status":
        _status(event, data, found)
    elif name in ("qr", "connected", "disconnected", "status"):
        found.link = state_of_event(name, About.model_validate(data))
    else:
        found.notice(name or "unknown", raw=lightened(data))


def state_of_event(name: str, about: About) -> LinkState:
    """What an event says about the account."""
    if name == "qr":
        return to_scan(about.qr_code, about.qr_expires_at)
    if name == "connected":
        return LinkState(status=LinkStatus.CONNECTED, detail=about.name, phone=plus(about.phone))
    if name == "status":
        return state_of(about)
    return LinkState(status=_GONE.get(about.reason or "", LinkStatus.DISCONNECTED), detail=about.reason)


def state_of(about: About) -> LinkState:
    """What an answer says about the account."""
    status = LINK_STATUSES.get(about.status or "", LinkStatus.UNKNOWN)
    if status is LinkStatus.SCAN_QR:
        return to_scan(about.qr_code, about.qr_expires_at)
    connected = status is LinkStatus.CONNECTED
    return LinkState(status=status, detail=about.name if connected else about.last_error, phone=plus(about.phone))


def _message(event: Event, data: dict[str, object], found: Found) -> None:
    message = Message.model_validate(data)
    if (message.chat_type or PERSON) != PERSON or is_nobody(message.sender) or is_nobody(message.to):
        found.notice("message", chat=message.chat_type or "elsewhere")
        return
    found.message(_incoming(message, event, data), "message", data)


def _incoming(message: Message, event: Event, data: dict[str, object]) -> Incoming | None:
    sender = _sender(message)
    if sender is None:
        return None
    place = place_of(message.location)
    files = () if message.media is None else tuple(filter(None, [_file(message.type or "", message.media)]))
    return Incoming(
        external_id=message_id(message.id, data),
        sender=sender,
        kind=_kind(message, files, place),
        text=_text(message, place),
        reply_to=message.reply_to,
        sent_at=event.timestamp,
        media=files,
        place=place,
        from_business=message.from_me,
        reference=message.reference if message.from_me else None,
        raw=lightened(data),
    )


def _sender(message: Message) -> Sender | None:
    """The customer: who wrote, or, for what we wrote, who got it."""
    if message.from_me:
        return person([message.to, message.to_lid])
    return person([message.sender, message.sender_lid], message.sender_name)


def _kind(message: Message, files: tuple[RemoteMedia, ...], place: Place | None) -> IncomingKind:
    if files:
        return IncomingKind.MEDIA
    if place is not None:
        return IncomingKind.LOCATION
    known = {"text": IncomingKind.TEXT, "contacts": IncomingKind.CONTACTS, "reaction": IncomingKind.REACTION}
    return known.get(message.type or "", IncomingKind.UNSUPPORTED)


def _text(message: Message, place: Place | None) -> str:
    cards = "\n".join(" ".join(filter(None, [card.name, *card.phones])) for card in message.contacts)
    return message.text or message.caption or cards or (words_of(place) if place else "")


def _file(kind: str, media: Media) -> RemoteMedia | None:
    reference = media.url or (inline_reference(media.base64, media.mime_type) if media.base64 else None)
    if reference is None:
        return None
    return RemoteMedia(
        kind=MEDIA_KINDS.get(kind, MediaKind.DOCUMENT),
        reference=reference,
        mime_type=media.mime_type,
        filename=media.filename,
        size=media.size,
    )


def _status(event: Event, data: dict[str, object], found: Found) -> None:
    status = Status.model_validate(data)
    known = RECEIPT_STATUSES.get(status.status or "")
    proof = receipt(status.id, known, event.timestamp, reference=status.reference, error=status.error)
    if proof is None:
        found.notice("message_status", raw=lightened(data))
    else:
        found.receipts.append(proof)
