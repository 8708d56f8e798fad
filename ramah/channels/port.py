"""What every channel offers. The registry maps a channel account's kind to one of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ramah.channels.content import (
    Batch,
    Collected,
    FetchedMedia,
    LinkState,
    LinkStatus,
    Outgoing,
    RemoteMedia,
    Sent,
)
from ramah.channels.errors import ChannelError, SendOutcome


@dataclass(frozen=True)
class AccountAccess:
    """What a channel must know of one connected account, secrets already decrypted.

    ``external_id`` is the provider's id (WhatsApp: phone_number_id). ``secrets`` holds
    channel-specific names (WhatsApp: access_token, app_secret, verify_token). ``options`` are the account's settings
    that are no secret (mailbox host, gateway kind, form fields). ``webhook_url`` is where the provider reaches us.
    """

    external_id: str
    secrets: Mapping[str, str] = field(repr=False)
    base_url: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    webhook_url: str | None = None
    name: str = ""


@dataclass(frozen=True)
class Activity:
    """The message that is being answered: who wrote it, its provider id, and the provider's own object."""

    recipient: str
    external_id: str
    raw: Mapping[str, object]


@dataclass(frozen=True)
class Pace:
    """At most ``burst`` requests at once, and one more every ``interval`` seconds."""

    interval: float
    burst: int


@dataclass(frozen=True)
class Abilities:
    """What a channel can show and prove; richer content degrades to the next simpler form.

    ``proves_delivery``: receipts come for every message that was sent, so that an uncertain send settles and may be
    tried again when none came. ``idempotent``: sending again under the same reference is safe. A channel with
    neither never repeats an uncertain send by itself.
    ``window_hours``: free text passes only so long after the person's last message. ``uses_templates``: then a
    template passes.
    """

    buttons: int
    list_rows: int
    text_limit: int
    proves_delivery: bool
    window_hours: int | None = None
    fetched_by_reader: bool = False  # the far end reads its messages from us; nothing is sent
    idempotent: bool = False
    uses_templates: bool = False
    webhook: bool = False  # the provider posts events to us
    quotes: bool = False  # answers name the message that they follow (mail threads)
    answers_bubbles: bool = False  # a message may stand as the answer to one that is named
    best_effort: bool = False  # the console says that nobody proves delivery
    account_pace: Pace | None = None
    recipient_pace: Pace | None = None
    check_every: float | None = None  # seconds between two proofs of the connection; None: it cannot be asked


class Channel(Protocol):
    """One messaging provider. All methods block; they run in threads and must be safe there."""

    @property
    def kind(self) -> str:
        """The name in accounts, routes and the registry."""

    @property
    def abilities(self) -> Abilities:
        """What this channel can do."""

    def verify(self, account: AccountAccess, headers: Mapping[str, str], body: bytes) -> None:
        """Raise SignatureError unless ``body`` was signed by the provider. Header names are lower-case."""

    def without_secrets(self, account: AccountAccess, body: bytes) -> bytes:
        """A verified body as it may be kept: keys that the provider wrote into it are blotted out, nothing else."""

    def challenge(self, account: AccountAccess, params: Mapping[str, str]) -> str | None:
        """What to answer as plain text when the provider proves the webhook address by GET; None means 403."""

    def parse(self, account: AccountAccess, body: bytes) -> list[Batch]:
        """Read a verified body. Raises PayloadError when it cannot be read at all. Never another exception,
        whatever the bytes: one broken item never hides its neighbours. ``account`` is the one that received it."""

    def split(self, message: Outgoing, language: str) -> list[Outgoing]:
        """What ``send`` takes one by one to show the whole message: each part is one provider request.

        ``language`` (id, ms, en) is the reader's. An empty message has no parts.
        """

    def send(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Send one message; blocks. ``reference`` is our own id, echoed in receipts where the
        provider can. Raises ChannelError with the outcome that the outbox must take, and ValueError
        when ``message`` needs more than one request (see ``split``)."""

    def far_end(self, account: AccountAccess) -> str:
        """The host that this account's files, mails and state are asked of, as far as accounts differ in it: those
        with the same far end fail together."""

    def show_activity(self, account: AccountAccess, about: Activity) -> None:
        """Show the person that the message arrived and an answer is coming (read marks, typing, an answered button).
        A courtesy: raises ChannelError, which the caller only logs."""

    def fetch(self, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """Fetch a file of a message. Raises ChannelError (GIVE_UP when it is gone or larger than ``most_bytes``)."""

    def check(self, account: AccountAccess) -> LinkState:
        """Ask the provider whether the account works. Raises ChannelError when it does not answer."""


@runtime_checkable
class Collecting(Protocol):
    """A channel that is asked for messages instead of being posted to."""

    def collect(self, account: AccountAccess, cursor: str | None) -> Iterator[Collected]:
        """New messages after the cursor, oldest first. Reading them changes nothing at the provider that would
        hide them from the next call. Raises ChannelError."""


@runtime_checkable
class AnsweringLate(Protocol):
    """A channel on which a person of ours, never the bot, may answer for some while after the window has closed."""

    def late_hours(self, options: Mapping[str, object]) -> int | None:
        """Hours after the person's last message until when ``send_late`` passes on an account with these options;
        None when the provider has not granted it."""

    def send_late(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Send what a person of ours wrote, as ``Channel.send`` does. Raises ChannelError (WINDOW_CLOSED when it was
        not granted)."""


@runtime_checkable
class Connecting(Protocol):
    """A channel whose provider is told where to post, and told again when that is over."""

    def connect(self, account: AccountAccess) -> None:
        """Tell the provider to post to ``account.webhook_url``; safe to repeat. Raises ChannelError."""

    def disconnect(self, account: AccountAccess) -> None:
        """Tell it to stop. Raises ChannelError."""


class ChannelDefaults:
    """What a channel does that has nothing of its own to do."""

    def without_secrets(self, account: AccountAccess, body: bytes) -> bytes:
        """No key is in these bodies."""
        return body

    def challenge(self, account: AccountAccess, params: Mapping[str, str]) -> str | None:
        """No provider proves this address."""
        return None

    def far_end(self, account: AccountAccess) -> str:
        """The provider that all share, unless the account names another address."""
        return account.base_url or ""

    def show_activity(self, account: AccountAccess, about: Activity) -> None:
        """Nothing to show."""

    def fetch(self, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """No files come this way."""
        raise ChannelError("this channel carries no files", SendOutcome.GIVE_UP)

    def check(self, account: AccountAccess) -> LinkState:
        """Nobody to ask."""
        return LinkState(status=LinkStatus.UNKNOWN)
