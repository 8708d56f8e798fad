"""What happens in the small WhatsApp, in no gateway's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class File:
    """A file of a message. ``path`` is where the gateway serves it."""

    kind: str
    content: bytes
    mime_type: str
    filename: str | None = None
    path: str = ""


@dataclass(frozen=True)
class Wrote:
    """Somebody wrote. ``phone`` is None for a person who hides the number behind ``lid``; ``own`` was typed on the
    linked phone itself, ``to`` whom ``phone`` and ``lid`` then are. ``chat`` is a group, a story or a channel."""

    id: str
    at: float
    phone: str | None = None
    lid: str | None = None
    name: str = "Ana"
    text: str = ""
    file: File | None = None
    location: dict[str, Any] | None = None
    cards: tuple[dict[str, Any], ...] = ()
    chat: str | None = None
    own: bool = False
    through_api: bool = False
    reply_to: str | None = None
    reference: str | None = None

    @property
    def address(self) -> str:
        """The person's JID."""
        return f"{self.phone}@s.whatsapp.net" if self.phone else f"{self.lid}@lid"


@dataclass(frozen=True)
class Acknowledged:
    """A message of ours got on: ``sent``, ``delivered``, ``read`` or ``failed``."""

    id: str
    at: float
    status: str
    recipient: str
    reference: str | None = None


@dataclass(frozen=True)
class Changed:
    """The link of the phone changed. ``reason`` is ``network``, ``logged_out`` or ``banned``."""

    at: float
    status: str
    reason: str | None = None
    code: str | None = None
    expires_at: float | None = None


Event = Wrote | Acknowledged | Changed


@dataclass
class Sent:
    """A message that a person got from us."""

    id: str
    to: str
    kind: str
    text: str
    at: float
    reference: str | None = None
    reply_to: str | None = None
    file: bytes | None = field(default=None, repr=False)
    mime_type: str | None = None
    url: str | None = None
