"""Events of Evolution API v2."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from ramah.channels.content import Incoming, IncomingKind, LinkState, LinkStatus, ReceiptStatus
from ramah.channels.device.events import Found, message_id, receipt
from ramah.channels.device.fields import (
    Flag,
    Moment,
    Object,
    OptionalNumber,
    OptionalText,
    Tolerant,
    object_or_none,
    objects,
)
from ramah.channels.device.gateways.evolution_contents import Content, read_content
from ramah.channels.device.jids import is_nobody, person, plus
from ramah.channels.device.qr import to_scan
from ramah.channels.device.reading import lightened

RECEIPTS = {
    "ERROR": ReceiptStatus.FAILED,
    "SERVER_ACK": ReceiptStatus.SENT,
    "DELIVERY_ACK": ReceiptStatus.DELIVERED,
    "READ": ReceiptStatus.READ,
    "PLAYED": ReceiptStatus.READ,
}
LOGGED_OUT_REASONS = frozenset({401, 402, 403, 406})
"""The gateway does not connect again by itself after these."""
_STATES = {
    "open": LinkStatus.CONNECTED,
    "connecting": LinkStatus.CONNECTING,
    "close": LinkStatus.DISCONNECTED,
    "refused": LinkStatus.FAILED,
}


class Key(Tolerant):
    """``key``: which message, in which chat."""

    id: OptionalText = None
    chat: OptionalText = Field(None, alias="remoteJid")
    chat_alt: OptionalText = Field(None, alias="remoteJidAlt")
    sender_number: OptionalText = Field(None, alias="senderPn")
    from_me: Flag = Field(False, alias="fromMe")


class Message(Tolerant):
    """``data`` of ``messages.upsert`` and ``send.message``."""

    key: Annotated[Key, BeforeValidator(lambda value: object_or_none(value) or {})] = Key.model_validate({})
    name: OptionalText = Field(None, alias="pushName")
    at: Moment = Field(None, alias="messageTimestamp")
    message: Object = None


class Update(Tolerant):
    """``data`` of ``messages.update``."""

    key_id: OptionalText = Field(None, alias="keyId")
    from_me: Flag = Field(False, alias="fromMe")
    status: OptionalText = None


class Connection(Tolerant):
    """``data`` of ``connection.update``; also the answer about an instance."""

    state: OptionalText = None
    reason: OptionalNumber = Field(None, alias="statusReason")
    owner: OptionalText = Field(None, alias="wuid")


class Code(Tolerant):
    """``qrcode``."""

    code: OptionalText = None
    base64: OptionalText = None


class QrUpdate(Tolerant):
    """``data`` of ``qrcode.updated``; after the last one there is a message in its place."""

    qrcode: Annotated[Code | None, BeforeValidator(object_or_none)] = None
    message: OptionalText = None


class Event(Tolerant):
    """The whole webhook body. The instance's key in ``apikey`` was blotted out before it was kept."""

    event: OptionalText = None
    at: Moment = Field(None, alias="date_time")
    data: Annotated[list[dict[str, Any]], BeforeValidator(objects)] = Field(default=[])


def read_event(raw: dict[str, Any], found: Found) -> None:
    """Put an event into ``found``. Raises pydantic.ValidationError."""
    event = Event.model_validate(raw)
    name = (event.event or "").lower().replace("_", ".").replace("-", ".")
    for data in event.data:
        _read_data(name, event, data, found)
    if not event.data:
        found.notice(name or "unknown", reason="empty")


def state_of(connection: Connection) -> LinkState:
    """How an instance stands, without its QR."""
    status = _STATES.get(connection.state or "", LinkStatus.UNKNOWN)
    if status is LinkStatus.DISCONNECTED and connection.reason in LOGGED_OUT_REASONS:
        status = LinkStatus.LOGGED_OUT
    detail = f"reason {connection.reason}" if connection.reason and status is not LinkStatus.CONNECTED else None
    return LinkState(status=status, detail=detail, phone=plus(connection.owner))


def _read_data(name: str, event: Event, data: dict[str, Any], found: Found) -> None:
    if name in ("messages.upsert", "send.message"):
        _message(name, event, data, found)
    elif name == "messages.update":
        _update(event, data, found)
    elif name == "connection.update":
        found.link = state_of(Connection.model_validate(data))
    elif name == "qrcode.updated":
        found.link = _qr(QrUpdate.model_validate(data))
    else:
        found.notice(name or "unknown", raw=lightened(data))


def _qr(update: QrUpdate) -> LinkState:
    if update.qrcode is None:
        return LinkState(status=LinkStatus.FAILED, detail=update.message or "no QR code is left")
    return to_scan(update.qrcode.base64 or update.qrcode.code)


def _message(name: str, event: Event, data: dict[str, Any], found: Found) -> None:
    message = Message.model_validate(data)
    if is_nobody(message.key.chat):
        found.notice(name, chat="elsewhere")
    elif name == "send.message":
        # What went out through the gateway is ours, whoever hears of it first; it is proof, not somebody typing.
        proof = receipt(message.key.id, ReceiptStatus.SENT, message.at or event.at)
        found.receipts.extend([proof] if proof else [])
    else:
        _keep(name, event, message, data, found)


def _keep(name: str, event: Event, message: Message, data: dict[str, Any], found: Found) -> None:
    identifier = message_id(message.key.id, data)
    try:
        content = read_content(message.message or {}, identifier)
    except ValidationError:
        content = Content(IncomingKind.UNSUPPORTED)
    if content.kind is IncomingKind.SYSTEM:
        found.notice(name, raw=lightened(data))
        return
    found.message(_incoming(event, message, identifier, content, data), name, data)


def _incoming(
    event: Event, message: Message, identifier: str, content: Content, data: dict[str, Any]
) -> Incoming | None:
    key = message.key
    sender = person([key.chat, key.chat_alt, key.sender_number], None if key.from_me else message.name)
    if sender is None:
        return None
    return Incoming(
        external_id=identifier,
        sender=sender,
        kind=content.kind,
        text=content.text,
        reply_to=content.about,
        sent_at=message.at or event.at,
        media=content.media,
        place=content.place,
        edit_of=content.edit_of,
        from_business=key.from_me,
        raw=lightened(data),
    )


def _update(event: Event, data: dict[str, Any], found: Found) -> None:
    """An update of a message of ours; people's own messages are updated too (by our reading them)."""
    update = Update.model_validate(data)
    status = RECEIPTS.get((update.status or "").upper())
    proof = receipt(update.key_id, status, event.at) if update.from_me else None
    if proof is None:
        found.notice("messages.update", raw=lightened(data))
    else:
        found.receipts.append(proof)
