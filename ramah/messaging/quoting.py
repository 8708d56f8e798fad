"""Quotations: which of our turns an answered bubble came from."""

from __future__ import annotations

from sqlalchemy import select

from ramah.messaging.claims import Claim
from ramah.messaging.models import Author, Outbound
from ramah.messaging.thread import turn_of
from ramah.store import Database


def quoted_turn(database: Database, claim: Claim) -> dict[str, str]:
    """For the engine: the id of the message whose answer is quoted, as ``replied_turn``; nothing for any other.

    The one query is only made for a message that quotes."""
    if claim.reply_to is None:
        return {}
    with database.tenant_reading(claim.organisation_id) as session:
        key = session.scalar(
            select(Outbound.send_key).where(
                Outbound.channel_account_id == claim.account_id,
                Outbound.provider_id == claim.reply_to,
                Outbound.conversation_id == claim.conversation_id,
                Outbound.author == Author.BOT,
            )
        )
    turn = turn_of(key or "")
    return {"replied_turn": str(turn)} if turn is not None else {}
