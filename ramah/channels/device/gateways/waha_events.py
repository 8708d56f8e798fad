"""Events of WAHA. Source: WAHA documentation, "Events" and "Receive messages"."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ramah.channels.content import (
    Incoming,
    IncomingKind,
    LinkState,
    LinkStatus,
    Place,
    ReceiptStatus,
    RemoteMedia,
    Sender,
)
from ramah.channels.device.cards import card_line
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
    text_or_none,
)
from ramah.channels.device.jids import is_nobody, person, plus
from ramah.channels.device.kinds import kind_of_type
from ramah.channels.device.places import place_of, words_of
from ramah.channels.device.reading import lightened

MESSAGES = frozenset({"message", "message.any"})
STATUSES = {
    "STARTING": LinkStatus.STARTING,
    "SCAN_QR_CODE": LinkStatus.SCAN_QR,
    "WORKING": LinkStatus.CONNECTED,
    "STOPPED": LinkStatus.DISCONNECTED,
    "FAILED": LinkStatus.FAILED,
}
ACKS = {
    "-1": ReceiptStatus.FAILED,
    "1": ReceiptStatus.SENT,
    "2": ReceiptStatus.DELIVERED,
    "3": ReceiptStatus.READ,
    "4": ReceiptStatus.READ,
}
SENT_BY_US = "api"


class Media(Tolerant):
    """``payload.media``."""

    url: OptionalText = None
    mime_type: OptionalText = Field(None, alias="mimetype")
    filename: OptionalText = None
    size: OptionalNumber = Field(None, alias="filesize")


class Quoted(Tolerant):
    """``payload.replyTo``."""

    id: OptionalText = None


class Message(Tolerant):
    """``payload`` of a message. ``from`` is the customer's chat for a group, the customer otherwise."""

    id: OptionalText = None
    timestamp: Moment = None
    sender: OptionalText = Field(None, alias="from")
    to: OptionalText = None
    from_me: Flag = Field(False, alias="fromMe")
    source: OptionalText = None
    body: OptionalText = None
    media: Annotated[Media | None, BeforeValidator(object_or_none)] = None
    has_media: Flag = Field(False, alias="hasMedia")
    location: Object = None
    cards: Texts = Field(default=[], alias="vCards")
    quoted: Annotated[Quoted | None, BeforeValidator(object_or_none)] = Field(None, alias="replyTo")
    reaction: Object = None
    engine: Object = Field(None, alias="_data")


class Ack(Tolerant):
    """``payload`` of ``message.ack``."""

    id: OptionalText = None
    ack: OptionalText = None


class Me(Tolerant):
    """``me``: the linked phone."""

    id: OptionalText = None
    name: OptionalText = Field(None, alias="pushName")


class Session(Tolerant):
    """``payload`` of ``session.status``; also the answer about a session."""

    status: OptionalText = None
    me: Annotated[Me | None, BeforeValidator(object_or_none)] = None


class Event(Tolerant):
    """The whole webhook body; ``timestamp`` is milliseconds here and seconds inside ``payload``."""

    event: OptionalText = None
    timestamp: Moment = None
    payload: Object = None
    me: Annotated[Me | None, BeforeValidator(object_or_none)] = None


def read_event(raw: dict[str, Any], found: Found) -> None:
    """Put an event into ``found``. Raises pydantic.ValidationError."""
    event = Event.model_validate(raw)
    name, payload = event.event or "", event.payload or {}
    if name in MESSAGES or name == "message.reaction":
        _message(name, payload, event, found)
    elif name == "message.ack":
        _ack(payload, event, found)
    elif name == "session.status":
        found.link = state_of(Session.model_validate({"me": raw.get("me"), **payload}))
    else:
        found.notice(name or "unknown", raw=lightened(payload))


def state_of(session: Session) -> LinkState:
    """How a session stands, without its QR."""
    status = STATUSES.get(session.status or "", LinkStatus.UNKNOWN)
    me = session.me if status is LinkStatus.CONNECTED else None
    detail = me.name if me else (session.status if status is not LinkStatus.CONNECTED else None)
    return LinkState(status=status, detail=detail, phone=plus(me.id) if me else None)


def _message(name: str, payload: dict[str, Any], event: Event, found: Found) -> None:
    message = Message.model_validate(payload)
    partner = message.to if message.from_me else message.sender
    if is_nobody(partner):
        found.notice(name, chat="elsewhere")
    elif message.from_me and message.source == SENT_BY_US:
        _note_own_send(message, event, found)
    else:
        found.message(_incoming(name, message, event, payload), name, payload)


def _note_own_send(message: Message, event: Event, found: Found) -> None:
    """What went out through the gateway is ours. It may be told before the send is answered, and taken for somebody
    typing on the phone it would silence the bot; as a receipt it waits for its message."""
    proof = receipt(message.id, ReceiptStatus.SENT, message.timestamp or event.timestamp)
    if proof is not None:
        found.receipts.append(proof)


def _incoming(name: str, message: Message, event: Event, payload: dict[str, Any]) -> Incoming | None:
    sender = _sender(message)
    if sender is None:
        return None
    reaction, place = message.reaction or {}, _place(message.location)
    files = _files(message)
    return Incoming(
        external_id=message_id(message.id, payload),
        sender=sender,
        kind=IncomingKind.REACTION if name == "message.reaction" else _kind(message, files, place),
        text=_text(message, reaction, place),
        reply_to=text_or_none(reaction.get("messageId")) or (message.quoted.id if message.quoted else None),
        sent_at=message.timestamp or event.timestamp,
        media=files,
        place=place,
        from_business=message.from_me,
        raw=lightened(payload),
    )


def _sender(message: Message) -> Sender | None:
    """The customer. The engines under WAHA tell a hidden sender's number and the profile name each in its own place."""
    inner = message.engine or {}
    key, info = (inner.get(name) if isinstance(inner.get(name), dict) else {} for name in ("key", "Info"))
    assert isinstance(key, dict) and isinstance(info, dict)  # noqa: S101, PT018 - by the line above
    partner = message.to if message.from_me else message.sender
    other = ("remoteJidAlt", "RecipientAlt") if message.from_me else ("remoteJidAlt", "SenderAlt")
    alternatives = [text_or_none(key.get(other[0])), text_or_none(info.get(other[1]))]
    names = (inner.get("notifyName"), inner.get("pushName"), info.get("PushName"))
    name = next(filter(None, map(text_or_none, names)), None)
    return person([partner, *alternatives], None if message.from_me else name)


def _kind(message: Message, files: tuple[RemoteMedia, ...], place: Place | None) -> IncomingKind:
    if files:
        return IncomingKind.MEDIA
    if place is not None:
        return IncomingKind.LOCATION
    if message.cards and _is_only_cards(message):
        return IncomingKind.CONTACTS
    return IncomingKind.TEXT if message.body and not message.has_media else IncomingKind.UNSUPPORTED


def _is_only_cards(message: Message) -> bool:
    """One engine repeats the card as the body; any other words are the message itself."""
    return not message.body or message.body.startswith("BEGIN:VCARD")


def _text(message: Message, reaction: dict[str, Any], place: Place | None) -> str:
    if message.reaction is not None:
        return text_or_none(reaction.get("text")) or ""
    if message.cards and _is_only_cards(message):
        return "\n".join(filter(None, map(card_line, message.cards)))
    # The body of a location is its thumbnail.
    return words_of(place) if place else message.body or ""


def _place(given: dict[str, Any] | None) -> Place | None:
    if not given:
        return None
    return place_of({**given, "name": given.get("name") or given.get("description")})


def _files(message: Message) -> tuple[RemoteMedia, ...]:
    media = message.media
    if media is None or media.url is None:
        return ()
    kind = kind_of_type(media.mime_type)
    return (
        RemoteMedia(
            kind=kind, reference=media.url, mime_type=media.mime_type, filename=media.filename, size=media.size
        ),
    )


def _ack(payload: dict[str, Any], event: Event, found: Found) -> None:
    ack = Ack.model_validate(payload)
    proof = receipt(ack.id, ACKS.get(ack.ack or ""), event.timestamp)
    if proof is None:
        found.notice("message.ack", raw=lightened(payload))
    else:
        found.receipts.append(proof)
