"""Typed readers of what the dialogue remembers. Raw ``get_slot`` is not used anywhere else."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from ramah.booking.conversation import Outcome
from ramah.booking.facts import STEPS
from ramah.booking.heard import Heard, Tap
from ramah.booking.interruptions import ENQUIRIES

LANGUAGES = ("id", "ms", "en")
REQUESTED_SLOT = "requested_slot"
NOT_ASKED = "-"
CLOSED_CLASS = ("field", "kind", "plan", "place")


def language(tracker: Tracker) -> str | None:
    """The language that the conversation settled on, or None."""
    value = tracker.get_slot("language")
    return value if value in LANGUAGES else None


def draft_id(tracker: Tracker) -> str | None:
    """The draft that the form works on."""
    value = tracker.get_slot("draft_id")
    return str(value) if value else None


def expected_step(tracker: Tracker) -> str | None:
    """The step that was last asked."""
    value = tracker.get_slot(REQUESTED_SLOT)
    return str(value) if value else None


def kept(tracker: Tracker, name: str) -> str | None:
    """A fact that a form keeps in the slot of this name."""
    value = tracker.get_slot(name)
    return str(value) if value else None


def memory(tracker: Tracker, name: str) -> dict[str, Any]:
    """What a form remembers beside its facts, in the slot of this name."""
    value = tracker.get_slot(name)
    return dict(value) if isinstance(value, dict) else {}


def heard(tracker: Tracker) -> Heard:
    """The last message as the booking reads it."""
    message = tracker.latest_message or {}
    entities = _entities(message)
    text, intent = str(message.get("text") or ""), str((message.get("intent") or {}).get("name") or "inform")
    if intent == "affirm" and "unheard" in _metadata(message):
        # What it would agree to was never shown: it waited for a person's approval. So it is asked again.
        intent = "inform"
    return Heard(
        # A tapped button's payload is no language; dates and codes in it are not what somebody said. Only the service
        # of an offer's button is meant to be read: the catalogue knows services by their code too.
        text=entities.get("service", "") if text.startswith(f"/{intent}") else text,
        intent=intent,
        entities={name: entities[name] for name in CLOSED_CLASS if name in entities},
        tap=_tap(message, entities),
        message=message_id(tracker),
        replied_to=_metadata(message).get("replied_turn"),
        file=entities.get("file") if intent == "send_place" else None,
        enquired=_enquired(tracker),
    )


def _enquired(tracker: Tracker) -> str:
    """The customer's message before this one, where it asked about services or prices; else nothing."""
    said = [event for event in tracker.events if event.get("event") == "user"]
    before = said[-2].get("parse_data") or {} if len(said) > 1 else {}
    asked = (before.get("intent") or {}).get("name") in ENQUIRIES
    return str(before.get("text") or "") if asked else ""


def message_id(tracker: Tracker) -> str | None:
    """The platform's id of the last message."""
    value = (tracker.latest_message or {}).get("message_id")
    return str(value) if value else None


def last_said(tracker: Tracker) -> str | None:
    """The name of the response that was said last before the customer's message."""
    events = list(tracker.events)
    for event in reversed(events):
        if event.get("event") == "bot":
            return str((event.get("metadata") or {}).get("utter_action") or "") or None
    return None


def entity(tracker: Tracker, name: str) -> str | None:
    """The last value of an entity in the last message."""
    return _entities(tracker.latest_message or {}).get(name)


def message_number(tracker: Tracker) -> int | None:
    """The number of the inbound message that a file or place came in: as the payload names it, else this message's."""
    message = tracker.latest_message or {}
    named = _entities(message).get("file") or str(message.get("message_id") or "")
    return int(named) if named.isdecimal() else None


def active_form(tracker: Tracker) -> str | None:
    """The form that goes on, or None."""
    name = (tracker.active_loop or {}).get("name")
    return str(name) if name else None


def text(tracker: Tracker) -> str:
    """The last message as typed."""
    return str((tracker.latest_message or {}).get("text") or "")


def view_events(outcome: Outcome) -> list[EventType]:
    """The dialogue's view of a draft: every step's slot, the draft, and the step to ask.

    After an answer to a question in between, Rasa asks the first required slot that is empty; steps that do
    not apply therefore hold a mark.
    """
    facts = outcome.draft.facts
    events: list[EventType] = [SlotSet("draft_id", outcome.draft.id)]
    events += [SlotSet(name, facts.get(name) or (NOT_ASKED if name in outcome.not_asked else None)) for name in STEPS]
    return [*events, SlotSet(REQUESTED_SLOT, outcome.step)]


def cleared_events() -> list[EventType]:
    """Forget the draft, for the next booking."""
    return [SlotSet("draft_id", None), *(SlotSet(name, None) for name in STEPS)]


def _entities(message: dict[str, Any]) -> dict[str, str]:
    found = message.get("entities") or []
    return {str(item["entity"]): str(item["value"]) for item in found if item.get("value") is not None}


def _tap(message: dict[str, Any], entities: dict[str, str]) -> Tap | None:
    if (message.get("intent") or {}).get("name") != "choose":
        return None
    return Tap(
        entities.get("draft", ""), entities.get("step", ""), entities.get("value", ""), entities.get("nonce", "")
    )


def _metadata(message: dict[str, Any]) -> dict[str, Any]:
    found = message.get("metadata")
    return found if isinstance(found, dict) else {}
