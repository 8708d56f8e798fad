"""One event of a webhook, read into messages, receipts and watermarks. What cannot be told becomes a notice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ramah.channels.content import Incoming, IncomingKind, Receipt, ReceiptStatus, Sender, Watermark
from ramah.channels.messenger import events
from ramah.channels.messenger.contents import read_content

Raw = dict[str, object]
Part = Incoming | Receipt | Watermark | None
"""None stands for something that was not understood."""
LONGEST_ID = 200


@dataclass(frozen=True)
class Happening:
    """An event with the page that it belongs to."""

    raw: Raw
    event: events.Event
    page: str | None
    at: datetime | None

    @property
    def by_page(self) -> bool:
        """Whether the page itself acted."""
        return self.event.sender.id is not None and self.event.sender.id == self.page


def read_event(raw: Raw, page: str | None, entry_time: datetime | None) -> list[Part]:
    """All that the event says; nothing for an event of an unknown kind."""
    event = events.Event.model_validate(raw)
    happening = Happening(raw, event, page, event.timestamp or entry_time)
    parts: list[Part] = []
    for name, reader in _READERS.items():
        content = getattr(event, name)
        if content is not None:
            parts += reader(happening, content)
    return parts


def _message(happening: Happening, content: Raw) -> list[Part]:
    message = events.Message.model_validate(content)
    from_business = bool(message.is_echo) or happening.by_page
    party = happening.event.recipient if from_business else happening.event.sender
    if party.id is None:
        return [None]
    said = read_content(message)
    return [
        Incoming(
            external_id=_identified(message.mid, happening.raw),
            sender=Sender(platform_id=party.id),
            kind=said.kind,
            text=said.text,
            payload=said.payload,
            reply_to=_named(message.reply_to),
            sent_at=happening.at,
            media=said.media,
            place=said.place,
            proved_phone=None if from_business else said.proved_phone,
            from_business=from_business,
            reference=message.metadata if from_business else None,
            raw=happening.raw,
        )
    ]


def _postback(happening: Happening, content: Raw) -> list[Part]:
    postback = events.Postback.model_validate(content)
    kind = IncomingKind.TEXT if postback.payload is None else IncomingKind.TAP
    key = _identified(postback.mid, happening.raw)
    return [_from_person(happening, kind, key, postback.title or "", payload=postback.payload)]


def _reaction(happening: Happening, content: Raw) -> list[Part]:
    reaction = events.Reaction.model_validate(content)
    taken_back = reaction.action == "unreact"
    shown = "" if taken_back else reaction.emoji or reaction.reaction or ""
    key = made_up_id(happening.raw)
    return [_from_person(happening, IncomingKind.REACTION, key, shown, reply_to=_named(reaction))]


def _edit(happening: Happening, content: Raw) -> list[Part]:
    edit = events.Edit.model_validate(content)
    if edit.mid is None:
        return [None]
    key = _identified(f"{edit.mid}:edit-{edit.num_edit}" if edit.num_edit else None, happening.raw)
    return [_from_person(happening, IncomingKind.EDIT, key, edit.text or "", edit_of=_bounded(edit.mid))]


def _referral(happening: Happening, content: Raw) -> list[Part]:
    referral = events.Referral.model_validate(content)
    words = " · ".join(part for part in (referral.source, referral.ref, referral.ad_id) if part)
    return [_from_person(happening, IncomingKind.SYSTEM, made_up_id(happening.raw), words)]


def _delivery(happening: Happening, content: Raw) -> list[Part]:
    delivery = events.Delivery.model_validate(content)
    at = delivery.watermark or happening.at
    parts: list[Part] = [_delivered(mid, at) for mid in delivery.mids]
    return [*parts, _up_to(happening, ReceiptStatus.DELIVERED, delivery.watermark)]


def _delivered(mid: object, at: datetime | None) -> Receipt | None:
    if not isinstance(mid, str) or not mid or at is None:
        return None
    return Receipt(provider_id=_bounded(mid), status=ReceiptStatus.DELIVERED, at=at)


def _read(happening: Happening, content: Raw) -> list[Part]:
    return [_up_to(happening, ReceiptStatus.READ, events.Read.model_validate(content).watermark)]


def _up_to(happening: Happening, status: ReceiptStatus, moment: datetime | None) -> Watermark | None:
    person = happening.event.sender.id
    if person is None or moment is None or happening.by_page:
        return None
    return Watermark(recipient=person, status=status, up_to=moment)


_READERS: dict[str, Callable[[Happening, Raw], list[Part]]] = {
    "message": _message,
    "postback": _postback,
    "reaction": _reaction,
    "message_edit": _edit,
    "referral": _referral,
    "delivery": _delivery,
    "read": _read,
}


def _from_person(
    happening: Happening,
    kind: IncomingKind,
    external_id: str,
    text: str,
    *,
    payload: str | None = None,
    reply_to: str | None = None,
    edit_of: str | None = None,
) -> Incoming | None:
    """What a person did; what the page itself did needs nothing."""
    person = happening.event.sender.id
    if person is None or happening.by_page:
        return None
    return Incoming(
        external_id=external_id,
        sender=Sender(platform_id=person),
        kind=kind,
        text=text,
        payload=payload,
        reply_to=reply_to,
        edit_of=edit_of,
        sent_at=happening.at,
        raw=happening.raw,
    )


def _named(mentioned: events.Mentioned | events.Reaction | None) -> str | None:
    return _bounded(mentioned.mid) if mentioned is not None and mentioned.mid is not None else None


def _identified(mid: str | None, raw: Raw) -> str:
    return made_up_id(raw) if mid is None else _bounded(mid)


def _bounded(mid: str) -> str:
    """An id that fits where ids are kept; an overlong one is named by its digest, wherever it occurs."""
    return mid if len(mid) <= LONGEST_ID else "long:" + hashlib.sha256(mid.encode()).hexdigest()


def made_up_id(raw: Raw) -> str:
    """A stable id for an event that came without one, so that a redelivery is still recognised."""
    return "unidentified:" + hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
