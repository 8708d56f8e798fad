"""Webhook bodies of the Messenger Platform as models. Source: Meta, "Messenger Platform: Webhook events"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from ramah.channels.meta import OptionalText, OptionalTruth, Tolerant, object_or_none, objects, text_or_none

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RawObject = Annotated[dict[str, object] | None, BeforeValidator(object_or_none)]


def moment_or_none(value: object) -> datetime | None:
    """Unix milliseconds: a number in most events, a string in some postbacks."""
    text = str(int(value)) if isinstance(value, float) else text_or_none(value)
    try:
        return None if text is None else _EPOCH + timedelta(milliseconds=int(text))
    except (ValueError, OverflowError):
        return None


def _degrees_or_none(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -180 <= value <= 180 else None


Moment = Annotated[datetime | None, BeforeValidator(moment_or_none)]
Degrees = Annotated[float | None, BeforeValidator(_degrees_or_none)]


class Party(Tolerant):
    """Who sent or got something: a PSID (the person, as this page knows them) or the page's id."""

    id: OptionalText = None


class Mentioned(Tolerant):
    """An object that names a message by ``mid``."""

    mid: OptionalText = None


class QuickReply(Tolerant):
    """``quick_reply``: what a tapped quick reply carried."""

    payload: OptionalText = None


class Coordinates(Tolerant):
    """A shared place, degrees."""

    lat: Degrees = None
    long: Degrees = None


class Element(Tolerant):
    """One card of a generic template."""

    title: OptionalText = None


class AttachmentPayload(Tolerant):
    """``attachments[].payload``."""

    url: OptionalText = None
    title: OptionalText = None
    text: OptionalText = None
    sticker_id: OptionalText = None
    coordinates: Annotated[Coordinates | None, BeforeValidator(object_or_none)] = None
    elements: Annotated[list[Element], BeforeValidator(objects)] = Field(default_factory=list)


class Attached(Tolerant):
    """One of ``attachments[]``. A shared link has its title and address beside the payload."""

    type: OptionalText = None
    title: OptionalText = None
    url: OptionalText = None
    payload: Annotated[AttachmentPayload, BeforeValidator(lambda value: value if isinstance(value, dict) else {})] = (
        AttachmentPayload()
    )


class Referral(Tolerant):
    """The link or advertisement that led here."""

    ref: OptionalText = None
    source: OptionalText = None
    ad_id: OptionalText = None


class Message(Tolerant):
    """``message``: what a person wrote, or an echo of what the page sent."""

    mid: OptionalText = None
    text: OptionalText = None
    is_echo: OptionalTruth = None
    metadata: OptionalText = None
    attachments: Annotated[list[Attached], BeforeValidator(objects)] = Field(default_factory=list)
    quick_reply: Annotated[QuickReply | None, BeforeValidator(object_or_none)] = None
    reply_to: Annotated[Mentioned | None, BeforeValidator(object_or_none)] = None


class Postback(Tolerant):
    """``postback``: a tapped button, Get Started, or a line of the menu."""

    mid: OptionalText = None
    title: OptionalText = None
    payload: OptionalText = None


class Reaction(Tolerant):
    """``reaction``."""

    mid: OptionalText = None
    action: OptionalText = None
    emoji: OptionalText = None
    reaction: OptionalText = None


class Edit(Tolerant):
    """``message_edit``: the message ``mid`` now says ``text``; ``num_edit`` counts from 1."""

    mid: OptionalText = None
    text: OptionalText = None
    num_edit: OptionalText = None


class Delivery(Tolerant):
    """``delivery``: all that was sent up to the watermark has arrived; ``mids`` may be absent."""

    mids: Annotated[list[object], BeforeValidator(lambda value: value if isinstance(value, list) else [])] = Field(
        default_factory=list
    )
    watermark: Moment = None


class Read(Tolerant):
    """``read``: all that was sent up to the watermark has been read."""

    watermark: Moment = None


class Event(Tolerant):
    """One of ``messaging[]``. Reading it never fails for a JSON object."""

    sender: Annotated[Party, BeforeValidator(lambda value: value if isinstance(value, dict) else {})] = Party()
    recipient: Annotated[Party, BeforeValidator(lambda value: value if isinstance(value, dict) else {})] = Party()
    timestamp: Moment = None
    message: RawObject = None
    postback: RawObject = None
    reaction: RawObject = None
    message_edit: RawObject = None
    referral: RawObject = None
    delivery: RawObject = None
    read: RawObject = None


class Entry(Tolerant):
    """One of ``entry[]``; ``id`` is the page. ``standby`` holds events of threads that another app answers."""

    id: OptionalText = None
    time: Moment = None
    messaging: list[object] = Field(default_factory=list)
    standby: list[object] = Field(default_factory=list)
    changes: list[object] = Field(default_factory=list)


class Envelope(Tolerant):
    """The whole webhook body."""

    about: str = Field(alias="object")
    entry: list[object]
