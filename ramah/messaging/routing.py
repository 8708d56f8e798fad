"""Routing: who answers this message. A person, the queue, or the engine."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from ramah.channels.content import IncomingKind
from ramah.messaging.inbox import SAY
from ramah.messaging.models import HandledBy
from ramah.messaging.turns import Claim
from ramah.store import utc_now

BACK_TO_ASSISTANT = "/back_to_assistant"
REMIND_WAITING_AFTER = timedelta(minutes=10)
SILENT_KINDS = frozenset({IncomingKind.REACTION, IncomingKind.SYSTEM})
READABLE_KINDS = frozenset({IncomingKind.TEXT, IncomingKind.TAP})


class Route(StrEnum):
    """What happens with a claimed message."""

    ENGINE = "engine"
    SAY = "say"
    SILENT = "silent"
    TELL_WAITING = "tell_waiting"
    BACK_TO_BOT = "back_to_bot"
    UNREADABLE = "unreadable"


def route(claim: Claim) -> Route:
    """Decide, without touching anything."""
    if claim.kind == SAY:
        return Route.SAY
    if claim.handled_by in (HandledBy.HUMAN, HandledBy.CLOSED) or claim.kind in SILENT_KINDS:
        return Route.SILENT
    if claim.handled_by is HandledBy.QUEUE:
        return _in_queue(claim)
    return Route.ENGINE if claim.kind in READABLE_KINDS else Route.UNREADABLE


def _in_queue(claim: Claim) -> Route:
    if claim.payload == BACK_TO_ASSISTANT:
        return Route.BACK_TO_BOT
    told = claim.told_waiting_at
    return Route.TELL_WAITING if told is None or utc_now() - told > REMIND_WAITING_AFTER else Route.SILENT
