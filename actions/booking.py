"""The booking skill: the form's validation, its questions, and what happens at its end."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.wiring import place_of
from ramah.booking.conversation import Outcome, question_for, take_in
from ramah.booking.drafts import step_back
from ramah.booking.facts import STEPS
from ramah.booking.questions import Question
from ramah.booking.submission import Submission, Submitted, submit
from ramah.booking.unfinished import Unfinished, unfinished

Domain = dict[str, Any]
OFFER = "utter_offer_parked"


class ValidateBookingForm(Action):  # type: ignore[misc]  # the SDK is untyped
    """Takes in each message while the form is active; the facts live in the draft, slots are a view."""

    def name(self) -> str:
        """The name that Rasa derives from the form's."""
        return "validate_booking_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Read the message, say what must be said, set the next step."""
        outcome = await asyncio.to_thread(self._take_in, tracker)
        if outcome.interrupted:
            # Rasa lets a rule answer when the form's validation sets no slot; then the form goes on.
            return []
        for notice in outcome.notices:
            dispatcher.utter_message(response=notice.response, **{**_tags(outcome), **notice.variables})
        return slots.view_events(outcome)

    def _take_in(self, tracker: Tracker) -> Outcome:
        expected, draft = slots.expected_step(tracker), slots.draft_id(tracker)
        return take_in(place_of(tracker), slots.heard(tracker), expected, draft)


def _tags(outcome: Outcome) -> dict[str, str]:
    return {"draft": outcome.draft.tag, "nonce": str(outcome.draft.round)}


class AskStep(Action, ABC):  # type: ignore[misc]  # the SDK is untyped
    """Asks for one step of the form. Subclasses name the step."""

    @property
    @abstractmethod
    def step(self) -> str:
        """The step that is asked for."""

    def name(self) -> str:
        """The name that Rasa looks for when the form requests this slot."""
        return f"action_ask_booking_form_{self.step}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Utter the question with the choices that come from data."""
        question = await asyncio.to_thread(self._question, tracker)
        for response in question.before:
            dispatcher.utter_message(response=response, **question.variables)
        dispatcher.utter_message(
            response=question.response,
            buttons=[choice.model_dump(exclude_none=True) for choice in question.choices],
            **question.variables,
        )
        return []

    def _question(self, tracker: Tracker) -> Question:
        return question_for(place_of(tracker), self.step, slots.draft_id(tracker))


def _class_name(step: str) -> str:
    return "Ask" + "".join(word.capitalize() for word in step.split("_"))


# One action a step, as Rasa wants it; the SDK finds them as subclasses of Action in this module.
ASK_ACTIONS = tuple(type(_class_name(step), (AskStep,), {"step": step, "__module__": __name__}) for step in STEPS)


class SubmitBooking(Action):  # type: ignore[misc]  # the SDK is untyped
    """The form is complete: book, say how it went, and offer to go on with what waits."""

    RESPONSES = {  # noqa: RUF012 - a constant of the class
        Submitted.PENDING: "utter_booking_pending",
        Submitted.DROPPED: "utter_draft_dropped",
        Submitted.FAILED: "utter_booking_failed",
        Submitted.INCOMPLETE: "utter_missing_details",
        Submitted.NOTHING: "utter_nothing_to_cancel",
        Submitted.TAKEN: "utter_slot_just_taken",
    }

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_submit_booking"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Book once; a time taken meanwhile is asked again, and so is what is missing."""
        submission = await asyncio.to_thread(lambda: submit(place_of(tracker), slots.draft_id(tracker)))
        dispatcher.utter_message(response=self._response(submission), **submission.variables)
        if submission.result is Submitted.FAILED:
            dispatcher.utter_message(json_message={"handover": {"reason": "booking_failed"}})
        if submission.result in (Submitted.TAKEN, Submitted.INCOMPLETE):
            cleared: list[EventType] = [SlotSet("appointment_time", None), SlotSet("confirmation", None)]
            return [*cleared, FollowupAction("booking_form")]
        if submission.result is not Submitted.FAILED:
            offer_parked(dispatcher, await asyncio.to_thread(lambda: unfinished(place_of(tracker))))
        return slots.cleared_events()

    def _response(self, submission: Submission) -> str:
        if submission.result is Submitted.CONFIRMED:
            return "utter_subscription_confirmed" if submission.kind == "subscription" else "utter_booking_confirmed"
        return self.RESPONSES[submission.result]


def offer_parked(dispatcher: CollectingDispatcher, waiting: Unfinished) -> None:
    """Say which bookings still wait, with a button for each."""
    if waiting.count:
        buttons = [choice.model_dump(exclude_none=True) for choice in waiting.choices]
        dispatcher.utter_message(response=OFFER, label=waiting.names, buttons=buttons)


class GoBack(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer wants to answer the last question again."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_go_back"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Forget the latest answer; the form asks for it again."""
        forgotten = await asyncio.to_thread(self._step_back, tracker)
        dispatcher.utter_message(response="utter_went_back")
        return [SlotSet(name, None) for name in forgotten if name in STEPS]

    def _step_back(self, tracker: Tracker) -> tuple[str, ...]:
        place = place_of(tracker)
        return step_back(place.database, place.organisation_id, place.conversation_id, slots.message_id(tracker))
