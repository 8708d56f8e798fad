"""Buttons and text are equal: somebody who types what stands on a button has tapped it."""

from __future__ import annotations

from sqlalchemy import select

from ramah.channels.content import Choice, Outgoing
from ramah.channels.degrade import numbered_choice
from ramah.messaging.models import Author, Outbound, OutboundStatus
from ramah.messaging.registry import channel_for
from ramah.messaging.turns import Claim
from ramah.store import Database

RECENT = 3
"""How many of the bot's latest messages may still be answered by typing a title."""


def typed_choice(database: Database, claim: Claim) -> str | None:
    """The payload of the button whose title was typed, or whose number where only numbers were shown."""
    typed = _plain(claim.text)
    if not typed or len(typed) > 60:
        return None
    for choices in _latest_choices(database, claim):
        for choice in choices:
            if _plain(choice.title) == typed:
                return choice.payload
        if len(choices) > channel_for(claim.channel).abilities.list_rows:
            chosen = numbered_choice(choices, claim.text)
            return chosen.payload if chosen else None
    return None


def _latest_choices(database: Database, claim: Claim) -> list[tuple[Choice, ...]]:
    with database.tenant_reading(claim.organisation_id) as session:
        contents = session.scalars(
            select(Outbound.content)
            .where(
                Outbound.conversation_id == claim.conversation_id,
                Outbound.author == Author.BOT,
                Outbound.status != OutboundStatus.DROPPED,
            )
            .order_by(Outbound.position.desc())
            .limit(RECENT)
        ).all()
    return [message.choices for message in map(Outgoing.model_validate, contents) if message.choices]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
