"""From a turn to what its page shows: a waterfall, and what was understood, decided, remembered and said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from console.why.waterfall import drawn, duration
from ramah.channels.content import Outgoing
from ramah.lib.spans import Span
from ramah.messaging.models import Interaction, SendAttempt
from ramah.messaging.why import Reply, Turn

WHOLE_BAR = 1000
LONGEST_VALUE = 160


def turn(found: Turn) -> dict[str, Any]:
    """One turn."""
    inbound, trace = found.inbound, found.trace
    return {
        "id": inbound.id,
        "conversation_id": inbound.conversation_id,
        "text": "\n".join(one.text for one in (inbound, *found.joined)) or f"[{inbound.kind}]",
        "payload": inbound.payload,
        "at": inbound.received_at,
        "channel": found.account.kind,
        "account": found.account.name,
        "envelope": inbound.envelope_id,
        "external_id": inbound.external_id,
        "kept": trace is not None,
        "waiting": inbound.status == "waiting",
        "trace_id": inbound.trace_id,
        "took": duration(trace.micros) if trace else None,
        "failed": bool(trace and trace.failed),
        "slow": bool(trace and trace.slow),
        "incidents": [_incident(one) for one in found.incidents],
        "waterfall": drawn(found.spans),
        "understood": understood(found.interaction, found.explained.normalised),
        "decisions": decisions(found),
        "slots": [slot(name, change.before, change.after) for name, change in found.explained.slots.items()],
        "responses": [one.model_dump() for one in found.explained.responses],
        "replies": [_reply(one) for one in found.replies],
    }


def understood(interaction: Interaction | None, normalised: str | None) -> dict[str, Any] | None:
    """What the bot took a message for; None where it was not asked."""
    if interaction is None or not interaction.understood:
        return None
    said = interaction.understood
    language = said.get("language") if isinstance(said.get("language"), Mapping) else {}
    return {
        "normalised": normalised,
        "language": interaction.language,
        "language_score": (language or {}).get("probability"),
        "mood": interaction.mood,
        "urgent": interaction.urgent,
        "doctor": interaction.doctor,
        "model": interaction.model,
        "intents": intents(said),
        "entities": entities(said),
    }


def intents(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The intent and its rivals with their scores, the width of a bar in thousandths."""
    ranked: Sequence[Mapping[str, Any]] = said.get("ranking") or [said.get("intent") or {}]
    scored = [(str(one.get("name") or "-"), float(one.get("confidence") or 0.0)) for one in ranked]
    return [{"name": name, "score": score, "width": round(score * WHOLE_BAR)} for name, score in scored]


def entities(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was found in the words, and by which component."""
    return [
        {"name": str(one.get("entity")), "value": brief(one.get("value")), "extractor": one.get("extractor")}
        for one in said.get("entities") or []
    ]


def brief(value: object) -> str:
    """A value as one line, its end cut off where it is long."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _incident(span: Span) -> dict[str, Any]:
    facts = span.facts
    told = {name: facts.get(name, "") for name in ("place", "subsystem", "operation")}
    return {"id": str(facts["incident"]), "words": span.error or "", **told}


def decisions(found: Turn) -> list[dict[str, Any]]:
    """What was decided; of turns without a trace only the actions are known."""
    if found.explained.decisions:
        return [one.model_dump() for one in found.explained.decisions]
    did = found.interaction.did if found.interaction else []
    nothing = {"rule": None, "file": None}
    return [{**nothing, "action": one["action"], "policy": one.get("policy")} for one in did if one.get("action")]


def slot(name: str, before: object, after: object) -> dict[str, str]:
    """What the dialogue remembered before and after."""
    return {"name": name, "before": brief(before), "after": brief(after)}


def _took(attempt: SendAttempt) -> str | None:
    if attempt.ended_at is None:
        return None
    return duration(round((attempt.ended_at - attempt.started_at).total_seconds() * 1e6))


def _reply(reply: Reply) -> dict[str, Any]:
    content = Outgoing.model_validate(reply.row.content)
    return {
        "text": content.text,
        "status": reply.row.status,
        "provider_id": reply.row.provider_id,
        "settled_at": reply.row.settled_at,
        "attempts": [
            {
                "at": one.started_at,
                "took": _took(one),
                "outcome": one.outcome,
                "code": one.error_code,
                "error": one.error_text,
            }
            for one in reply.attempts
        ],
    }
