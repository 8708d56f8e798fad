"""The payment skill: bills and their links, slips that are sent, and what is known of them."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.wiring import place_of
from ramah.billing.choices import BillChoice
from ramah.billing.paying import Payment, Shown, show_bills
from ramah.billing.proofs import Received, Reception, ask_about_file, choose_bill, standing, take_slip
from ramah.settings import settings

Domain = dict[str, Any]
AWAITS_PROOF = "awaits_proof"
ASKED_FIRST = frozenset({"reschedule_form", "cancellation_form"})
"""Forms in which nobody expects a file: it is asked what it is before it counts as a slip."""
PAYMENTS = {
    Shown.BILL: "utter_pay_bill",
    Shown.SEVERAL: "utter_pay_which_bill",
    Shown.NOTHING: "utter_pay_nothing",
    Shown.NOTHING_BUT_ACCOUNT: "utter_pay_account",
    Shown.GONE: "utter_bill_gone",
}
RECEPTIONS = {
    Received.MATCHED: "utter_proof_received",
    Received.UNMATCHED: "utter_proof_received_unmatched",
    Received.WHICH_BILL: "utter_proof_which_bill",
    Received.CHECKED_ALREADY: "utter_proof_being_checked",
    Received.APPROVED_ALREADY: "utter_proof_done",
    Received.REJECTED_ALREADY: "utter_proof_repeated_rejected",
    Received.NO_BILL: "utter_file_without_bill",
    Received.IS_IT_A_SLIP: "utter_file_is_it_a_slip",
    Received.NOT_A_SLIP: "utter_file_not_used",
    Received.SEND_IT: "utter_proof_send_here",
    Received.GONE: "utter_bill_gone",
}
REPEATED = {
    Received.CHECKED_ALREADY: "utter_proof_repeated",
    Received.APPROVED_ALREADY: "utter_proof_repeated_approved",
}


class Pay(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer wants to pay: their bill with a link, a choice of bills, or where to transfer to."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_pay"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Show the bills; a slip in the same message counts first."""
        answer = await asyncio.to_thread(self._answer, tracker)
        return _say_reception(dispatcher, answer) if isinstance(answer, Reception) else _say_bills(dispatcher, answer)

    def _answer(self, tracker: Tracker) -> Reception | Payment:
        received = _take(tracker, expected=True)
        if received.result is not Received.NOT_A_SLIP:
            return received
        return show_bills(place_of(tracker), settings())


class TakeFile(Action):  # type: ignore[misc]  # the SDK is untyped
    """A picture or document came without words: a slip where a payment is expected."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_take_file"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Take it as a proof, or say what it could be for."""
        expected = slots.kept(tracker, AWAITS_PROOF) is not None
        return _say_reception(dispatcher, await asyncio.to_thread(self._reception, tracker, expected))

    def _reception(self, tracker: Tracker, expected: bool) -> Reception:
        number = slots.message_number(tracker)
        asked = None
        if number is not None and not expected and slots.active_form(tracker) in ASKED_FIRST:
            asked = ask_about_file(place_of(tracker), number)
        return asked or _take(tracker, expected=expected)


class ProofSent(Action):  # type: ignore[misc]  # the SDK is untyped
    """The customer says that they have paid."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_proof_sent"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Take the slip of this message, else say how the last one stands, else ask for it."""
        return _say_reception(dispatcher, await asyncio.to_thread(self._reception, tracker))

    def _reception(self, tracker: Tracker) -> Reception:
        received = _take(tracker, expected=True)
        return standing(place_of(tracker)) if received.result is Received.NOT_A_SLIP else received


class ChooseBill(Action):  # type: ignore[misc]  # the SDK is untyped
    """A button named a bill: to be paid, or as the one that a slip is for."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_choose_bill"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Give the link, or assign the slip. Words without a button are a wish to pay."""
        answer = await asyncio.to_thread(self._answer, tracker)
        return _say_reception(dispatcher, answer) if isinstance(answer, Reception) else _say_bills(dispatcher, answer)

    def _answer(self, tracker: Tracker) -> Reception | Payment:
        bill, proof = slots.entity(tracker, "bill"), slots.entity(tracker, "proof")
        if bill and proof:
            return choose_bill(place_of(tracker), proof, bill)
        return show_bills(place_of(tracker), settings(), bill)


def _take(tracker: Tracker, *, expected: bool) -> Reception:
    number = slots.message_number(tracker)
    if number is None:
        return Reception(Received.NOT_A_SLIP)
    return take_slip(place_of(tracker), number, expected=expected)


def _say_bills(dispatcher: CollectingDispatcher, payment: Payment) -> list[EventType]:
    buttons = _buttons(payment.choices)
    dispatcher.utter_message(response=PAYMENTS[payment.shown], buttons=buttons, **payment.variables)
    return [SlotSet(AWAITS_PROOF, "yes")]


def _say_reception(dispatcher: CollectingDispatcher, received: Reception) -> list[EventType]:
    response = REPEATED.get(received.result) if received.repeated else None
    dispatcher.utter_message(
        response=response or RECEPTIONS[received.result], buttons=_buttons(received.choices), **received.variables
    )
    return [SlotSet(AWAITS_PROOF, "yes" if received.result is Received.SEND_IT else None)]


def _buttons(choices: tuple[BillChoice, ...]) -> list[dict[str, str]]:
    return [choice.model_dump(exclude_none=True) for choice in choices]
