"""The customer's yes or no to what a language model proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ramah.booking.drafts import DraftView
from ramah.booking.heard import Heard, Tap
from ramah.booking.taps import KEEP, TapOutcome, proposed_by

SOURCE = "llm+customer"
"""Where a fact comes from that a model proposed and the customer confirmed."""

MOST_DECLINED = 10
BARE_WORDS = 3
"""Words of an answer that is nothing but a no; what is longer says something beside it."""


def outcome_of(tap: Tap, draft: DraftView | None) -> TapOutcome | None:
    """What a yes means; None for a proposal that was never made."""
    facts = proposed_by(tap, draft) if draft is not None else {}
    if not facts:
        return None
    outcome = TapOutcome()
    outcome.facts = dict(facts)
    return outcome


def accepted(asked: Mapping[str, Any]) -> bool:
    """Whether the message just taken in was a yes to a proposal."""
    return bool(asked.get("accepted")) and asked.get("accepted") == asked.get("round")


def declined(asked: Mapping[str, Any], number: str) -> dict[str, Any]:
    """What is remembered once the proposal of this number was declined; another number changes nothing."""
    facts = asked.get("proposed", {}).get(number)
    before = list(asked.get("declined", ()))
    if facts is None or facts in before:
        return dict(asked)
    return {**asked, "declined": [*before, facts][-MOST_DECLINED:]}


def declines(before: DraftView, heard: Heard) -> bool:
    """Whether a message is a no to the proposal that was asked about: the ladder goes on where it stood."""
    pending = before.asked.get("pending") or {}
    if pending.get("kind") != "proposal":
        return False
    return heard.tap.step == KEEP if heard.tap is not None else heard.intent == "deny"
