"""Taps in a conversation with several drafts: taken, known already, or asked about first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ramah.booking.context import BookingContext
from ramah.booking.drafts import DraftView
from ramah.booking.facts import YES
from ramah.booking.folders import Folders, with_pending
from ramah.booking.heard import Heard, Notice, Tap
from ramah.booking.known import KnownCustomer
from ramah.booking.labels import label
from ramah.booking.proposing.answering import BARE_WORDS, declined, outcome_of
from ramah.booking.taps import KEEP, MOST_REMEMBERED, PROPOSAL, Freshness, TapOutcome, apply_tap, freshness

Answered = tuple[dict[str, str], dict[str, Any], list[Notice]]


def answer_tap(draft: DraftView, tap: Tap, folders: Folders, context: BookingContext, known: KnownCustomer) -> Answered:
    """What a tap makes of the draft in hand. One that was overtaken, or is another draft's, is asked about."""
    owner, facts, asked = folders.tagged(tap.draft), dict(draft.facts), dict(draft.asked)
    if tap.step == KEEP:
        return facts, declined(asked, tap.value), []
    outcome = _meaning(tap, owner, asked, context, known)
    if owner is None or outcome is None:
        return facts, asked, [Notice("utter_button_was_for", {"step": tap.step.replace("_", " ")})]
    if not owner.is_open:
        words = {"label": label(owner, context), "reference": owner.reference}
        return facts, asked, [Notice("utter_booking_is_closed", words)]
    fresh = freshness(tap, draft) if owner.id == draft.id else Freshness.STALE
    if fresh is Freshness.FRESH:
        return facts, asked, _put(tap, outcome, facts, asked)
    if fresh is Freshness.DOUBLE:
        return facts, asked, []
    if tap.step == "confirmation" and tap.value == YES and owner.id == draft.id:
        # The summary that it stood under is no longer true; the present one is asked.
        return facts, asked, [Notice("utter_summary_outdated")]
    asked["pending"] = {"kind": "stale", "draft": tap.draft, "step": tap.step, "value": tap.value, "nonce": tap.nonce}
    return facts, asked, []


def answer_pending(
    before: DraftView, draft: DraftView, heard: Heard, context: BookingContext, known: KnownCustomer
) -> Answered | None:
    """A typed yes or no to the question beside the step; None where there is none, or the message is more than that."""
    pending = before.asked.get("pending")
    if not pending or heard.intent not in ("affirm", "deny"):
        return None
    facts, asked = dict(draft.facts), dict(draft.asked)
    if pending["kind"] == "stale" and heard.intent == "affirm" and pending["draft"] == draft.tag:
        tap = Tap(pending["draft"], pending["step"], pending["value"], f"{pending['nonce']}+{before.round}")
        outcome = _meaning(tap, draft, asked, context, known)
        return facts, asked, _put(tap, outcome, facts, asked) if outcome else []
    return _to_proposal(pending, draft, heard) if pending["kind"] == PROPOSAL else (facts, asked, [])


def _to_proposal(pending: Mapping[str, str], draft: DraftView, heard: Heard) -> Answered | None:
    """A typed yes sets what was proposed; a no that says more than no is read as an answer."""
    facts, asked = dict(draft.facts), declined(draft.asked, pending["number"])
    if heard.intent == "deny":
        return (facts, asked, []) if len(heard.text.split()) <= BARE_WORDS else None
    tap = Tap(draft.tag, PROPOSAL, pending["number"], str(draft.round - 1))
    outcome = outcome_of(tap, draft)
    asked = dict(draft.asked)
    return facts, asked, _put(tap, outcome, facts, asked) if outcome else []


def _meaning(
    tap: Tap, owner: DraftView | None, asked: Mapping[str, Any], context: BookingContext, known: KnownCustomer
) -> TapOutcome | None:
    if tap.step == PROPOSAL:
        return outcome_of(tap, owner)
    return apply_tap(tap, known, context.catalogue, context.outlets, asked.get("cities") or ())


def _put(tap: Tap, outcome: TapOutcome, facts: dict[str, str], asked: dict[str, Any]) -> list[Notice]:
    for name in outcome.cleared:
        facts.pop(name, None)
    if outcome.cleared:
        asked.pop("other_car_model", None)
        asked.pop("other_street", None)
    facts.update(outcome.facts)
    asked.update(outcome.flags)
    if tap.step == PROPOSAL:
        asked["accepted"] = asked["round"]
    asked["taps"] = [*asked.get("taps", ()), tap.key][-MOST_REMEMBERED:]
    if outcome.wants_change:
        asked["pending"] = {"kind": "change"}
    return []


def settled_elsewhere(folders: Folders, heard: Heard) -> tuple[Folders, Heard]:
    """The customer was asked about a tap on another draft and means it: that draft comes to the front.

    A typed "yes" becomes the tap that it confirms."""
    current = folders.current
    pending = (current.asked.get("pending") or {}) if current else {}
    sure = heard.tap if heard.tap is not None and heard.tap.is_sure else None
    if current is not None and heard.tap is None and heard.intent == "affirm" and pending.get("kind") == "stale":
        sure = Tap(pending["draft"], pending["step"], pending["value"], f"{pending['nonce']}+{current.round}")
    owner = folders.tagged(sure.draft) if sure else None
    if current is None or owner is None or not owner.is_open or owner.current:
        return folders, heard
    # Rounds are each draft's own: asked just now means now.
    tap = Tap(owner.tag, sure.step, sure.value, f"{sure.nonce}+{owner.round}") if sure else None
    return folders.kept(with_pending(current, None)).filling(owner), replace(heard, tap=tap)
