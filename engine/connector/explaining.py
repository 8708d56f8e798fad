"""Why a turn went as it did: the rules that decided, the wording that was filled, the slots before and after."""

from __future__ import annotations

import json
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from engine.components.normaliser import normalised_words
from engine.connector.assistant import Assistant
from engine.connector.watch import current_watch

LONGEST_VALUE = 500
_UNSEEN = (ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME)


def explained(message: UserUttered | None, tracker: DialogueStateTracker, assistant: Assistant) -> dict[str, Any]:
    """What the running turn's watch saw of the dialogue, beside what was understood and done."""
    watch = current_watch()
    return {
        "normalised": " ".join(normalised_words(message.text)) if message and message.text else None,
        "decisions": [_decision(one, assistant) for one in watch.decisions if one["action"] not in _UNSEEN],
        "responses": watch.responses,
        "slots": _changes(watch.slots_before, tracker.current_slot_values()),
    }


def _decision(decided: dict[str, Any], assistant: Assistant) -> dict[str, Any]:
    """The rule by its name and file, where one decided and the model came with its rules' names."""
    named = {name: value for name, value in decided.items() if name != "key"}
    rule, file = assistant.rules.named(decided["key"])
    return {**named, "rule": rule, "file": file}


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    names = [name for name in after if before.get(name) != after[name] and name != SESSION_START_METADATA_SLOT]
    return {name: {"before": _brief(before.get(name)), "after": _brief(after[name])} for name in names}


def _brief(value: Any) -> Any:
    """The value, or the beginning of a long one."""
    written = json.dumps(value, ensure_ascii=False, default=str)
    return value if len(written) <= LONGEST_VALUE else written[:LONGEST_VALUE] + "…"
