"""Folders: the unfinished bookings from outside the form, and what calls them off or takes them up again."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.booking import OFFER, offer_parked
from actions.wiring import place_of
from ramah.booking.conversation import start_over
from ramah.booking.unfinished import Dropped, LateTap, Pointed, drop, late_tap, unfinished

Domain = dict[str, Any]
FORM = "booking_form"


class DropDraft(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer calls a booking off: the one in hand, the one that is named, or all."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_drop_draft"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Drop it, say so, and offer what is left."""
        dropped = await asyncio.to_thread(self._drop, tracker)
        if dropped.names:
            dispatcher.utter_message(response="utter_draft_dropped")
            offer_parked(dispatcher, dropped.left)
        elif dropped.left.count:
            buttons = [choice.model_dump(exclude_none=True) for choice in dropped.left.choices]
            dispatcher.utter_message(response="utter_drop_which", list=dropped.left.lines, buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_nothing_to_cancel")
        return slots.cleared_events()

    def _drop(self, tracker: Tracker) -> Dropped:
        return drop(place_of(tracker), slots.heard(tracker))


class StartOver(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer wants to begin this booking again; the others wait as they are."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_start_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Put an empty draft in the place of the one in hand; the form then asks."""
        outcome = await asyncio.to_thread(lambda: start_over(place_of(tracker), slots.message_id(tracker)))
        dispatcher.utter_message(response="utter_started_over")
        # The form asks by itself: the step is not set here, or it would be taken for its answer.
        return slots.view_events(outcome)[:-1]


class ListUnfinished(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer asks which bookings are not finished."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_list_unfinished"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """List them, each with a button."""
        waiting = await asyncio.to_thread(lambda: unfinished(place_of(tracker)))
        if not waiting.count:
            dispatcher.utter_message(response="utter_no_unfinished")
            return []
        buttons = [choice.model_dump(exclude_none=True) for choice in waiting.choices]
        dispatcher.utter_message(response="utter_unfinished", list=waiting.lines, buttons=buttons)
        return []


class ReadLateTap(Action):  # type: ignore[misc]  # the SDK is untyped
    """A button is tapped while no form is active."""

    RESPONSES = {  # noqa: RUF012 - a constant of the class
        Pointed.CLOSED: "utter_booking_is_closed",
        Pointed.LATER: "utter_kept_for_later",
        Pointed.UNKNOWN: "utter_button_was_for",
    }

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_late_tap"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Take the booking up again where it is unfinished; else say what the button was for."""
        tapped: LateTap = await asyncio.to_thread(lambda: late_tap(place_of(tracker), slots.heard(tracker)))
        if tapped.pointed is Pointed.OPEN:
            return [FollowupAction(FORM)]
        dispatcher.utter_message(response=self.RESPONSES[tapped.pointed], **tapped.variables)
        return []


class AnswerYes(Action):  # type: ignore[misc]  # the SDK is untyped
    """A yes or no while no form is active: to the offer to go on with a booking, or to nothing that we asked."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer_offer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Go on with the booking that was offered, or leave it."""
        intent = slots.heard(tracker).intent
        if slots.last_said(tracker) != OFFER:
            return [FollowupAction("action_fallback")]
        if intent == "deny":
            dispatcher.utter_message(response="utter_kept_for_later")
            return []
        return [FollowupAction(FORM)]
