"""What crosses a channel's border, in words that no provider owns."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Frozen):
    """One button or list row. A tap sends ``payload`` back; the person reads ``title``."""

    title: str
    payload: str
    description: str | None = None


class Outgoing(_Frozen):
    """One message for a person: text, optional choices, optional picture (public URL).

    ``list_label`` is the wording of the button that opens a list, on channels that show one.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    image_url: str | None = None
    list_label: str | None = None


class IncomingKind(StrEnum):
    """What a person sent, as far as the message path cares."""

    TEXT = "text"
    TAP = "tap"
    MEDIA = "media"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    ORDER = "order"
    FORM = "form"
    SYSTEM = "system"
    UNSUPPORTED = "unsupported"


class Sender(_Frozen):
    """The channel address that a message came from.

    ``platform_id`` is the channel's own id of the person; ``phone`` is E.164 (``+62...``)
    where the channel proves it, else None.
    """

    platform_id: str
    name: str | None = None
    phone: str | None = None


class Incoming(_Frozen):
    """One message from a person, parsed. ``raw`` keeps the provider's own object, so that an
    unknown kind loses nothing. ``payload`` is what a tapped button carried (kind TAP)."""

    external_id: str
    sender: Sender
    kind: IncomingKind
    text: str = ""
    payload: str | None = None
    reply_to: str | None = None
    sent_at: datetime | None = None
    raw: dict[str, object] = Field(default_factory=dict)


class ReceiptStatus(StrEnum):
    """The provider's delivery statuses; a ladder but for ``failed``."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class Receipt(_Frozen):
    """A provider's word on one message that we sent. ``reference`` is our own id where the
    provider echoes it; it settles a send whose answer got lost."""

    provider_id: str
    reference: str | None = None
    status: ReceiptStatus
    at: datetime
    error_code: str | None = None
    error_text: str | None = None


class Batch(_Frozen):
    """Everything that one webhook body held, per receiving account.

    ``account_external_id`` is the provider's id of the receiving number or page.
    ``notices`` are known events that need no turn (template status, account alerts).
    """

    account_external_id: str
    incoming: tuple[Incoming, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    notices: tuple[dict[str, object], ...] = ()


class Sent(_Frozen):
    """The provider accepted a message under this id. Accepted is not delivered."""

    provider_id: str
