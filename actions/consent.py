"""Who wants no promotions and reminders any more, and who wants them again."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.wiring import place_of
from ramah.messaging.consents import start_in_dialogue, stop_in_dialogue

Domain = dict[str, Any]


class OptOut(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer wants to be left alone."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_opt_out"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Record it and confirm it once."""
        changed = await asyncio.to_thread(lambda: stop_in_dialogue(*_message(tracker)))
        dispatcher.utter_message(response="utter_stopped" if changed else "utter_stopped_already")
        return []


class OptIn(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer wants promotions and reminders after all."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_opt_in"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Record it and confirm it once."""
        changed = await asyncio.to_thread(lambda: start_in_dialogue(*_message(tracker)))
        dispatcher.utter_message(response="utter_started_again" if changed else "utter_started_already")
        return []


def _message(tracker: Tracker) -> tuple[Any, str, str, int | None]:
    place = place_of(tracker)
    return place.database, place.organisation_id, place.conversation_id, slots.message_number(tracker)
