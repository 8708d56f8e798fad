"""Greetings, introductions, language, and what is said when nothing was understood."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.wiring import place_of
from ramah.booking import enquiry
from ramah.booking.conversation import begins_booking

Domain = dict[str, Any]
BOOKING_LIKE = frozenset({"inform", "correct", "nlu_fallback"})


def _words(tracker: Tracker) -> dict[str, str]:
    return enquiry.business_words(place_of(tracker))


class Greet(Action):  # type: ignore[misc]  # the SDK is untyped
    """Greets by name where the name is known."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_greet"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Greet."""
        words = await asyncio.to_thread(_words, tracker)
        response = "utter_greet_known" if words["first_name"] else "utter_greet"
        dispatcher.utter_message(response=response, **words)
        return []


class WhoAmI(Action):  # type: ignore[misc]  # the SDK is untyped
    """Says honestly what the assistant is."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_who_am_i"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Introduce the assistant."""
        words = await asyncio.to_thread(_words, tracker)
        dispatcher.utter_message(response="utter_who_am_i", **words)
        return []


class SetLanguage(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer chooses a language, by button or by word."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_set_language"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Set it when it was named, else offer the three."""
        # What is wanted, in words; a button's payload names it as the language itself.
        chosen = slots.entity(tracker, "wanted_language") or slots.entity(tracker, "language")
        if chosen not in slots.LANGUAGES:
            dispatcher.utter_message(response="utter_ask_language")
            return []
        dispatcher.utter_message(response="utter_language_set", language=chosen)
        return [SlotSet("language", chosen)]


class Fallback(Action):  # type: ignore[misc]  # the SDK is untyped
    """Nothing was understood, or it made no sense here. Says so and offers ways on."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_fallback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Begin a booking when the message tells of one; a late tap is told what it was for; else say so."""
        heard = slots.heard(tracker)
        if heard.tap is not None:
            dispatcher.utter_message(response="utter_button_was_for", step=heard.tap.step.replace("_", " "))
        elif heard.intent in BOOKING_LIKE and await asyncio.to_thread(lambda: begins_booking(place_of(tracker), heard)):
            return [FollowupAction("booking_form")]
        else:
            dispatcher.utter_message(response="utter_did_not_understand")
        return []
