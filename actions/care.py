"""What the stuck doctor asks of the dialogue: go on from what the database knows."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.wiring import place_of
from ramah.care.recovery import Recovery, recover

Domain = dict[str, Any]


class Unstuck(Action):  # type: ignore[misc]  # the SDK is untyped
    """The dialogue lost its way; the platform has already taken it out of any form."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_unstuck"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Say what is noted and let the form ask the right next step, or offer ways on."""
        recovery = await asyncio.to_thread(self._recover, tracker)
        if recovery.outcome is None:
            dispatcher.utter_message(response="utter_unstuck_without_booking")
            return slots.cleared_events()
        response = "utter_unstuck" if recovery.noted else "utter_unstuck_at_the_beginning"
        dispatcher.utter_message(response=response, noted=recovery.noted)
        return [*slots.view_events(recovery.outcome), FollowupAction("booking_form")]

    def _recover(self, tracker: Tracker) -> Recovery:
        return recover(place_of(tracker), slots.draft_id(tracker), slots.message_id(tracker))
