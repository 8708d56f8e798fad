"""One message and the folders before it make the folders after it. Values only; storing them is done elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ramah.booking.checks import check
from ramah.booking.context import BookingContext
from ramah.booking.drafts import DraftView
from ramah.booking.facts import NO_LAST_NAME, YES, missing_steps, steps_not_asked
from ramah.booking.folders import Folders, rested
from ramah.booking.heard import Heard, Notice
from ramah.booking.interruptions import interrupts
from ramah.booking.known import KnownCustomer
from ramah.booking.labels import resume_words
from ramah.booking.moving import Moved, move
from ramah.booking.noting import noted
from ramah.booking.oddities import odd_answer
from ramah.booking.proposing.answering import declines
from ramah.booking.remembering import begun, counted, noted_changes
from ramah.booking.tapping import answer_pending, answer_tap, settled_elsewhere
from ramah.booking.understanding import CHANGED, understand

HOUR, THREE_DAYS = 3600.0, 3 * 24 * 3600.0
"""Seconds of silence after which a booking is summed up, and after which it is asked whether it still is wanted."""

GREETING = "greet"
TIME_REFUSALS = frozenset({"utter_time_taken", "utter_closed_then", "utter_time_passed"})
DATE_REFUSALS = frozenset({"utter_date_full"})
MOST_FULL_DAYS = 10


@dataclass(frozen=True)
class Outcome:
    """What a turn made of a draft: its view, the next step (None: nothing is missing), what to say first.

    ``not_asked`` are steps that do not apply to this booking. ``interrupted`` means that the message was about
    something else: what it brought is kept, and the same step is asked again after the answer.
    """

    draft: DraftView
    step: str | None
    notices: tuple[Notice, ...] = ()
    not_asked: tuple[str, ...] = ()
    interrupted: bool = False


@dataclass(frozen=True)
class Read:
    """The facts after a message, what is remembered, what to say."""

    facts: dict[str, str]
    asked: dict[str, Any]
    notices: list[Notice]


def decide(
    folders: Folders, heard: Heard, expected: str | None, context: BookingContext, known: KnownCustomer
) -> tuple[Folders, Outcome]:
    """Take in one message. ``expected`` is the step that was last asked of the draft in hand."""
    settled, heard = settled_elsewhere(folders, heard)
    moved = move(settled, heard, context, known)
    before = moved.folders.current
    assert before is not None  # noqa: S101 - a move always leaves one in front
    is_other = folders.current is None or folders.current.id != before.id
    if is_other:
        expected = before.asked.get("step")
    found = _read(moved, before, heard, expected, context, known)
    returned = heard.intent == GREETING and rested(before, context.now) >= HOUR
    interrupted = not is_other and not moved.is_done and interrupts(heard, before.facts, found.facts, expected)
    # Who greets after a pause hears where the booking stands; a greeting on top of that would be a second one.
    interrupted = interrupted and not returned
    notices = _checked(found, context)
    if interrupted:
        outcome = _interrupted(before, found, expected, context)
        return moved.folders.kept(outcome.draft), outcome
    shape = context.shape(context.catalogue.service(found.facts.get("service")))
    step = next(iter(missing_steps(found.facts, shape)), None)
    was_tapped = heard.tap is not None and not declines(before, heard)
    had_notice = bool(notices) or was_tapped or is_other or moved.is_done or returned
    asked = counted(found.asked, before.facts, found.facts, expected, step, had_notice=had_notice)
    after = noted_changes(replace(before, asked=asked), found.facts)
    if not notices and not moved.is_done and not returned:
        notices = odd_answer(heard, expected, found.facts, context)
    after, pause = _after_a_pause(before, after, heard, moved, step, context)
    if not notices and not pause and not moved.is_done and step not in (None, "confirmation"):
        notices = noted(before, after, heard, expected, context)
    notices = [*moved.notices, *_introduced(moved, before), *pause, *notices]
    return moved.folders.kept(after), Outcome(after, step, tuple(notices), steps_not_asked(found.facts, shape))


def _read(
    moved: Moved,
    before: DraftView,
    heard: Heard,
    expected: str | None,
    context: BookingContext,
    known: KnownCustomer,
) -> Read:
    started = begun(before, heard, keeps_question=moved.is_done)
    if moved.is_done:
        return Read(dict(before.facts), dict(started.asked), [])
    if heard.tap is not None:
        return Read(*answer_tap(started, heard.tap, moved.folders, context, known))
    settled = answer_pending(before, started, heard, context, known)
    return Read(*(settled or understand(started, heard, expected, context, known)))


def _checked(found: Read, context: BookingContext) -> list[Notice]:
    """Complete and check the facts; what was confirmed and can no longer be wants its own confirmation."""
    notices = found.notices
    refusals = check(found.facts, context)
    if refusals:
        # "Changed" and "that cannot be" about the same answer would contradict each other.
        notices = [notice for notice in notices if notice.response != CHANGED]
        if found.facts.get("confirmation") == YES:
            found.facts.pop("confirmation")
    if any(notice.response == "utter_ask_what_to_change" for notice in notices):
        found.asked["pending"] = {"kind": "change"}
        notices = [notice for notice in notices if notice.response != "utter_ask_what_to_change"]
    _remember_refused(found, refusals)
    return notices + refusals


def _remember_refused(found: Read, refusals: list[Notice]) -> None:
    """Which time or day could not be, so that the question offers what is nearest; forgotten once one is settled."""
    if "appointment_time" in found.facts:
        found.asked["near"] = None
    for notice in refusals:
        if notice.response in TIME_REFUSALS:
            found.asked["near"] = notice.variables["time"]
        elif notice.response in DATE_REFUSALS:
            found.asked["full_days"] = [*found.asked.get("full_days", ()), notice.variables["day"]][-MOST_FULL_DAYS:]


def _interrupted(before: DraftView, found: Read, expected: str | None, context: BookingContext) -> Outcome:
    """The question stays as it was; the form says that it goes on, after a long pause with what it knows."""
    pause = rested(before, context.now)
    asked = {
        **before.asked,
        "round": found.asked["round"],
        "messages": found.asked["messages"],
        "last": found.asked["last"],
        "bridge": "pause" if pause >= HOUR else "resume",
        "plain": int(before.asked.get("plain", 0)) + 1,
        "interrupted": True,
    }
    if pause >= THREE_DAYS:
        asked["pending"] = {"kind": "pause"}
    kept = noted_changes(replace(before, asked=asked), found.facts)
    return Outcome(kept, expected, interrupted=True)


def _after_a_pause(
    before: DraftView, after: DraftView, heard: Heard, moved: Moved, step: str | None, context: BookingContext
) -> tuple[DraftView, list[Notice]]:
    pause = rested(before, context.now)
    if pause < HOUR or step is None or moved.moved or moved.is_done or after.asked.get("pending"):
        return after, []
    if pause >= THREE_DAYS and heard.tap is None:
        return replace(after, asked={**after.asked, "pending": {"kind": "pause"}}), []
    return after, [Notice("utter_resume_summary", resume_words(after, context))]


def _introduced(moved: Moved, draft: DraftView) -> list[Notice]:
    """Which name and number are taken, where a new booking begins with known ones."""
    is_news = "known" in (draft.sources or {}).values()
    if not moved.opened or not is_news or not draft.facts.get("first_name"):
        return []
    return [Notice("utter_known_details", _details(draft.facts))]


def _details(facts: Mapping[str, str]) -> dict[str, str]:
    names = (facts.get("first_name", ""), facts.get("last_name", ""))
    name = " ".join(part for part in names if part and part != NO_LAST_NAME)
    return {"name": name, "phone": facts.get("phone", "-")}
