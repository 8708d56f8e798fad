"""Webhook bodies of the Cloud API as models. Unknown fields are ignored; odd values of optional ones become None.

Source: Meta, "Webhooks" and "messages webhook reference" of the WhatsApp Business Platform.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _text_or_none(value: object) -> str | None:
    """Ids arrive as strings, sometimes as integers; anything else is as good as absent."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def _object_or_none(value: object) -> object:
    return value if isinstance(value, dict) else None


def _objects(value: object) -> list[object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _moment_or_none(value: object) -> datetime | None:
    """Unix seconds, as a string in messages and an integer elsewhere."""
    text = _text_or_none(value)
    try:
        return None if text is None else datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


OptionalText = Annotated[str | None, BeforeValidator(_text_or_none)]
Moment = Annotated[datetime | None, BeforeValidator(_moment_or_none)]


class _Tolerant(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Metadata(_Tolerant):
    """Our number that the event is about."""

    phone_number_id: OptionalText = None


class Profile(_Tolerant):
    """What the person calls themselves."""

    name: OptionalText = None
    username: OptionalText = None


class ContactCard(_Tolerant):
    """``value.contacts[]``: who wrote. ``user_id`` is the business-scoped id (BSUID)."""

    profile: Annotated[Profile | None, BeforeValidator(_object_or_none)] = None
    wa_id: OptionalText = None
    user_id: OptionalText = None


class Context(_Tolerant):
    """The message that this one quotes or answers."""

    id: OptionalText = None


class MessageHead(_Tolerant):
    """What every message has, whatever its type. Reading it never fails for a JSON object."""

    id: OptionalText = None
    sender: OptionalText = Field(None, alias="from")
    from_user_id: OptionalText = None
    timestamp: Moment = None
    type: OptionalText = None
    context: Annotated[Context | None, BeforeValidator(_object_or_none)] = None


class TextBody(_Tolerant):
    """``text``."""

    body: str


class Media(_Tolerant):
    """``image``, ``video``, ``audio``, ``document`` or ``sticker``: fetched later by ``id``."""

    id: str
    caption: OptionalText = None


class Location(_Tolerant):
    """``location``; name and address are absent for a bare pin."""

    latitude: float
    longitude: float
    name: OptionalText = None
    address: OptionalText = None


class CardName(_Tolerant):
    """``contacts[].name``."""

    formatted_name: str


class CardPhone(_Tolerant):
    """``contacts[].phones[]``."""

    phone: OptionalText = None


class SharedContact(_Tolerant):
    """One of ``contacts[]`` of a message: a business card that the person shared."""

    name: CardName
    phones: Annotated[list[CardPhone], BeforeValidator(_objects)] = Field(default_factory=list)


class TemplateButton(_Tolerant):
    """``button``: a tap on a quick-reply button of a template."""

    payload: str
    text: str = ""


class Reply(_Tolerant):
    """``button_reply`` or ``list_reply``."""

    id: str
    title: str = ""


class FlowReply(_Tolerant):
    """``nfm_reply``: a filled Flow; ``response_json`` is a JSON document in a string."""

    body: str = ""
    response_json: str


class Interactive(_Tolerant):
    """``interactive``; exactly one of the replies is present."""

    type: str
    button_reply: Reply | None = None
    list_reply: Reply | None = None
    nfm_reply: FlowReply | None = None


class Reaction(_Tolerant):
    """``reaction``; no emoji means that the reaction was taken back."""

    message_id: str
    emoji: OptionalText = None


class Order(_Tolerant):
    """``order``: a cart from the catalogue."""

    text: OptionalText = None
    product_items: list[dict[str, object]]


class System(_Tolerant):
    """``system``: the person changed number or identity."""

    body: OptionalText = None
    type: OptionalText = None


class ErrorData(_Tolerant):
    """``error_data``."""

    details: OptionalText = None


class ErrorItem(_Tolerant):
    """One error, in a status as in an answer of the API."""

    code: OptionalText = None
    error_subcode: OptionalText = None
    is_transient: bool | None = None
    title: OptionalText = None
    message: OptionalText = None
    error_data: Annotated[ErrorData | None, BeforeValidator(_object_or_none)] = None

    @property
    def sentence(self) -> str:
        """The most exact wording that Meta gave."""
        details = self.error_data.details if self.error_data else None
        return details or self.message or self.title or f"error {self.code or 'without a code'}"


class Status(_Tolerant):
    """One of ``value.statuses[]``."""

    id: str
    status: str
    timestamp: Annotated[datetime, BeforeValidator(_moment_or_none)]
    biz_opaque_callback_data: OptionalText = None
    errors: Annotated[list[ErrorItem], BeforeValidator(_objects)] = Field(default_factory=list)


class Value(_Tolerant):
    """``changes[].value`` of the field ``messages``. The lists stay raw: each item is read by itself."""

    metadata: Annotated[Metadata | None, BeforeValidator(_object_or_none)] = None
    contacts: Annotated[list[ContactCard], BeforeValidator(_objects)] = Field(default_factory=list)
    messages: list[object] = Field(default_factory=list)
    statuses: list[object] = Field(default_factory=list)
    errors: list[object] = Field(default_factory=list)


class Change(_Tolerant):
    """One of ``entry[].changes[]``."""

    field: str
    value: dict[str, object]


class Entry(_Tolerant):
    """One of ``entry[]``; ``id`` is the WhatsApp Business account (WABA)."""

    id: OptionalText = None
    changes: list[object]


class Envelope(_Tolerant):
    """The whole webhook body."""

    about: str = Field(alias="object")
    entry: list[object]


class AcceptedMessage(_Tolerant):
    """One of ``messages[]`` in the answer to a send."""

    id: Annotated[str, Field(min_length=1)]


class Accepted(_Tolerant):
    """The answer to a send: accepted, not yet delivered."""

    messages: Annotated[list[AcceptedMessage], Field(min_length=1)]


class Refusal(_Tolerant):
    """The answer of the API when it refuses."""

    error: ErrorItem
