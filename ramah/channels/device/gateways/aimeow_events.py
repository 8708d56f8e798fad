"""Events of Aimeow, in both shapes that are known: the flat one of the public code, and the one that a public consumer
of it expects."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ramah.channels.content import Incoming, IncomingKind, LinkState, LinkStatus, MediaKind, Place, RemoteMedia, Sender
from ramah.channels.device.events import Found, message_id, receipt
from ramah.channels.device.fields import Flag, Moment, Object, OptionalNumber, OptionalText, Tolerant
from ramah.channels.device.jids import HIDDEN, is_nobody, person, plus
from ramah.channels.device.kinds import MEDIA_KINDS, RECEIPT_STATUSES, kind_of_type
from ramah.channels.device.places import place_in_degrees, place_of, words_of
from ramah.channels.device.qr import picture_of, to_scan
from ramah.channels.device.reading import lightened

_PLACES = frozenset({"location", "live_location"})


class Flat(Tolerant):
    """``message`` of the flat shape. ``from`` is digits, of a LID too; ``rawSender`` says which."""

    id: OptionalText = None
    sender: OptionalText = Field(None, alias="from")
    name: OptionalText = Field(None, alias="pushName")
    raw_sender: OptionalText = Field(None, alias="rawSender")
    raw_alternative: OptionalText = Field(None, alias="rawSenderAlt")
    is_hidden: Flag = Field(False, alias="isLID")
    is_group: Flag = Field(False, alias="isGroup")
    chat: OptionalText = None
    to: OptionalText = None
    from_me: Flag = Field(False, alias="fromMe")
    type: OptionalText = None
    text: OptionalText = None
    caption: OptionalText = None
    at: Moment = Field(None, alias="timestamp")
    file: OptionalText = Field(None, alias="fileUrl")
    mime_type: OptionalText = Field(None, alias="mimeType")
    size: OptionalNumber = Field(None, alias="fileSize")
    filename: OptionalText = Field(None, alias="fileName")
    location: Object = None


class Named(Tolerant):
    """``data`` of the consumer's shape."""

    id: OptionalText = Field(None, alias="messageId")
    sender: OptionalText = Field(None, alias="from")
    to: OptionalText = None
    message: OptionalText = None
    text: OptionalText = None
    file: OptionalText = Field(None, alias="mediaUrl")
    file_kind: OptionalText = Field(None, alias="mediaType")
    status: OptionalText = None
    qr_code: OptionalText = Field(None, alias="qrCode")
    phone: OptionalText = Field(None, alias="phoneNumber")


class Event(Tolerant):
    """The whole webhook body of either shape."""

    event: OptionalText = None
    at: Moment = Field(None, alias="timestamp")
    data: Object = None
    message: Object = None


class Client(Tolerant):
    """The answer about a client."""

    id: OptionalText = None
    is_connected: Flag = Field(False, alias="isConnected")
    qr_code: OptionalText = Field(None, alias="qrCode")
    phone: OptionalText = Field(None, alias="phone")
    phone_number: OptionalText = Field(None, alias="phoneNumber")


def read_event(raw: dict[str, Any], found: Found) -> None:
    """Put an event into ``found``. Raises pydantic.ValidationError."""
    event = Event.model_validate(raw)
    if event.event is None and event.message is not None:
        _flat(event, event.message, found)
    elif event.event == "message":
        _named(event, event.data or {}, found)
    elif event.event == "status":
        _status(event, event.data or {}, found)
    elif event.event in ("qr", "connected", "disconnected"):
        found.link = _link(event.event, Named.model_validate(event.data or {}))
    else:
        found.notice(event.event or "unknown", raw=lightened(raw))


def state_of(client: Client) -> LinkState:
    """How a client stands; the gateway says no more than yes or no, and a QR while it waits."""
    if client.is_connected:
        return LinkState(status=LinkStatus.CONNECTED, phone=plus(client.phone_number or client.phone))
    waits = picture_of(client.qr_code) is not None
    return to_scan(client.qr_code) if waits else LinkState(status=LinkStatus.DISCONNECTED)


def _link(name: str, about: Named) -> LinkState:
    if name == "qr":
        return to_scan(about.qr_code)
    if name == "connected":
        return LinkState(status=LinkStatus.CONNECTED, phone=plus(about.phone))
    return LinkState(status=LinkStatus.DISCONNECTED, detail=about.status)


def _flat(event: Event, data: dict[str, Any], found: Found) -> None:
    message = Flat.model_validate(data)
    if message.is_group or any(map(is_nobody, (message.sender, message.raw_sender, message.chat))):
        found.notice("message", chat="elsewhere")
        return
    sender = person([message.to], None) if message.from_me else _sender(message)
    if sender is None:
        found.message(None, "message", data)
        return
    files = _files(message.file, message.type, message.mime_type, message.filename, message.size)
    place = _place(data) if message.type in _PLACES else None
    kind = IncomingKind.LOCATION if place else (IncomingKind.TEXT if message.text else IncomingKind.UNSUPPORTED)
    incoming = Incoming(
        external_id=message_id(message.id, data),
        sender=sender,
        kind=IncomingKind.MEDIA if files else kind,
        text=message.text or message.caption or (words_of(place) if place else ""),
        sent_at=message.at or event.at,
        media=files,
        place=place,
        from_business=message.from_me,
        raw=lightened(data),
    )
    found.message(incoming, "message", data)


def _sender(message: Flat) -> Sender | None:
    """The alternative address is the number of somebody hidden; without one, digits that equal the LID are none."""
    raw, plain = message.raw_sender, message.sender
    if message.is_hidden and raw is None and plain and "@" not in plain:
        raw, plain = f"{plain}@{HIDDEN}", None
    if plain and raw and raw.partition("@")[0] == plain and raw.endswith(f"@{HIDDEN}"):
        plain = None
    return person([message.raw_alternative, plain, raw], message.name)


def _place(data: dict[str, Any]) -> Place | None:
    inner = data.get("location")
    given = inner if isinstance(inner, dict) else data
    return place_of(given) or place_in_degrees(given)


def _files(
    address: str | None, kind: str | None, mime_type: str | None, filename: str | None = None, size: int | None = None
) -> tuple[RemoteMedia, ...]:
    if address is None:
        return ()
    known = MEDIA_KINDS.get(kind or "") or (kind_of_type(mime_type) if mime_type else MediaKind.DOCUMENT)
    return (RemoteMedia(kind=known, reference=address, mime_type=mime_type, filename=filename, size=size),)


def _named(event: Event, data: dict[str, Any], found: Found) -> None:
    message = Named.model_validate(data)
    if is_nobody(message.sender):
        found.notice("message", chat="elsewhere")
        return
    sender = person([message.sender])
    if sender is None:
        found.message(None, "message", data)
        return
    as_type = message.file_kind if message.file_kind and "/" in message.file_kind else None
    files = _files(message.file, message.file_kind, as_type)
    text = message.message or message.text or ""
    kind = IncomingKind.MEDIA if files else (IncomingKind.TEXT if text else IncomingKind.UNSUPPORTED)
    identifier = message_id(message.id, {"at": str(event.at), **data})
    incoming = Incoming(
        external_id=identifier, sender=sender, kind=kind, text=text, sent_at=event.at, media=files, raw=lightened(data)
    )
    found.message(incoming, "message", data)


def _status(event: Event, data: dict[str, Any], found: Found) -> None:
    status = Named.model_validate(data)
    proof = receipt(status.id, RECEIPT_STATUSES.get((status.status or "").lower()), event.at)
    if proof is None:
        found.notice("status", raw=lightened(data))
    else:
        found.receipts.append(proof)
