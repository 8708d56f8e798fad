"""Webhook bodies of the Cloud API as models.

Source: Meta, "Webhooks" and "messages webhook reference" of the WhatsApp Business Platform.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from ramah.channels.whatsapp.fields import (
    Digest,
    Moment,
    OptionalNumber,
    OptionalText,
    Tolerant,
    moment_or_none,
    object_or_none,
    objects,
)


class Metadata(Tolerant):
    """Our number that the event is about."""

    phone_number_id: OptionalText = None


class Profile(Tolerant):
    """What the person calls themselves."""

    name: OptionalText = None
    username: OptionalText = None


class ContactCard(Tolerant):
    """``value.contacts[]``: who wrote. ``user_id`` is the business-scoped id (BSUID)."""

    profile: Annotated[Profile | None, BeforeValidator(object_or_none)] = None
    wa_id: OptionalText = None
    user_id: OptionalText = None


class Context(Tolerant):
    """The message that this one quotes or answers."""

    id: OptionalText = None


class Referral(Tolerant):
    """The advertisement or post that the person tapped before they wrote."""

    headline: OptionalText = None
    body: OptionalText = None
    source_url: OptionalText = None


class MessageHead(Tolerant):
    """What every message has, whatever its type. Reading it never fails for a JSON object."""

    id: OptionalText = None
    sender: OptionalText = Field(None, alias="from")
    from_user_id: OptionalText = None
    timestamp: Moment = None
    type: OptionalText = None
    to: OptionalText = None  # only in an echo, as is the next one
    to_user_id: OptionalText = None
    referral: Annotated[Referral | None, BeforeValidator(object_or_none)] = None
    context: Annotated[Context | None, BeforeValidator(object_or_none)] = None


class TextBody(Tolerant):
    """``text``."""

    body: str


class Media(Tolerant):
    """``image``, ``video``, ``audio``, ``document`` or ``sticker``: fetched later by ``id``."""

    id: Annotated[str, Field(min_length=1)]
    caption: OptionalText = None
    mime_type: OptionalText = None
    filename: OptionalText = None
    file_size: OptionalNumber = None
    sha256: Digest = None


class Location(Tolerant):
    """``location``, degrees; name and address are absent for a bare pin."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    name: OptionalText = None
    address: OptionalText = None


class CardName(Tolerant):
    """``contacts[].name``."""

    formatted_name: OptionalText = None
    first_name: OptionalText = None


class CardPhone(Tolerant):
    """``contacts[].phones[]``."""

    phone: OptionalText = None


class SharedContact(Tolerant):
    """One of ``contacts[]`` of a message: a business card that the person shared."""

    name: Annotated[CardName | None, BeforeValidator(object_or_none)] = None
    phones: Annotated[list[CardPhone], BeforeValidator(objects)] = Field(default_factory=list)


class SharedContacts(Tolerant):
    """``contacts`` of a message; broken cards are left out of the words and stay in the original."""

    contacts: list[object]

    @property
    def cards(self) -> list[SharedContact]:
        """The cards that are objects."""
        return [SharedContact.model_validate(item) for item in objects(self.contacts)]


class TemplateButton(Tolerant):
    """``button``: a tap on a quick-reply button of a template."""

    payload: str
    text: str = ""


class Reply(Tolerant):
    """``button_reply`` or ``list_reply``."""

    id: str
    title: str = ""


class FlowReply(Tolerant):
    """``nfm_reply``: a filled Flow; ``response_json`` is a JSON document in a string."""

    body: str = ""
    response_json: str


class Interactive(Tolerant):
    """``interactive``; exactly one of the replies is present."""

    type: str
    button_reply: Reply | None = None
    list_reply: Reply | None = None
    nfm_reply: FlowReply | None = None


class Reaction(Tolerant):
    """``reaction``; no emoji means that the reaction was taken back."""

    message_id: str
    emoji: OptionalText = None


class ProductItem(Tolerant):
    """One line of a cart."""

    product_retailer_id: OptionalText = None
    quantity: OptionalNumber = None


class Order(Tolerant):
    """``order``: a cart from the catalogue."""

    text: OptionalText = None
    product_items: Annotated[list[ProductItem], BeforeValidator(objects)] = Field(default_factory=list)


class System(Tolerant):
    """``system``: the person changed number or identity. ``new_wa_id`` is what older versions say for ``wa_id``."""

    body: OptionalText = None
    type: OptionalText = None
    wa_id: OptionalText = None
    new_wa_id: OptionalText = None


class ErrorData(Tolerant):
    """``error_data``."""

    details: OptionalText = None


class ErrorItem(Tolerant):
    """One error, in a status as in an answer of the API."""

    code: OptionalText = None
    error_subcode: OptionalText = None
    is_transient: bool | None = None
    title: OptionalText = None
    message: OptionalText = None
    error_data: Annotated[ErrorData | None, BeforeValidator(object_or_none)] = None

    @property
    def sentence(self) -> str:
        """The most exact wording that Meta gave."""
        details = self.error_data.details if self.error_data else None
        return details or self.message or self.title or f"error {self.code or 'without a code'}"


class Status(Tolerant):
    """One of ``value.statuses[]``."""

    id: str
    status: str
    timestamp: Annotated[datetime, BeforeValidator(moment_or_none)]
    biz_opaque_callback_data: OptionalText = None
    errors: Annotated[list[ErrorItem], BeforeValidator(objects)] = Field(default_factory=list)


class Value(Tolerant):
    """``changes[].value`` of the fields ``messages`` and ``smb_message_echoes``. The lists stay raw: each item is read
    by itself."""

    metadata: Annotated[Metadata | None, BeforeValidator(object_or_none)] = None
    contacts: Annotated[list[ContactCard], BeforeValidator(objects)] = Field(default_factory=list)
    messages: list[object] = Field(default_factory=list)
    message_echoes: list[object] = Field(default_factory=list)
    statuses: list[object] = Field(default_factory=list)
    errors: list[object] = Field(default_factory=list)


class Change(Tolerant):
    """One of ``entry[].changes[]``."""

    field: str
    value: dict[str, object]


class Entry(Tolerant):
    """One of ``entry[]``; ``id`` is the WhatsApp Business account (WABA)."""

    id: OptionalText = None
    changes: list[object]


class Envelope(Tolerant):
    """The whole webhook body."""

    about: str = Field(alias="object")
    entry: list[object]
