"""The reply window: on some channels free text passes only so long after the person's last message.

WhatsApp and Messenger: 24 hours (Meta, "Customer service windows"). Afterwards only approved templates pass.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from ramah.channels.content import Outgoing, Template
from ramah.channels.port import Abilities
from ramah.lib.errors import Refused
from ramah.messaging.models import ChannelAccount, Conversation
from ramah.store import utc_now

MARGIN = timedelta(minutes=1)
"""Clocks differ and a send takes its time; the last minute is left out."""
_TEMPLATES = TypeAdapter(list[Template])


class WindowClosed(Refused):
    """Free text would not pass any more. ``templates`` would; ``closed_at`` is since when."""

    def __init__(self, closed_at: datetime | None, templates: tuple[Template, ...]) -> None:
        advice = "send a template" if templates else "wait until the customer writes"
        super().__init__(f"the reply window is closed; {advice}")
        self.closed_at = closed_at
        self.templates = templates


def closes_at(abilities: Abilities, last_inbound_at: datetime | None) -> datetime | None:
    """When free text stops passing; None for channels without a window. A person who never wrote: long ago."""
    if abilities.window_hours is None:
        return None
    if last_inbound_at is None:
        return datetime.min.replace(tzinfo=utc_now().tzinfo)
    return last_inbound_at + timedelta(hours=abilities.window_hours) - MARGIN


def passes(abilities: Abilities, last_inbound_at: datetime | None, message: Outgoing, at: datetime) -> bool:
    """Whether the message may be sent at this moment."""
    closing = closes_at(abilities, last_inbound_at)
    return closing is None or at < closing or (abilities.uses_templates and message.template is not None)


def refuse_outside(
    abilities: Abilities, account: ChannelAccount, conversation: Conversation, message: Outgoing, at: datetime
) -> None:
    """Raise WindowClosed, with what would pass, when the message could not be sent at this moment."""
    if not passes(abilities, conversation.last_inbound_at, message, at):
        closing = closes_at(abilities, conversation.last_inbound_at)
        raise WindowClosed(closing, templates_of(account) if abilities.uses_templates else ())


def templates_of(account: ChannelAccount) -> tuple[Template, ...]:
    """The approved templates that the account's administrator put up for reopening a conversation."""
    try:
        return tuple(_TEMPLATES.validate_python((account.options or {}).get("templates", [])))
    except ValidationError:
        return ()
