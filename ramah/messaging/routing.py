"""Routing: who answers this message. A person, the queue, or the engine."""

from __future__ import annotations

import json
from datetime import timedelta
from enum import StrEnum

from ramah.channels.content import IncomingKind, MediaKind
from ramah.messaging.claims import Claim
from ramah.messaging.divisions.choosing import chosen_id, says
from ramah.messaging.divisions.waiting import SAID_HERE
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.inbox import SAY
from ramah.messaging.models import HandledBy, QueueMode
from ramah.store import utc_now

BACK_TO_ASSISTANT = "/back_to_assistant"
REMIND_WAITING_AFTER = timedelta(minutes=10)
SILENT_KINDS = frozenset({IncomingKind.REACTION, IncomingKind.SYSTEM})
READABLE_KINDS = frozenset({IncomingKind.TEXT, IncomingKind.TAP, IncomingKind.EDIT})
SHOWN_FILES = frozenset({MediaKind.IMAGE, MediaKind.DOCUMENT})
"""Files that the dialogue can do something with; a voice note, a film or a sticker is answered by a sentence."""
EDIT_COUNTS_FOR = timedelta(minutes=10)


class Route(StrEnum):
    """What happens with a claimed message."""

    ENGINE = "engine"
    SAY = "say"
    SILENT = "silent"
    TELL_WAITING = "tell_waiting"
    BACK_TO_BOT = "back_to_bot"
    UNREADABLE = "unreadable"
    OUTSIDE_HOURS = "outside_hours"
    TO_PERSON = "to_person"
    DIVISIONS = "divisions"


def route(claim: Claim) -> Route:
    """Decide, without touching anything."""
    if claim.blocked:
        return Route.SILENT
    if claim.kind == SAY:
        return Route.DIVISIONS if claim.raw.get("response") in SAID_HERE else Route.SAY
    if claim.handled_by in (HandledBy.HUMAN, HandledBy.CLOSED) or _needs_no_answer(claim):
        return Route.SILENT
    if claim.handled_by is HandledBy.QUEUE and claim.queue_mode is not QueueMode.OFF:
        return _in_line(claim)
    if claim.bot.is_outside(claim.received_at, utc_now()):
        return Route.OUTSIDE_HOURS
    if claim.bot.mode is BotMode.OFF:
        return Route.TO_PERSON
    if claim.handled_by is HandledBy.QUEUE:
        return _in_queue(claim)
    if _asks_for_division(claim):
        return Route.DIVISIONS
    readable = claim.kind in READABLE_KINDS or _has_words(claim) or wordless_payload(claim) is not None
    return Route.ENGINE if readable else Route.UNREADABLE


def wordless_payload(claim: Claim) -> str | None:
    """What a file without words, or a place, says to the dialogue: the intent, and the message that it came in.

    A file with words is answered by its words; the dialogue's actions find it by the message's number."""
    if claim.kind == IncomingKind.LOCATION:
        intent = "send_place"
    elif claim.kind == IncomingKind.MEDIA and not _has_words(claim) and SHOWN_FILES.intersection(claim.files):
        intent = "send_file"
    else:
        return None
    return f"/{intent}" + json.dumps({"file": str(claim.inbound_id)}, separators=(",", ":"))


def _has_words(claim: Claim) -> bool:
    """A file with words under it is answered by its words."""
    return claim.kind == IncomingKind.MEDIA and any(sign.isalnum() for sign in claim.text)


def _needs_no_answer(claim: Claim) -> bool:
    """Reactions, what no person wrote, and corrected spelling of what was answered long ago."""
    if claim.kind == IncomingKind.EDIT:
        return not claim.newest or utc_now() - claim.received_at > EDIT_COUNTS_FOR
    return claim.automatic or claim.kind in SILENT_KINDS


def _asks_for_division(claim: Claim) -> bool:
    """Where a chat begins with the menu, its first message does; and a division may be tapped in an old menu."""
    if claim.queue_mode is QueueMode.OFF:
        return False
    untouched = claim.epoch == 0 and claim.told_waiting_at is None
    return (claim.queue_mode is QueueMode.QUEUE and untouched) or chosen_id(claim.payload) is not None


def _in_line(claim: Claim) -> Route:
    """Places and choices are told whatever the bot's hours and mode; only the assistant needs the assistant."""
    leaves = claim.payload == BACK_TO_ASSISTANT or says(claim.text, "leave_words")
    return Route.BACK_TO_BOT if leaves and claim.bot.mode is not BotMode.OFF else Route.DIVISIONS


def _in_queue(claim: Claim) -> Route:
    if claim.payload == BACK_TO_ASSISTANT:
        return Route.BACK_TO_BOT
    if claim.bot.mode is BotMode.DRAFTS:
        return Route.SILENT
    told = claim.told_waiting_at
    return Route.TELL_WAITING if told is None or utc_now() - told > REMIND_WAITING_AFTER else Route.SILENT
