"""One message of a webhook, read into an ``Incoming``. A message that cannot be read is kept as unsupported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.channels.whatsapp import payloads
from ramah.channels.whatsapp.contents import Content, read_content

AD_TEXT_LIMIT = 200
_WORDLESS = (IncomingKind.TEXT, IncomingKind.UNSUPPORTED)


def read_message(raw: dict[str, object], contacts: Sequence[payloads.ContactCard]) -> Incoming | None:
    """The message, whatever its type; None when nobody can be told to have sent it."""
    head = payloads.MessageHead.model_validate(raw)
    sender = _person(head.sender, head.from_user_id, contacts)
    return None if sender is None else _incoming(raw, head, sender, from_business=False)


def read_echo(raw: dict[str, object], contacts: Sequence[payloads.ContactCard]) -> Incoming | None:
    """What a person of ours wrote on the phone itself; the sender is the customer who got it, None when unknown."""
    head = payloads.MessageHead.model_validate(raw)
    customer = _person(head.to, head.to_user_id, contacts)
    return None if customer is None else _incoming(raw, head, customer, from_business=True)


def _incoming(raw: dict[str, object], head: payloads.MessageHead, sender: Sender, *, from_business: bool) -> Incoming:
    content = read_content(head.type, raw)
    return Incoming(
        external_id=head.id or _made_up_id(raw),
        sender=sender,
        kind=content.kind,
        text=content.text or _advertised(head.referral, content),
        payload=content.payload,
        reply_to=content.about or (head.context.id if head.context else None),
        sent_at=head.timestamp,
        media=content.media,
        place=content.place,
        changed_address=content.changed_address,
        from_business=from_business,
        raw=raw,
    )


def _advertised(referral: payloads.Referral | None, content: Content) -> str:
    """What the tapped advertisement said, for a message without words of its own."""
    if referral is None or content.kind not in _WORDLESS:
        return ""
    words = " – ".join(part for part in (referral.headline, referral.body) if part)
    return " ".join((words or referral.source_url or "").split())[:AD_TEXT_LIMIT]


def _person(number: str | None, scoped_id: str | None, contacts: Sequence[payloads.ContactCard]) -> Sender | None:
    """Who has this number or business-scoped id; people who hide their number have the id alone."""
    card = _card_of(number, scoped_id, contacts)
    digits = (number or (card.wa_id if card else None) or "").lstrip("+")
    platform_id = digits or scoped_id or (card.user_id if card else None)
    if platform_id is None:
        return None
    profile = card.profile if card else None
    name = (profile.name or profile.username) if profile else None
    return Sender(platform_id=platform_id, name=name, phone=f"+{digits}" if _is_number(digits) else None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _card_of(
    number: str | None, scoped_id: str | None, contacts: Sequence[payloads.ContactCard]
) -> payloads.ContactCard | None:
    """The contact that belongs to this message; an envelope may hold messages of several people."""
    for card in contacts:
        if (number and card.wa_id == number) or (scoped_id and card.user_id == scoped_id):
            return card
    anonymous = not number and not scoped_id
    return contacts[0] if anonymous and len(contacts) == 1 else None


def _made_up_id(raw: dict[str, object]) -> str:
    """A stable id for a message that came without one, so that a redelivery is still recognised."""
    return "unidentified:" + hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
