"""Bookings that are made: listed, told of, moved and called off."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.wiring import place_of
from ramah.booking.context import Place
from ramah.booking.made import listing
from ramah.booking.made.asking import ask_change
from ramah.booking.made.cancelling import CANCELLATION_STEPS, take_in_cancellation
from ramah.booking.made.changes import Change, Changed, cancel_booking, move_booking
from ramah.booking.made.moving import HOUR, MOVE_STEPS, take_in_move
from ramah.booking.made.said import Said, Turn
from ramah.booking.questions import Question
from ramah.support.ending import open_ending_ticket

Domain = dict[str, Any]
MEMORY = "change_memory"
ENDS_SUBSCRIPTION = "cancel_subscription"
CHANGE_SLOTS = (*MOVE_STEPS, *CANCELLATION_STEPS, MEMORY)
RESPONSES = {
    Changed.MOVED: "utter_moved",
    Changed.CANCELLED: "utter_cancelled",
    Changed.PENDING: "utter_change_pending",
    Changed.TAKEN: "utter_move_just_taken",
    Changed.TOO_LATE: "utter_change_too_late_now",
    Changed.NOT_OPEN: "utter_change_no_longer",
    Changed.FAILED: "utter_change_failed",
}
FOR_A_PERSON = {Changed.TOO_LATE: "change_too_late", Changed.FAILED: "change_failed", Changed.NOT_OPEN: "change_failed"}

TakeIn = Callable[[Place, Said, str | None, Mapping[str, str], Mapping[str, Any]], Turn]
Write = Callable[[Place, Mapping[str, str], Mapping[str, Any]], Change]


def _said(tracker: Tracker) -> Said:
    heard = slots.heard(tracker)
    booking = slots.entity(tracker, "booking")
    return Said(
        text=heard.text,
        intent=heard.intent,
        field=heard.entities.get("field"),
        kind=heard.entities.get("kind"),
        booking=booking,
        step=slots.entity(tracker, "step"),
        value=slots.entity(tracker, "value"),
    )


def _facts(tracker: Tracker, steps: tuple[str, ...]) -> dict[str, str]:
    values = {step: slots.kept(tracker, step) for step in steps}
    return {step: value for step, value in values.items() if value}


def _hand_over(dispatcher: CollectingDispatcher, reason: str) -> None:
    dispatcher.utter_message(json_message={"handover": {"reason": reason}})


def _ending_ticket(tracker: Tracker) -> dict[str, str]:
    heard = slots.heard(tracker)
    words = "" if slots.entity(tracker, "booking") else heard.text
    ticket = open_ending_ticket(place_of(tracker), words, slots.message_number(tracker))
    return {"ticket": ticket.reference}


def _cleared() -> list[EventType]:
    return [SlotSet(name, None) for name in CHANGE_SLOTS]


class _Form:
    """One of the two forms."""

    form = ""
    steps: tuple[str, ...] = ()


class _Moving(_Form):
    form = "reschedule_form"
    steps = MOVE_STEPS


class _CallingOff(_Form):
    form = "cancellation_form"
    steps = CANCELLATION_STEPS


class _Validate(Action, _Form, ABC):  # type: ignore[misc]  # the SDK is untyped
    """Takes in each message while a form is active."""

    @property
    @abstractmethod
    def take_in(self) -> TakeIn:
        """The domain's turn."""

    def name(self) -> str:
        """The name that Rasa derives from the form's."""
        return f"validate_{self.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Read the message, say what must be said, set the next step."""
        turn = await asyncio.to_thread(self._turn, tracker)
        if turn.interrupted:
            # Rasa lets a rule answer when the form's validation sets no slot; then the form goes on.
            return []
        ending = turn.handover == ENDS_SUBSCRIPTION
        known = await asyncio.to_thread(_ending_ticket, tracker) if ending else {}
        for notice in turn.notices:
            dispatcher.utter_message(response=notice.response, **{**notice.variables, **known})
        if turn.handover:
            _hand_over(dispatcher, turn.handover)
        values: list[EventType] = [SlotSet(step, turn.facts.get(step)) for step in self.steps]
        return [*values, SlotSet(MEMORY, dict(turn.memory)), SlotSet(slots.REQUESTED_SLOT, turn.step)]

    def _turn(self, tracker: Tracker) -> Turn:
        asked = slots.expected_step(tracker)
        expected = asked if asked in self.steps else None
        facts, memory = _facts(tracker, self.steps), slots.memory(tracker, MEMORY)
        return self.take_in(place_of(tracker), _said(tracker), expected, facts, memory)


class ValidateRescheduleForm(_Moving, _Validate):
    """A booking is being moved."""

    @property
    def take_in(self) -> TakeIn:
        """A turn of moving."""
        return take_in_move


class ValidateCancellationForm(_CallingOff, _Validate):
    """A booking is being called off."""

    @property
    def take_in(self) -> TakeIn:
        """A turn of calling off."""
        return take_in_cancellation


class _Ask(Action, _Form, ABC):  # type: ignore[misc]  # the SDK is untyped
    """Asks for one step of a form. Subclasses name the step."""

    @property
    @abstractmethod
    def step(self) -> str:
        """The step that is asked for."""

    def name(self) -> str:
        """The name that Rasa looks for when the form requests this slot."""
        return f"action_ask_{self.form}_{self.step}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Utter the question with the choices that come from data."""
        question = await asyncio.to_thread(self._question, tracker)
        for response in question.before:
            dispatcher.utter_message(response=response)
        buttons = [choice.model_dump(exclude_none=True) for choice in question.choices]
        dispatcher.utter_message(response=question.response, buttons=buttons, **question.variables)
        return []

    def _question(self, tracker: Tracker) -> Question:
        return ask_change(place_of(tracker), self.step, _facts(tracker, self.steps), slots.memory(tracker, MEMORY))


def _asks(form: type[_Form]) -> list[type[Action]]:
    """One action a step, as Rasa wants it; the SDK finds them as subclasses of Action in this module."""
    return [type(f"Ask{form.form}{step}", (form, _Ask), {"step": step, "__module__": __name__}) for step in form.steps]


ASK_ACTIONS = (*_asks(_Moving), *_asks(_CallingOff))


class _Submit(Action, _Form, ABC):  # type: ignore[misc]  # the SDK is untyped
    """A form has ended: write the change, where there is one, and say how it went."""

    @property
    @abstractmethod
    def write(self) -> Write:
        """The domain's call."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Write once; a time taken meanwhile is asked again. A booking in the making goes on afterwards."""
        change = await asyncio.to_thread(self._change, tracker)
        if change.result in RESPONSES:
            dispatcher.utter_message(response=RESPONSES[change.result], **change.variables)
        if change.result in FOR_A_PERSON:
            _hand_over(dispatcher, FOR_A_PERSON[change.result])
        if change.result is Changed.TAKEN:
            again: list[EventType] = [SlotSet(HOUR, None), SlotSet("move_confirmation", None)]
            return [*again, FollowupAction(self.form)]
        return [*_cleared(), FollowupAction("booking_form")] if slots.draft_id(tracker) else _cleared()

    def _change(self, tracker: Tracker) -> Change:
        return self.write(place_of(tracker), _facts(tracker, self.steps), slots.memory(tracker, MEMORY))


class SubmitMove(_Moving, _Submit):
    """The end of moving."""

    @property
    def write(self) -> Write:
        """The call of the domain."""
        return move_booking

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_submit_move"


class SubmitCancellation(_CallingOff, _Submit):
    """The end of calling off."""

    @property
    def write(self) -> Write:
        """The call of the domain."""
        return cancel_booking

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_submit_cancellation"


class _Show(Action, ABC):  # type: ignore[misc]  # the SDK is untyped
    """An answer about bookings that are made."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Say it, with the choices that come from data."""
        for reply in await asyncio.to_thread(lambda: self.replies(place_of(tracker), _said(tracker))):
            buttons = [choice.model_dump(exclude_none=True) for choice in reply.choices]
            dispatcher.utter_message(response=reply.notice.response, buttons=buttons, **reply.notice.variables)
        return []

    @abstractmethod
    def replies(self, place: Place, said: Said) -> list[listing.Reply]:
        """What to say."""


class ShowMyBookings(_Show):
    """The customer's bookings."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_show_my_bookings"

    def replies(self, place: Place, said: Said) -> list[listing.Reply]:
        """The list."""
        return listing.my_bookings(place)


class ShowBookingStatus(_Show):
    """How far a booking is."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_show_booking_status"

    def replies(self, place: Place, said: Said) -> list[listing.Reply]:
        """What the ERP says."""
        return listing.status(place, said)


class AnswerLateTap(_Show):
    """A button of a change that is over."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_late_change_tap"

    def replies(self, place: Place, said: Said) -> list[listing.Reply]:
        """Nothing is done; the booking is told as it is."""
        return listing.late_tap(place, said)
