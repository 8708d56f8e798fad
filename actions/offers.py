"""The offers skill: what costs less today, with a button that books it."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.wiring import place_of
from ramah.support.offering import answer_offers

Domain = dict[str, Any]


class ShowOffers(Action):  # type: ignore[misc]  # the SDK is untyped
    """Tells today's offers."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_show_offers"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Answer, or say honestly that there is nothing."""
        answer = await asyncio.to_thread(lambda: answer_offers(place_of(tracker), slots.text(tracker)))
        buttons = [choice.model_dump(exclude_none=True) for choice in answer.choices]
        dispatcher.utter_message(response=answer.response, buttons=buttons, **answer.variables)
        return []
