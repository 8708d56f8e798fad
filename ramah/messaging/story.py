"""A conversation up to a turn, as a story that ``rasa test`` runs: what was said, how it was meant, what was done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.messaging.models import Interaction, TurnTrace

MOST_TURNS = 60
BY_LANGUAGE = "LanguageIdentifier"
"""Marks the language of a whole message, which stories do not annotate."""
REQUESTED = "requested_slot"


def story_until(session: Session, conversation_id: str, inbound_id: int, name: str) -> str:
    """The last sixty turns up to this one as YAML. Open forms are only known of turns whose trace was kept."""
    rows = session.execute(
        select(Interaction, TurnTrace.explained)
        .outerjoin(TurnTrace, TurnTrace.inbound_id == Interaction.inbound_id)
        .where(Interaction.conversation_id == conversation_id, Interaction.inbound_id <= inbound_id)
        .order_by(Interaction.inbound_id.desc())
        .limit(MOST_TURNS)
    ).all()
    turns = [(row[0], row[1] or {}) for row in reversed(rows) if row[0].understood]
    return "\n".join(_lines(turns, name)) + "\n"


def _lines(turns: Sequence[tuple[Interaction, dict[str, Any]]], name: str) -> Iterator[str]:
    yield from ('version: "3.1"', "", "stories:", f"  - story: {json.dumps(name, ensure_ascii=False)}", "    steps:")
    for interaction, explained in turns:
        yield from _said(interaction)
        for step in interaction.did:
            if step.get("action"):
                yield from _done(str(step["action"]), explained)


def _said(interaction: Interaction) -> Iterator[str]:
    understood = interaction.understood
    yield "      - user: |"
    for line in _annotated(str(understood.get("text") or ""), understood.get("entities") or []).splitlines() or [""]:
        yield f"          {line}"
    yield f"        intent: {interaction.intent or 'nlu_fallback'}"


def _done(action: str, explained: dict[str, Any]) -> Iterator[str]:
    yield f"      - action: {action}"
    change = (explained.get("slots") or {}).get(REQUESTED)
    if not action.endswith("_form") or change is None:
        return
    asked = change.get("after")
    yield f"      - active_loop: {action if asked else 'null'}"
    yield from ("      - slot_was_set:", f"          - {REQUESTED}: {asked or 'null'}")


def _annotated(text: str, entities: Sequence[dict[str, Any]]) -> str:
    """The words with their entities in Rasa's brackets. A tapped button's payload names its own."""
    if text.startswith("/"):
        return text
    placed = [one for one in entities if one.get("extractor") != BY_LANGUAGE and isinstance(one.get("start"), int)]
    end = len(text)
    for one in sorted(placed, key=lambda one: (one["start"], one["end"]), reverse=True):
        if one["end"] <= end:
            words, end = text[one["start"] : one["end"]], one["start"]
            text = text[: one["start"]] + _bracketed(words, one) + text[one["end"] :]
    return text


def _bracketed(words: str, entity: dict[str, Any]) -> str:
    if entity.get("value") == words:
        return f"[{words}]({entity['entity']})"
    named = {"entity": entity["entity"], "value": entity.get("value")}
    return f"[{words}]{json.dumps(named, ensure_ascii=False)}"
