"""Buttons and text are equal: somebody who types what stands on a button has tapped it."""

from __future__ import annotations

from sqlalchemy import select

from ramah.channels.content import Outgoing
from ramah.channels.degrade import numbered_choice
from ramah.channels.short_keys import SHORT_KEY_SIGN, short_key
from ramah.messaging.claims import Claim
from ramah.messaging.models import Author, Outbound, OutboundStatus
from ramah.messaging.typed_numbers import choice_by_number
from ramah.store import Database

PAYLOAD_SIGN = "/"
"""How a payload of the dialogue begins. Buttons that others made for a page or number may carry anything."""
RECENT = 3
"""How many of the bot's latest messages may still be answered by typing a title."""
RECENT_TAPS = 60
"""How many of them may still be tapped where the channel sends a short key in place of the payload."""


def typed_choice(database: Database, claim: Claim) -> str | None:
    """The payload of the button whose title was typed, or whose number where numbers were shown."""
    typed = _plain(claim.text)
    if not typed or len(typed) > 60:
        return None
    latest = _latest(database, claim)
    for message in latest:
        for choice in (*message.choices, *message.numbered):
            if _plain(choice.title) == typed:
                return choice.payload
        chosen = numbered_choice(message.numbered, claim.text)
        if chosen is not None:
            return chosen.payload
    # A number is nobody's title: only what was asked last may be meant by it.
    return choice_by_number(latest[0].choices, claim.text) if latest else None


def tapped_payload(database: Database, claim: Claim) -> str | None:
    """What a tap means. A channel with little room for payloads sends a short key, found among the latest choices;
    a key that nobody knows any more is no payload, and neither is what we never made; then the title decides."""
    payload = claim.payload
    if payload is None or not payload.startswith(SHORT_KEY_SIGN):
        return payload if payload and payload.startswith(PAYLOAD_SIGN) else None
    for message in _latest(database, claim, RECENT_TAPS):
        for choice in message.choices:
            if short_key(choice.payload) == payload:
                return choice.payload
    return None


def _latest(database: Database, claim: Claim, most: int = RECENT) -> list[Outgoing]:
    with database.tenant_reading(claim.organisation_id) as session:
        contents = session.scalars(
            select(Outbound.content)
            .where(
                Outbound.conversation_id == claim.conversation_id,
                Outbound.author == Author.BOT,
                Outbound.status != OutboundStatus.DROPPED,
            )
            .order_by(Outbound.position.desc())
            .limit(most)
        ).all()
    return [Outgoing.model_validate(content) for content in contents]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
