"""What a draft remembers of its own dialogue: rounds, answers, messages, and how often a question was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ramah.booking.drafts import DraftView
from ramah.booking.facts import FIELDS
from ramah.booking.heard import Heard

MOST_MESSAGES = 60
"""Messages that a quotation can still point at."""


def begun(draft: DraftView, heard: Heard, *, keeps_question: bool) -> DraftView:
    """The draft as a message reaches it: a new round; a question beside the step is over, whatever comes."""
    messages = list(draft.asked.get("messages", ()))
    asked = {
        **draft.asked,
        "round": draft.round + 1,
        "messages": [*messages, heard.message][-MOST_MESSAGES:] if heard.message else messages,
        "last": heard.message,
        "bridge": None,
        "interrupted": False,
        "pending": draft.asked.get("pending") if keeps_question else None,
    }
    return replace(draft, asked=asked)


def noted_changes(draft: DraftView, facts: Mapping[str, str]) -> DraftView:
    """The draft with these facts; each that changed, or went, is noted with the present round."""
    changed = {name: draft.round for name in FIELDS if draft.facts.get(name) != facts.get(name)}
    answered = {**draft.asked.get("answered", {}), **changed}
    return replace(draft, facts=dict(facts), asked={**draft.asked, "answered": answered})


def counted(
    asked: Mapping[str, Any],
    before: Mapping[str, str],
    after: Mapping[str, str],
    expected: str | None,
    step: str | None,
    *,
    had_notice: bool,
) -> dict[str, Any]:
    """How often the next step was asked in vain. Any progress, or an explanation just given, starts anew.

    ``plain`` counts how often it was asked without having been misunderstood."""
    progress = {name: before.get(name) for name in FIELDS} != {name: after.get(name) for name in FIELDS}
    same = asked.get("step") == step and expected == step
    tries = int(asked.get("tries", 0)) + 1 if same and not progress and not had_notice else 0
    again = same and not (progress and step == "confirmation")
    plain = int(asked.get("plain", 0)) + (tries == 0 and not had_notice) if again else 1
    return {**asked, "step": step, "tries": tries, "plain": plain}
