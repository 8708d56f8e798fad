"""What a message says, by its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pydantic import ValidationError

from ramah.channels.content import IncomingKind, MediaKind, Place, RemoteMedia
from ramah.channels.whatsapp import payloads

RawMessage = Mapping[str, object]


class Content(NamedTuple):
    """Kind, readable text, tapped payload, the message that it is about, files, a place, and a new address."""

    kind: IncomingKind
    text: str = ""
    payload: str | None = None
    about: str | None = None
    media: tuple[RemoteMedia, ...] = ()
    place: Place | None = None
    changed_address: str | None = None


def read_content(kind: str | None, raw: RawMessage) -> Content:
    """The content of a message of this type; UNSUPPORTED for an unknown type and for a broken object."""
    reader = _READERS.get(kind or "")
    if reader is None:
        return Content(IncomingKind.UNSUPPORTED)
    try:
        return reader(raw)
    except ValidationError:
        return Content(IncomingKind.UNSUPPORTED)


def _text(raw: RawMessage) -> Content:
    return Content(IncomingKind.TEXT, payloads.TextBody.model_validate(raw.get("text")).body)


def _media(raw: RawMessage) -> Content:
    kind = MediaKind(str(raw["type"]))
    media = payloads.Media.model_validate(raw.get(kind.value))
    file = RemoteMedia(
        kind=kind,
        reference=media.id,
        mime_type=media.mime_type,
        filename=media.filename,
        size=media.file_size,
        sha256=media.sha256,
    )
    return Content(IncomingKind.MEDIA, media.caption or "", media=(file,))


def _location(raw: RawMessage) -> Content:
    pin = payloads.Location.model_validate(raw.get("location"))
    named = ", ".join(part for part in (pin.name, pin.address) if part)
    place = Place(latitude=pin.latitude, longitude=pin.longitude, name=pin.name, address=pin.address)
    return Content(IncomingKind.LOCATION, named or f"{pin.latitude}, {pin.longitude}", place=place)


def _contacts(raw: RawMessage) -> Content:
    cards = payloads.SharedContacts.model_validate(raw).cards
    return Content(IncomingKind.CONTACTS, "\n".join(filter(None, (_card_line(card) for card in cards))))


def _card_line(card: payloads.SharedContact) -> str:
    name = (card.name.formatted_name or card.name.first_name) if card.name else None
    return " ".join(part for part in (name, *(item.phone for item in card.phones)) if part)


def _template_button(raw: RawMessage) -> Content:
    button = payloads.TemplateButton.model_validate(raw.get("button"))
    return Content(IncomingKind.TAP, button.text, button.payload)


def _interactive(raw: RawMessage) -> Content:
    interactive = payloads.Interactive.model_validate(raw.get("interactive"))
    reply = interactive.button_reply or interactive.list_reply
    if reply is not None:
        return Content(IncomingKind.TAP, reply.title, reply.id)
    if interactive.nfm_reply is not None:
        return Content(IncomingKind.FORM, interactive.nfm_reply.body)
    return Content(IncomingKind.UNSUPPORTED)


def _reaction(raw: RawMessage) -> Content:
    reaction = payloads.Reaction.model_validate(raw.get("reaction"))
    return Content(IncomingKind.REACTION, reaction.emoji or "", about=reaction.message_id)


def _order(raw: RawMessage) -> Content:
    order = payloads.Order.model_validate(raw.get("order"))
    lines = [f"{item.quantity or 1} × {item.product_retailer_id or '?'}" for item in order.product_items]
    return Content(IncomingKind.ORDER, "\n".join([*filter(None, [order.text]), *lines]))


def _system(raw: RawMessage) -> Content:
    system = payloads.System.model_validate(raw.get("system"))
    moved = (system.type or "").endswith("changed_number")
    new = (system.wa_id or system.new_wa_id or "").lstrip("+") if moved else ""
    return Content(IncomingKind.SYSTEM, system.body or "", changed_address=new or None)


_READERS: dict[str, Callable[[RawMessage], Content]] = {
    **{kind.value: _media for kind in MediaKind},
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "button": _template_button,
    "interactive": _interactive,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
}
