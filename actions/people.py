"""Handing over to a person and coming back."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import slots

Domain = dict[str, Any]
REASONS = frozenset(
    {"talk_to_person", "complaint", "reschedule", "cancel_booking", "service_update", "pay", "ask_offers"}
)


class HandOver(Action):  # type: ignore[misc]  # the SDK is untyped
    """Asks the platform to queue the conversation for a person; the reply before it has said so."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_hand_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Send the control message that the turn obeys when it is written."""
        intent = str(((tracker.latest_message or {}).get("intent") or {}).get("name"))
        reason = intent if intent in REASONS else "asked"
        dispatcher.utter_message(json_message={"handover": {"reason": reason}})
        return []


class BackToAssistant(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer prefers the assistant after all."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_back_to_assistant"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Say that the assistant is here again; a booking that was left for the person goes on."""
        dispatcher.utter_message(response="utter_assistant_back")
        left = slots.draft_id(tracker) is not None and not tracker.active_loop.get("name")
        return [FollowupAction("booking_form")] if left else []
