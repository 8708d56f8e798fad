"""A turn as it went and as it goes today, aspect by aspect, and in which of them the two differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from console.why import presenters
from ramah.channels.content import Outgoing
from ramah.lib.spans import Span, read_spans
from ramah.messaging.engine_client import Decision, Explained, Replayed
from ramah.messaging.why import Turn

SYSTEMS = ("erp", "llm")
MADE_ANEW = frozenset({"draft_id", "complaint_ticket"})
"""Slots that hold a fresh id: of these only counts that they are filled."""

Side = dict[str, Any]


def compared(found: Turn, run: Replayed) -> dict[str, Any]:
    """Both sides, and for each aspect whether they differ. Of a turn without a trace some aspects are not known, and
    are not compared."""
    then, now = _then(found), _now(run)
    known = found.trace is not None
    differs = {name: key(then) != key(now) for name, key in KEYS.items() if known or name not in TRACED}
    return {
        "sides": [then, now],
        "differs": {name for name, is_other in differs.items() if is_other},
        "withheld": [one.model_dump() for one in run.withheld],
        "written": [one.model_dump() for one in run.written],
    }


def _then(found: Turn) -> Side:
    seen = found.interaction.understood if found.interaction else {}
    said = [Outgoing.model_validate(one.row.content).text for one in found.replies]
    return _side(seen, presenters.decisions(found), found.explained, found.spans, said)


def _now(run: Replayed) -> Side:
    explained = run.explained or Explained()
    decisions = [_decision(one) for one in explained.decisions]
    said = [one.text for one in run.replies if one.text]
    return _side(run.understood or {}, decisions, explained, read_spans(run.spans), said)


def _decision(one: Decision) -> dict[str, Any]:
    return one.model_dump()


def _side(
    seen: Mapping[str, Any],
    decisions: Sequence[Mapping[str, Any]],
    explained: Explained,
    spans: Sequence[Span],
    said: Sequence[str],
) -> Side:
    return {
        "intents": presenters.intents(seen),
        "entities": presenters.entities(seen),
        "decisions": decisions,
        "slots": [presenters.slot(name, one.before, one.after) for name, one in sorted(explained.slots.items())],
        "calls": [_call(one) for one in spans if one.name.partition(" ")[0] in SYSTEMS],
        "replies": said,
    }


def _call(one: Span) -> dict[str, Any]:
    return {"name": one.name, "answer": one.facts.get("answer"), "error": one.error}


def _slots(side: Side) -> list[tuple[str, str]]:
    return [(one["name"], "" if one["name"] in MADE_ANEW and one["after"] else one["after"]) for one in side["slots"]]


KEYS: Mapping[str, Callable[[Side], Any]] = {
    "intents": lambda side: [one["name"] for one in side["intents"][:1]],
    "entities": lambda side: side["entities"],
    "decisions": lambda side: [one["action"] for one in side["decisions"]],
    "rules": lambda side: [one["rule"] for one in side["decisions"]],
    "slots": _slots,
    "calls": lambda side: [one["name"] for one in side["calls"]],
    "replies": lambda side: side["replies"],
}
"""What makes two sides equal in an aspect."""

TRACED = frozenset({"rules", "slots", "calls"})
