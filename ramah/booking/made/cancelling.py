"""A turn of calling a booking off: which one, why if they like to say, and the customer's yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ramah.booking.context import BookingContext, Place
from ramah.booking.facts import SUBSCRIPTION
from ramah.booking.heard import Notice
from ramah.booking.made.answers import reason_in, wants_it_off, wants_to_keep, whole_reason
from ramah.booking.made.picking import Desk, Picked, may_choose, nothing_to_change, open_desk, pick, refuse, remember
from ramah.booking.made.said import CHOOSE, CHOOSE_BOOKING, CHOOSE_CHANGE, ELSEWHERE, Said, Turn, counted, ended
from ramah.booking.made.telling import words_of
from ramah.integrations.erp.port import BookingSummary

BOOKING, CONFIRMATION = "cancelled_booking", "cancellation_confirmation"
CANCELLATION_STEPS = (BOOKING, CONFIRMATION)
YES, KEEP = "yes", "keep"


def take_in_cancellation(
    place: Place, said: Said, expected: str | None, facts: Mapping[str, str], memory: Mapping[str, Any]
) -> Turn:
    """Take in one message while a booking is being called off. ``expected`` is the step last asked, None at the
    start."""
    if expected is None or (said.intent == "cancel_booking" and said.is_tap):
        expected, facts, memory = None, {}, {}
    desk = open_desk(place, "booking:cancel", memory)
    if expected and said.intent == "reschedule":
        return Turn(facts, expected, memory=memory, interrupted=True)
    if desk is None:
        return ended(Notice("utter_bookings_unreachable"), handover="cancel_booking")
    if expected is None and said.kind == SUBSCRIPTION:
        return _subscription()
    if not facts.get(BOOKING) and not may_choose(said, desk):
        return nothing_to_change(desk)
    if said.intent == CHOOSE or (said.intent == CHOOSE_CHANGE and not _fits(said, facts)):
        return Turn(facts, expected, (Notice("utter_change_button_gone"),), memory)
    if expected == CONFIRMATION and said.intent != CHOOSE_BOOKING:
        return _at_confirmation(said, facts, memory, desk)
    return _with_booking(said, expected, facts, memory, desk)


def _fits(said: Said, facts: Mapping[str, str]) -> bool:
    return said.is_tap and said.step == CONFIRMATION and facts.get(BOOKING, "").endswith(said.booking or "-")


def _subscription() -> Turn:
    """A standing order has bills behind it; a person ends it."""
    return ended(Notice("utter_cancel_subscription_by_person"), handover="cancel_subscription")


def _with_booking(
    said: Said, expected: str | None, facts: Mapping[str, str], memory: Mapping[str, Any], desk: Desk
) -> Turn:
    picked = pick(said, None, desk)
    if picked.booking is None:
        return _without_booking(said, expected, facts, memory, picked)
    if refusal := refuse(picked.booking, desk.context):
        return refusal
    if picked.booking.kind == SUBSCRIPTION:
        return _subscription()
    reason = memory.get("reason") or (None if said.is_tap else reason_in(said.text))
    kept = remember({**memory, "reason": reason}, picked.booking)
    return Turn(
        {BOOKING: picked.booking.booking_id},
        CONFIRMATION,
        memory=counted(kept, expected, CONFIRMATION, progress=True),
    )


def _without_booking(
    said: Said, expected: str | None, facts: Mapping[str, str], memory: Mapping[str, Any], picked: Picked
) -> Turn:
    if expected and (said.intent == "cancel" or wants_to_keep(said)):
        return ended(Notice("utter_change_left"))
    if expected and said.intent in ELSEWHERE and not picked.named.was_named:
        return Turn(facts, expected, memory=memory, interrupted=True)
    offered = [one.booking_id for one in picked.named.fitting] if picked.named.was_named else None
    reason = memory.get("reason") or reason_in(said.text)
    kept = counted({**memory, "offered": offered, "reason": reason}, expected, BOOKING, progress=bool(picked.notices))
    return Turn(facts, BOOKING, picked.notices, kept)


def _at_confirmation(said: Said, facts: Mapping[str, str], memory: Mapping[str, Any], desk: Desk) -> Turn:
    booking = next((one for one in desk.owned.bookings if one.booking_id == facts.get(BOOKING)), None)
    if booking is None:
        return ended(Notice("utter_change_button_gone"))
    if refusal := refuse(booking, desk.context):
        return refusal
    if said.is_tap and said.intent == CHOOSE_CHANGE:
        return _confirmed(facts, memory) if said.value == YES else _kept(booking, desk.context)
    if wants_it_off(said):
        return _confirmed(facts, {**memory, "reason": reason_in(said.text) or memory.get("reason")})
    if wants_to_keep(said) or said.intent in ("go_back", "start_over"):
        return _kept(booking, desk.context)
    if said.intent in ELSEWHERE:
        return Turn(facts, CONFIRMATION, memory=memory, interrupted=True)
    return _asked_again(said, facts, memory)


def _asked_again(said: Said, facts: Mapping[str, str], memory: Mapping[str, Any]) -> Turn:
    """Neither yes nor no: a reason is kept, then the question stands as before."""
    reason = reason_in(said.text) or whole_reason(said)
    if reason is None or memory.get("reason"):
        return Turn(facts, CONFIRMATION, memory=counted(memory, CONFIRMATION, CONFIRMATION, progress=False))
    notice = Notice("utter_reason_noted", {"reason": reason})
    return Turn(facts, CONFIRMATION, (notice,), {**memory, "reason": reason, "tries": 0})


def _confirmed(facts: Mapping[str, str], memory: Mapping[str, Any]) -> Turn:
    return Turn({**facts, CONFIRMATION: YES}, None, memory=memory)


def _kept(booking: BookingSummary, context: BookingContext) -> Turn:
    return ended(Notice("utter_cancellation_kept", words_of(booking, context)))
