"""What every channel offers. The registry maps a channel account's kind to one of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ramah.channels.content import Batch, Outgoing, Sent


@dataclass(frozen=True)
class AccountAccess:
    """What a channel must know of one connected account, secrets already decrypted.

    ``external_id`` is the provider's id (WhatsApp: phone_number_id). ``secrets`` holds
    channel-specific names (WhatsApp: access_token, app_secret, verify_token).
    """

    external_id: str
    secrets: Mapping[str, str]
    base_url: str | None = None


@dataclass(frozen=True)
class Abilities:
    """What a channel can show; richer content degrades to the next simpler form."""

    buttons: int
    list_rows: int
    text_limit: int
    proves_delivery: bool
    window_hours: int | None = None
    fetched_by_reader: bool = False  # the far end reads its messages from us; nothing is sent


class Channel(Protocol):
    """One messaging provider."""

    kind: str
    abilities: Abilities

    def verify(self, account: AccountAccess, headers: Mapping[str, str], body: bytes) -> None:
        """Raise SignatureError unless ``body`` was signed by the provider. Header names are lower-case."""

    def parse(self, body: bytes) -> list[Batch]:
        """Read a signed webhook body. Raises PayloadError when it cannot be read at all."""

    def split(self, message: Outgoing, language: str) -> list[Outgoing]:
        """What ``send`` takes one by one to show the whole message: each part is one provider request.

        ``language`` (id, ms, en) is the reader's. An empty message has no parts.
        """

    def send(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Send one message; blocks. ``reference`` is our own id, echoed in receipts where the
        provider can. Raises ChannelError with the outcome that the outbox must take, and ValueError
        when ``message`` needs more than one request (see ``split``)."""
