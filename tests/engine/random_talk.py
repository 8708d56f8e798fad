"""Seeded messages of a customer and answers of custom actions, by what a model's domain has."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from rasa.shared.core.domain import Domain

from engine.connector.requests import TurnRequest

VALUES = (None, "Budi", "besok", 3, True, ["a"], {"asked": 2})
LANGUAGES = ("id", "ms", "en")
SYSTEM_SLOTS = frozenset({"requested_slot", "session_started_metadata", "language", "language_chosen"})


class RandomTalk:
    """What a customer may write, and what actions may answer.

    Args:
        conversation: Its id.
        domain: The model's.
        texts: What people write, of any intent.
    """

    def __init__(self, conversation: str, domain: Domain, texts: Sequence[str]) -> None:
        self._conversation = conversation
        self._texts = texts
        self._intents = sorted(set(domain.intents) - {"nlu_fallback", "restart", "back", "session_start"})
        self._entities = sorted(domain.entities)
        self._slots = [slot for slot in domain.slots if slot.name not in SYSTEM_SLOTS]
        self._forms = {form: list(domain.forms[form].get("required_slots") or []) for form in domain.form_names}
        self._responses = sorted(domain.responses)
        self._activating = [name for name in self._intents if name.startswith(("book", "subscribe", "complain"))]

    def message(self, number: int, dice: random.Random) -> TurnRequest:
        """A message: mostly words, sometimes a tapped button, sometimes one that leaves the form."""
        payload = self._payload(dice) if dice.random() < 0.4 else None
        return TurnRequest(
            conversation_id=self._conversation,
            message_id=f"m{number}",
            text=dice.choice(self._texts),
            payload=payload,
            channel="web",
            leaves_form=dice.random() < 0.05,
            language_hint=dice.choice((None, *LANGUAGES)),
        )

    def _payload(self, dice: random.Random) -> str:
        intents = self._activating if self._activating and dice.random() < 0.3 else self._intents
        entities = {dice.choice(self._entities): dice.choice(("Budi", "1", "en"))} if dice.random() < 0.5 else {}
        return f"/{dice.choice(intents)}{json.dumps(entities)}"

    def answer(self, call: dict[str, Any], dice: random.Random) -> dict[str, Any]:
        """What a custom action answers: anything that the SDK lets it."""
        name, tracker = call["next_action"], call["tracker"]
        form = (tracker.get("active_loop") or {}).get("name") or name.removeprefix("validate_")
        if name.startswith("validate_"):
            return self._validated(form, dice)
        events = [self._slot(dice) for _ in range(dice.randrange(3))]
        if dice.random() < 0.1:
            events.append({"event": "followup", "name": dice.choice(["action_listen", *self._forms])})
        if dice.random() < 0.02:
            events.append({"event": "pause"})
        return {"events": events, "responses": [{"response": dice.choice(self._responses)}]}

    def _validated(self, form: str, dice: random.Random) -> dict[str, Any]:
        chance, slots = dice.random(), self._forms.get(form) or ["name"]
        if chance < 0.25:
            return {"rejected": form}
        if chance < 0.35:
            ended = [{"event": "active_loop", "name": None}, {"event": "slot", "name": "requested_slot", "value": None}]
            return {"events": ended, "responses": [{"response": dice.choice(self._responses)}]}
        filled = [{"event": "slot", "name": name, "value": dice.choice(VALUES)} for name in dice.sample(slots, 1)]
        asked = {"event": "slot", "name": "requested_slot", "value": dice.choice([None, *slots])}
        return {"events": [*filled, asked], "responses": [{"response": dice.choice(self._responses)}]}

    def _slot(self, dice: random.Random) -> dict[str, Any]:
        slot = dice.choice(self._slots)
        return {"event": "slot", "name": slot.name, "value": dice.choice([*VALUES, slot.initial_value])}
