"""One message of a webhook, read into an ``Incoming``. A message that cannot be read is kept as unsupported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.channels.whatsapp import payloads

RawMessage = Mapping[str, object]


class Content(NamedTuple):
    """What a message says: kind, readable text, tapped payload, and the message it is about."""

    kind: IncomingKind
    text: str = ""
    payload: str | None = None
    about: str | None = None


_SHARED_CONTACTS = TypeAdapter(list[payloads.SharedContact])


def read_message(raw: dict[str, object], contacts: Sequence[payloads.ContactCard]) -> Incoming | None:
    """The message, whatever its type; None when nobody can be told to have sent it."""
    head = payloads.MessageHead.model_validate(raw)
    sender = _sender(head, contacts)
    if sender is None:
        return None
    content = _content(head.type, raw)
    return Incoming(
        external_id=head.id or _made_up_id(raw),
        sender=sender,
        kind=content.kind,
        text=content.text,
        payload=content.payload,
        reply_to=content.about or (head.context.id if head.context else None),
        sent_at=head.timestamp,
        raw=raw,
    )


def _content(kind: str | None, raw: RawMessage) -> Content:
    reader = _READERS.get(kind or "")
    if reader is None:
        return Content(IncomingKind.UNSUPPORTED)
    try:
        return reader(raw)
    except ValidationError:
        return Content(IncomingKind.UNSUPPORTED)


def _sender(head: payloads.MessageHead, contacts: Sequence[payloads.ContactCard]) -> Sender | None:
    card = _card_of(head, contacts)
    number = (head.sender or (card.wa_id if card else None) or "").lstrip("+")
    scoped_id = head.from_user_id or (card.user_id if card else None)
    platform_id = number or scoped_id
    if platform_id is None:
        return None
    profile = card.profile if card else None
    name = (profile.name or profile.username) if profile else None
    return Sender(platform_id=platform_id, name=name, phone=f"+{number}" if _is_number(number) else None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _card_of(head: payloads.MessageHead, contacts: Sequence[payloads.ContactCard]) -> payloads.ContactCard | None:
    """The contact that belongs to this message; an envelope may hold messages of several people."""
    for card in contacts:
        if (head.sender and card.wa_id == head.sender) or (head.from_user_id and card.user_id == head.from_user_id):
            return card
    anonymous = not head.sender and not head.from_user_id
    return contacts[0] if anonymous and len(contacts) == 1 else None


def _made_up_id(raw: RawMessage) -> str:
    """A stable id for a message that came without one, so that a redelivery is still recognised."""
    return "unidentified:" + hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _text(raw: RawMessage) -> Content:
    return Content(IncomingKind.TEXT, payloads.TextBody.model_validate(raw.get("text")).body)


def _media(raw: RawMessage) -> Content:
    media = payloads.Media.model_validate(raw.get(str(raw["type"])))
    return Content(IncomingKind.MEDIA, media.caption or "")


def _location(raw: RawMessage) -> Content:
    place = payloads.Location.model_validate(raw.get("location"))
    named = ", ".join(part for part in (place.name, place.address) if part)
    return Content(IncomingKind.LOCATION, named or f"{place.latitude}, {place.longitude}")


def _contacts(raw: RawMessage) -> Content:
    cards = _SHARED_CONTACTS.validate_python(raw.get("contacts"))
    return Content(IncomingKind.CONTACTS, "\n".join(_card_line(card) for card in cards))


def _card_line(card: payloads.SharedContact) -> str:
    return " ".join([card.name.formatted_name, *(item.phone for item in card.phones if item.phone)])


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
    return Content(IncomingKind.ORDER, payloads.Order.model_validate(raw.get("order")).text or "")


def _system(raw: RawMessage) -> Content:
    return Content(IncomingKind.SYSTEM, payloads.System.model_validate(raw.get("system")).body or "")


_READERS: dict[str, Callable[[RawMessage], Content]] = {
    "text": _text,
    "image": _media,
    "video": _media,
    "audio": _media,
    "document": _media,
    "sticker": _media,
    "location": _location,
    "contacts": _contacts,
    "button": _template_button,
    "interactive": _interactive,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
}
