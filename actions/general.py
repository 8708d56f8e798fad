"""Greetings, introductions, language, and what is said when nothing was understood."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import clarifying, slots
from actions.wiring import place_of
from ramah.booking import enquiry
from ramah.booking.conversation import begins_booking
from ramah.mood import MoodLabel, read_mood
from ramah.support.offering import is_moment_for_offers

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
        return [SlotSet("language", chosen), SlotSet("language_chosen", chosen)]


class Fallback(Action):  # type: ignore[misc]  # the SDK is untyped
    """Nothing was understood, or it made no sense here. Says so and offers ways on."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_fallback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Begin a booking when the message tells of one; a late tap is told what it was for; else ask or say so."""
        heard = slots.heard(tracker)
        if heard.tap is not None:
            dispatcher.utter_message(response="utter_button_was_for", step=heard.tap.step.replace("_", " "))
        elif heard.intent in BOOKING_LIKE and await asyncio.to_thread(lambda: begins_booking(place_of(tracker), heard)):
            return [FollowupAction("booking_form")]
        else:
            _ask_or_say_so(dispatcher, tracker)
        return []


class OutOfScope(Action):  # type: ignore[misc]  # the SDK is untyped
    """Something that is none of the business's; or somebody only lets off steam."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_out_of_scope"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Say so, with ways on; to somebody upset apologise and offer a person instead."""
        dispatcher.utter_message(response=_for_the_mood("utter_out_of_scope", tracker))
        return []


class Thanks(Action):  # type: ignore[misc]  # the SDK is untyped
    """Somebody is thankful."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_thanks"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Thank back; somebody cheerful may be told of offers, where there are any."""
        text = slots.text(tracker)
        cheerful = read_mood(text, slots.language(tracker)).label is MoodLabel.JOY
        offers = cheerful and await asyncio.to_thread(lambda: is_moment_for_offers(place_of(tracker), text))
        dispatcher.utter_message(response="utter_thanks_with_offers" if offers else "utter_thanks")
        return []


def _ask_or_say_so(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Two close meanings are asked about, with a button for each; anything else was not understood."""
    close = clarifying.close_meanings(tracker.latest_message or {})
    if close is None:
        dispatcher.utter_message(response=_for_the_mood("utter_did_not_understand", tracker))
        return
    first, second = close
    titles = {"first_title": f"utter_meaning_{first}", "second_title": f"utter_meaning_{second}"}
    dispatcher.utter_message(response="utter_which_of_two", first=first, second=second, **titles)


def _for_the_mood(response: str, tracker: Tracker) -> str:
    """The response itself, or its short and sorry form for somebody upset."""
    return f"{response}_upset" if read_mood(slots.text(tracker), slots.language(tracker)).upset else response
