"""Turns in which the dialogue is not asked: a person answers, it is outside of the hours, or the bot is off.

Taps are treated like words, those of a running booking or payment too: a tap wants an answer, and outside of its hours
the bot gives none. The booking waits as a draft and goes on where it was; what was paid is told as ever, since notices
of what happened are no answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ramah.messaging.claims import Claim
from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.routing import Route

OUTSIDE_HOURS = "outside_hours"
BOT_OFF = "bot_off"
TOLD_OUTSIDE = "told_outside"
UNASKED = frozenset({Route.SILENT, Route.OUTSIDE_HOURS, Route.TO_PERSON})


def unasked_turn(claim: Claim, chosen: Route, now: datetime) -> EngineTurn:
    """What is said and done by itself."""
    if chosen is Route.OUTSIDE_HOURS:
        return EngineTurn(replies=[*_told(claim, now), *_handed(claim)], did=[{"action": OUTSIDE_HOURS}])
    if chosen is Route.TO_PERSON:
        return EngineTurn(replies=[_handover(BOT_OFF)], did=[{"action": BOT_OFF}])
    return EngineTurn(replies=[])


def without_dialogue(claim: Claim) -> Claim:
    """The claim of such a turn: its words are set by people, so that nobody need approve them."""
    return replace(claim, asked=False)


def _told(claim: Claim, now: datetime) -> list[EngineReply]:
    if not claim.bot.tells(claim.received_at):
        return []
    text = claim.bot.message(claim.language or claim.organisation_language, now)
    return [EngineReply(text=text, custom={TOLD_OUTSIDE: True})]


def _handed(claim: Claim) -> list[EngineReply]:
    plan = claim.bot.plan
    return [_handover(OUTSIDE_HOURS)] if plan is not None and plan.needs_human else []


def _handover(reason: str) -> EngineReply:
    return EngineReply(custom={"handover": {"reason": reason}})
