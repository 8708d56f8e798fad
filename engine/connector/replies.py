"""What was understood, done and said in a turn, read from the conversation's events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    SESSION_START_METADATA_SLOT,
)
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from engine.connector.assistant import Assistant
from engine.connector.explaining import explained
from engine.connector.watch import current_watch
from engine.connector.wording import DEFAULT_LANGUAGE, LANGUAGE_SLOT

MESSAGE_ID = "message_id"
RANKING_LENGTH = 3
_BUTTON_KEYS = ("title", "payload", "description")
_SILENT_ACTIONS = {ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, None}


def events_of(events: Iterable[Event], message_id: str) -> list[Event]:
    """The events that belong to a message: those of its turn, or the one that was said under its id.

    Returns:
        An empty list when the message is not in the events.
    """
    found: list[Event] = []
    for event in events:
        if isinstance(event, UserUttered):
            if found:
                break
            if event.message_id == message_id:
                found = [event]
        elif isinstance(event, BotUttered) and event.metadata.get(MESSAGE_ID):
            if event.metadata[MESSAGE_ID] == message_id:
                return [event]
        elif found:
            found.append(event)
    return found


def turn_body(
    events: Sequence[Event], tracker: DialogueStateTracker, assistant: Assistant, repeated: bool
) -> dict[str, Any]:
    """The answer to a turn or to a response that was said."""
    message = next((event for event in events if isinstance(event, UserUttered)), None)
    slots = {name: value for name, value in tracker.current_slot_values().items() if value is not None}
    slots.pop(SESSION_START_METADATA_SLOT, None)
    language = slots.get(LANGUAGE_SLOT) or DEFAULT_LANGUAGE
    return {
        "replies": replies_in(events),
        "understood": _understood(message) if message else None,
        "did": [
            {"action": event.action_name, "policy": event.policy, "confidence": event.confidence}
            for event in events
            if isinstance(event, ActionExecuted) and event.action_name not in _SILENT_ACTIONS
        ],
        "language": language,
        "list_label": assistant.wording.list_label(language),
        "slots": slots,
        "model": assistant.model,
        "repeated": repeated,
        "explained": explained(message, tracker, assistant),
        "spans": current_watch().spans.noted,
    }


def replies_in(events: Iterable[Event]) -> list[dict[str, Any]]:
    """The replies among the events, those without any content left out."""
    replies = [_reply(event) for event in events if isinstance(event, BotUttered)]
    return [reply for reply in replies if any(reply.values())]


def _reply(event: BotUttered) -> dict[str, Any]:
    data: Mapping[str, Any] = event.data
    buttons = [*(data.get("buttons") or []), *(data.get("quick_replies") or [])]
    image = data.get("image")
    attachment = data.get("attachment")
    return {
        "text": event.text or None,
        "buttons": [{key: button[key] for key in _BUTTON_KEYS if button.get(key)} for button in buttons],
        "image": image or None,
        "attachment": attachment if attachment and attachment != image else None,
        "custom": data.get("custom") or None,
    }


def _understood(message: UserUttered) -> dict[str, Any]:
    parsed: Mapping[str, Any] = message.parse_data or {}
    return {
        "text": message.text,
        "intent": _named(parsed.get("intent") or {}),
        "ranking": [_named(intent) for intent in (parsed.get("intent_ranking") or [])[:RANKING_LENGTH]],
        "entities": message.entities,
        "language": parsed.get("language"),
    }


def _named(intent: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": intent.get("name"), "confidence": float(intent.get("confidence") or 0.0)}
