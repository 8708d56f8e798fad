"""What crosses a channel's border, in words that no provider owns."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Frozen):
    """One button or list row. A tap sends ``payload`` back; the person reads ``title``."""

    title: str
    payload: str
    description: str | None = None


class MediaKind(StrEnum):
    """What a file is, as channels tell them apart."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"


class Attachment(_Frozen):
    """A file that goes out. ``media_id`` names it in our media store; delivery fills ``content`` from there just
    before the send, so that the bytes are never stored twice."""

    kind: MediaKind
    media_id: str
    mime_type: str
    filename: str | None = None
    content: bytes | None = Field(default=None, exclude=True, repr=False)


class TemplateParameter(_Frozen):
    """One value for a placeholder: of the ``header``, the ``body``, or the ``button`` with this ``index``.

    ``name`` is for templates with named placeholders. A ``header`` may be an attachment in place of text."""

    place: Literal["header", "body", "button"] = "body"
    text: str = ""
    name: str | None = None
    index: int = 0
    button_kind: Literal["url", "quick_reply"] = "url"
    attachment: Attachment | None = None


class Template(_Frozen):
    """A message that the provider approved beforehand; the only kind that passes a closed reply window.

    ``preview`` is the filled-in wording for the thread; it is not sent."""

    name: str
    language: str
    parameters: tuple[TemplateParameter, ...] = ()
    preview: str = ""


class Outgoing(_Frozen):
    """One message for a person: text, optional choices, optional picture (public URL), optional file.

    ``list_label`` is the wording of the button that opens a list, on channels that show one. ``numbered`` holds the
    choices that a degraded message shows as ``1. ...`` lines, so that a typed number still works as the tap.
    ``location_request`` and ``contact_request`` show a button that shares the place or the own number, where the
    channel has one. ``reply_to`` is the provider's id of the message that this one quotes or follows.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    image_url: str | None = None
    list_label: str | None = None
    numbered: tuple[Choice, ...] = ()
    attachment: Attachment | None = None
    template: Template | None = None
    location_request: bool = False
    contact_request: bool = False
    subject: str | None = None
    reply_to: str | None = None


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
    EDIT = "edit"
    UNSUPPORTED = "unsupported"


class Sender(_Frozen):
    """The channel address that a message came from.

    ``platform_id`` is the channel's own id of the person; ``phone`` is E.164 (``+62...``)
    where the channel proves it, else None.
    """

    platform_id: str
    name: str | None = None
    phone: str | None = None


class RemoteMedia(_Frozen):
    """A file that came with a message and still lies with the provider, fetched later by ``reference`` (an id, an
    address, or what the channel's ``fetch`` understands). Type, size (bytes) and sha256 are the provider's word."""

    kind: MediaKind
    reference: str
    mime_type: str | None = None
    filename: str | None = None
    size: int | None = None
    sha256: str | None = None


class Place(_Frozen):
    """A shared location, degrees."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


class Incoming(_Frozen):
    """One message from a person, parsed. ``raw`` keeps the provider's own object, so that an
    unknown kind loses nothing. ``payload`` is what a tapped button carried (kind TAP).

    ``from_business``: somebody of ours wrote it elsewhere (the phone itself, the page's own inbox); ``sender`` is then
    still the customer. ``edit_of`` is the external id of the message that this one replaces (kind EDIT).
    ``proved_phone`` is the sender's own number (E.164) when the message proves it (a shared own contact).
    ``changed_address`` is the sender's new platform id (WhatsApp: the person changed number). ``automatic`` marks
    what no person wrote (auto-replies, bounces): kept and shown, never answered.
    """

    external_id: str
    sender: Sender
    kind: IncomingKind
    text: str = ""
    payload: str | None = None
    reply_to: str | None = None
    sent_at: datetime | None = None
    media: tuple[RemoteMedia, ...] = ()
    place: Place | None = None
    from_business: bool = False
    reference: str | None = None
    edit_of: str | None = None
    proved_phone: str | None = None
    changed_address: str | None = None
    automatic: bool = False
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


class Watermark(_Frozen):
    """A receipt without message ids: all that was sent to this recipient up to this moment has this status."""

    recipient: str
    status: ReceiptStatus
    up_to: datetime


class LinkStatus(StrEnum):
    """How an account stands with its provider. The first four lead to ``connected``, for linked phones."""

    UNKNOWN = "unknown"
    STARTING = "starting"
    SCAN_QR = "scan_qr"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"  # for the moment; the gateway tries again by itself
    LOGGED_OUT = "logged_out"  # somebody must link or log in again
    FAILED = "failed"


class LinkState(_Frozen):
    """What was last proved about an account. ``qr_code`` is a PNG data URL or a raw string to be drawn."""

    status: LinkStatus
    detail: str | None = None
    phone: str | None = None
    qr_code: str | None = Field(default=None, repr=False)
    qr_expires_at: datetime | None = None


class Batch(_Frozen):
    """Everything that one webhook body held, per receiving account.

    ``account_external_id`` is the provider's id of the receiving number or page.
    ``notices`` are known events that need no turn (template status, account alerts).
    ``link`` is what the body says about the account itself.
    """

    account_external_id: str
    incoming: tuple[Incoming, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    watermarks: tuple[Watermark, ...] = ()
    notices: tuple[dict[str, object], ...] = ()
    link: LinkState | None = None


class Sent(_Frozen):
    """The provider accepted a message under this id. Accepted is not delivered."""

    provider_id: str


class FetchedMedia(_Frozen):
    """A file as the provider gave it. ``mime_type`` is the provider's word; content decides."""

    content: bytes = Field(repr=False)
    mime_type: str | None = None
    filename: str | None = None


class Collected(_Frozen):
    """One raw message taken from a channel that is asked (a mailbox), and the cursor that follows it."""

    body: bytes = Field(repr=False)
    cursor: str
