"""The complaint skill: what happened becomes a ticket at once, and a person gets it with what was asked beside it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.wiring import place_of
from ramah.booking.questions import Question
from ramah.support import complaining
from ramah.support.asking import ask_complaint

Domain = dict[str, Any]
TICKET, MEMORY = "complaint_ticket", "complaint_memory"
BEGINNING = "action_take_complaint"
HAND_OVER = {"handover": {"reason": "complaint"}}


def _said(tracker: Tracker) -> complaining.Said:
    heard = slots.heard(tracker)
    return complaining.Said(
        text=heard.text,
        intent=heard.intent,
        message=_number((tracker.latest_message or {}).get("message_id")),
        file=_number(slots.entity(tracker, "file")),
        ticket=slots.entity(tracker, "ticket"),
        step=slots.entity(tracker, "step"),
        value=slots.entity(tracker, "value"),
    )


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < len(str(2**63)) else None


def _answers(tracker: Tracker) -> dict[str, str]:
    values = {step: slots.kept(tracker, step) for step in complaining.STEPS}
    return {step: value for step, value in values.items() if value}


def _events(turn: complaining.Turn) -> list[EventType]:
    """The dialogue's view of a complaint, and the step to ask."""
    events: list[EventType] = [SlotSet(TICKET, turn.ticket), SlotSet(MEMORY, dict(turn.memory))]
    events += [SlotSet(step, turn.answers.get(step)) for step in complaining.STEPS]
    return [*events, SlotSet(slots.REQUESTED_SLOT, turn.step)]


def _cleared() -> list[EventType]:
    return [SlotSet(name, None) for name in (TICKET, MEMORY, *complaining.STEPS)]


class TakeComplaint(Action):  # type: ignore[misc]  # the SDK is untyped
    """A complaint begins: its first message is usually the whole of it."""

    def name(self) -> str:
        """The action's name in the domain."""
        return BEGINNING

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Write the ticket; the form then asks what the words left open, if anything."""
        turn = await asyncio.to_thread(lambda: complaining.begin(place_of(tracker), _said(tracker)))
        for notice in turn.notices:
            dispatcher.utter_message(response=notice.response, **notice.variables)
        return _events(turn)


class ValidateComplaintForm(Action):  # type: ignore[misc]  # the SDK is untyped
    """Takes in each message while the complaint is open."""

    def name(self) -> str:
        """The name that Rasa derives from the form's."""
        return "validate_complaint_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Read the message, unless it is the first one, which was read already."""
        answers = _answers(tracker)
        if tracker.latest_action_name == BEGINNING:
            return [SlotSet(slots.REQUESTED_SLOT, next((s for s in complaining.STEPS if s not in answers), None))]
        turn = await asyncio.to_thread(self._take_in, tracker, answers)
        if turn.interrupted:
            # Rasa lets a rule answer when the form's validation sets no slot; then the form goes on.
            return []
        for notice in turn.notices:
            dispatcher.utter_message(response=notice.response, **notice.variables)
        return _events(turn)

    def _take_in(self, tracker: Tracker, answers: Mapping[str, str]) -> complaining.Turn:
        ticket, memory = slots.kept(tracker, TICKET), slots.memory(tracker, MEMORY)
        return complaining.take_in(
            place_of(tracker), _said(tracker), slots.expected_step(tracker), ticket, answers, memory
        )


class AskComplaint(Action, ABC):  # type: ignore[misc]  # the SDK is untyped
    """Asks for one step of the form. Subclasses name the step."""

    @property
    @abstractmethod
    def step(self) -> str:
        """The step that is asked for."""

    def name(self) -> str:
        """The name that Rasa looks for when the form requests this slot."""
        return f"action_ask_complaint_form_{self.step}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Utter the question with the choices that come from data."""
        question = await asyncio.to_thread(self._question, tracker)
        buttons = [choice.model_dump(exclude_none=True) for choice in question.choices]
        dispatcher.utter_message(response=question.response, buttons=buttons, **question.variables)
        return []

    def _question(self, tracker: Tracker) -> Question:
        return ask_complaint(place_of(tracker), self.step, slots.kept(tracker, TICKET), slots.memory(tracker, MEMORY))


# One action a step, as Rasa wants it; the SDK finds them as subclasses of Action in this module.
ASK_ACTIONS = tuple(
    type(f"Ask{step}", (AskComplaint,), {"step": step, "__module__": __name__}) for step in complaining.STEPS
)


class PassOnComplaint(Action):  # type: ignore[misc]  # the SDK is untyped
    """The complaint goes to a person: at its end, or because the customer asks for one."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_pass_on_complaint"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Say the ticket's number, and ask for a person."""
        ticket = slots.kept(tracker, TICKET)
        if ticket is None:
            dispatcher.utter_message(response="utter_handing_over")
        else:
            dispatcher.utter_message(response="utter_complaint_passed_on", ticket=ticket)
        dispatcher.utter_message(json_message=HAND_OVER)
        return _cleared()


class WithdrawComplaint(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer takes the complaint back."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_withdraw_complaint"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Settle the ticket, with a way back. A booking in the making goes on afterwards."""
        ticket = slots.kept(tracker, TICKET)
        withdrawn = await asyncio.to_thread(lambda: complaining.withdraw(place_of(tracker), ticket))
        response = "utter_complaint_withdrawn" if withdrawn else "utter_complaint_dropped"
        dispatcher.utter_message(response=response, ticket=ticket)
        return [*_cleared(), FollowupAction("booking_form")] if slots.draft_id(tracker) else _cleared()


class KeepComplaint(Action):  # type: ignore[misc]  # the SDK is untyped
    """A tap on a question of a complaint that is finished."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_keep_complaint"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Keep the answer; a complaint that was taken back goes to a person after all."""
        late = await asyncio.to_thread(lambda: complaining.tapped_late(place_of(tracker), _said(tracker)))
        if late.ticket is None:
            dispatcher.utter_message(response="utter_did_not_understand")
        elif late.reopened:
            dispatcher.utter_message(response="utter_complaint_passed_on", ticket=late.ticket.reference)
            dispatcher.utter_message(json_message=HAND_OVER)
        else:
            dispatcher.utter_message(response="utter_complaint_added", ticket=late.ticket.reference)
        return []
