"""The reply window: on some channels free text passes only so long after the person's last message.

WhatsApp and Messenger: 24 hours (Meta, "Customer service windows"). Afterwards approved templates pass on WhatsApp; on
Messenger what a person wrote passes for seven days, where Meta granted it (Meta, "Message tags": HUMAN_AGENT).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError

from ramah.channels.content import Outgoing, Template
from ramah.channels.port import AnsweringLate, Channel
from ramah.lib.errors import Refused
from ramah.messaging.models import Author, ChannelAccount
from ramah.store import utc_now

MARGIN = timedelta(minutes=1)
"""Clocks differ and a send takes its time; the last minute is left out."""
WINDOW_CODE = "window"
"""The code of messages that our own look at the window stopped."""
_TEMPLATES = TypeAdapter(list[Template])


class Passage(StrEnum):
    """How a message may go: as usual, as a person's late answer, or not at all."""

    OPEN = "open"
    LATE = "late"
    CLOSED = "closed"


class WindowClosed(Refused):
    """Free text would not pass. ``templates`` would; ``closed_at`` is since when."""

    def __init__(self, reason: str, closed_at: datetime | None, templates: tuple[Template, ...]) -> None:
        super().__init__(reason)
        self.closed_at = closed_at
        self.templates = templates


@dataclass(frozen=True)
class Window:
    """What passes when, between an account with these options and a person who wrote last at this time."""

    channel: Channel
    options: Mapping[str, object]
    last_inbound_at: datetime | None

    @classmethod
    def of(cls, channel: Channel, account: ChannelAccount, last_inbound_at: datetime | None) -> Window:
        """The window of one person on this account."""
        return cls(channel, account.options or {}, last_inbound_at)

    def closes_at(self) -> datetime | None:
        """When free text stops passing; None for channels without a window. A person who never wrote: long ago."""
        return self._after(self.channel.abilities.window_hours)

    def late_until(self) -> datetime | None:
        """Until when a person of ours may still answer after that; None where nobody may."""
        return self._after(self._late_hours())

    def passage(self, author: Author, message: Outgoing, at: datetime) -> Passage:
        """How a message of this author would go at this moment."""
        closing, late = self.closes_at(), self.late_until()
        if closing is None or at < closing or (self.channel.abilities.uses_templates and message.template is not None):
            return Passage.OPEN
        return Passage.LATE if author is Author.STAFF and late is not None and at < late else Passage.CLOSED

    def reason(self, author: Author) -> str:
        """Why a message of this author does not pass, and what does."""
        closed, late = f"the reply window of {self.channel.abilities.window_hours} hours is closed", self._late_hours()
        if self.channel.abilities.uses_templates:
            return f"{closed}; send a template"
        if late is not None and author is not Author.STAFF:
            return f"{closed} to the bot; a person may answer for {late // 24} days"
        if late is not None:
            return f"the customer wrote more than {late // 24} days ago; wait until the customer writes"
        later = "; this account may not answer later" if isinstance(self.channel, AnsweringLate) else ""
        return f"{closed}{later}; wait until the customer writes"

    def _late_hours(self) -> int | None:
        return self.channel.late_hours(self.options) if isinstance(self.channel, AnsweringLate) else None

    def _after(self, hours: int | None) -> datetime | None:
        if hours is None:
            return None
        if self.last_inbound_at is None:
            return datetime.min.replace(tzinfo=utc_now().tzinfo)
        return self.last_inbound_at + timedelta(hours=hours) - MARGIN


def refusal(
    window: Window, account: ChannelAccount, author: Author, message: Outgoing, at: datetime
) -> WindowClosed | None:
    """Why the message could not be sent at this moment, with what would pass; None when it could."""
    if window.passage(author, message, at) is not Passage.CLOSED:
        return None
    templates = templates_of(account) if window.channel.abilities.uses_templates else ()
    return WindowClosed(window.reason(author), window.closes_at(), templates)


def templates_of(account: ChannelAccount) -> tuple[Template, ...]:
    """The approved templates that the account's administrator put up for reopening a conversation."""
    try:
        return tuple(_TEMPLATES.validate_python((account.options or {}).get("templates", [])))
    except ValidationError:
        return ()
