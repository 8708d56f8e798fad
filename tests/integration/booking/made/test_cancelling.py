"""Calling a booking off: only on a clear yes to the named booking, with a reason if they like, once."""

from __future__ import annotations

from datetime import datetime

import pytest

from ramah.booking.made.changes import Changed
from ramah.integrations.erp.document import BookingDocument
from ramah.integrations.erp.port import BookingStatus
from tests.integration.booking.made.conftest import JAKARTA, TOMORROW_TEN
from tests.integration.booking.made.owner import Owner, book


def statuses(budi: Owner) -> list[BookingStatus]:
    return [one.status for one in budi.in_erp()]


@pytest.fixture
def asked(budi: Owner, tomorrow: BookingDocument) -> Owner:
    """Budi, asked whether tomorrow's booking shall really be called off."""
    budi.calls_off().says("batalkan booking saya", "cancel_booking")
    assert budi.turn.step == "cancellation_confirmation"
    return budi


def test_it_asks_with_the_booking_named_before_anything_happens(asked: Owner, tomorrow: BookingDocument) -> None:
    question = asked.question()
    assert question.response == "utter_ask_cancellation_confirmation"
    assert question.variables["reference"] == tomorrow.reference
    assert question.variables["date"] == "Selasa, 24 November 2026"
    assert statuses(asked) == [BookingStatus.BOOKED]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ya", "affirm"),
        ("batalkan saja", "cancel"),
        ("iya batal aja", "cancel"),
        ("cancel it", "cancel_booking"),
        ("ya, dibatalkan", "inform"),
        ("yes please cancel", "affirm"),
    ],
)
def test_a_clear_yes_calls_it_off(asked: Owner, text: str, intent: str) -> None:
    assert asked.says(text, intent).step is None
    assert asked.submits().result is Changed.CANCELLED
    assert statuses(asked) == [BookingStatus.CANCELLED]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("tidak", "deny"),
        ("ga jadi", "cancel"),
        ("gak jadi batal", "cancel"),
        ("jangan dibatalkan", "cancel_booking"),
        ("tak jadi", "cancel"),
        ("never mind", "cancel"),
        ("no, keep it", "deny"),
        ("don't cancel", "cancel"),
        ("tak payah batalkan", "cancel_booking"),
    ],
)
def test_everything_like_a_no_keeps_it(asked: Owner, text: str, intent: str) -> None:
    assert asked.says(text, intent).step is None
    assert asked.notices == ["utter_cancellation_kept"]
    assert asked.submits().result is Changed.NOTHING
    assert statuses(asked) == [BookingStatus.BOOKED]


@pytest.mark.parametrize("text", ["hmm", "ok nanti saya pikir", "kalau hujan gimana?"])
def test_what_is_neither_asks_again(asked: Owner, text: str) -> None:
    assert asked.says(text).step == "cancellation_confirmation"
    assert statuses(asked) == [BookingStatus.BOOKED]


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([("ya, karena mobilnya dijual", "affirm")], "mobilnya dijual"),
        ([("mobilnya masuk bengkel", "inform"), ("ya", "affirm")], "mobilnya masuk bengkel"),
        ([("sebab hujan", "inform"), ("ya", "affirm")], "hujan"),
        ([("ya", "affirm")], None),
    ],
)
def test_a_reason_is_kept_in_their_own_words(asked: Owner, messages: list[tuple[str, str]], reason: str | None) -> None:
    for text, intent in messages:
        asked.says(text, intent)
    assert asked.submits().result is Changed.CANCELLED
    assert [one.status_note for one in asked.in_erp()] == [reason]


def test_a_reason_said_at_first_is_kept(budi: Owner, tomorrow: BookingDocument) -> None:
    budi.calls_off().says("batalin booking saya karena ada acara", "cancel_booking")
    budi.says("ya", "affirm")
    budi.submits()
    assert [one.status_note for one in budi.in_erp()] == ["ada acara"]


@pytest.mark.parametrize("words", ["batalkan booking saya yang besok", "cancel yang avanza", "yang jam 10 batalin"])
def test_of_several_the_named_one_is_called_off(
    budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument, words: str
) -> None:
    assert budi.calls_off().says(words, "cancel_booking").step == "cancellation_confirmation"
    budi.says("ya", "affirm")
    budi.submits()
    by_id = {one.booking_id: one.status for one in budi.in_erp()}
    assert by_id == {tomorrow.booking_id: BookingStatus.CANCELLED, saturday.booking_id: BookingStatus.BOOKED}


def test_of_several_one_is_chosen(budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument) -> None:
    assert budi.calls_off().says("mau batalin booking", "cancel_booking").step == "cancelled_booking"
    assert len(budi.question().choices) == 2
    assert budi.taps(saturday.booking_id).step == "cancellation_confirmation"
    assert budi.taps(saturday.booking_id, "cancellation_confirmation", "yes").step is None
    assert budi.submits().variables["reference"] == saturday.reference


def test_another_booking_may_be_chosen_at_the_question(
    budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument
) -> None:
    budi.calls_off().says("batalkan yang besok", "cancel_booking")
    budi.taps(saturday.booking_id)
    assert budi.question().variables["reference"] == saturday.reference


def test_the_yes_for_another_booking_does_not_count(
    budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument
) -> None:
    budi.calls_off().says("batalkan yang besok", "cancel_booking")
    turn = budi.taps(saturday.booking_id, "cancellation_confirmation", "yes")
    assert (turn.step, budi.notices) == ("cancellation_confirmation", ["utter_change_button_gone"])


def test_submitting_twice_calls_off_once(asked: Owner) -> None:
    asked.says("ya", "affirm")
    assert [asked.submits().result, asked.submits().result] == [Changed.CANCELLED, Changed.CANCELLED]
    assert len(asked.wishes()) == 1


def test_calling_off_again_says_that_it_is(asked: Owner, tomorrow: BookingDocument) -> None:
    asked.says("ya", "affirm")
    asked.submits()
    assert asked.calls_off().says("batalkan booking saya", "cancel_booking").step is None
    assert asked.notices == ["utter_no_upcoming_bookings"]
    asked.calls_off().taps(tomorrow.booking_id, intent="cancel_booking")
    assert asked.notices == ["utter_already_cancelled"]


def test_moving_may_be_chosen_instead(asked: Owner, tomorrow: BookingDocument) -> None:
    assert asked.says("pindah aja ke kamis", "reschedule").interrupted
    assert asked.moves().taps(tomorrow.booking_id, intent="reschedule").step == "new_date"


def test_a_subscription_is_ended_by_a_person(budi: Owner) -> None:
    turn = budi.calls_off().says("berhenti langganan", "cancel_booking", kind="subscription")
    assert (turn.step, turn.handover) == (None, "cancel_subscription")
    plan = {"code": "monthly", "interval": "month", "interval_count": 1, "start_date": "2026-11-24"}
    book(budi.place, TOMORROW_TEN, kind="subscription", plan=plan)
    turn = budi.calls_off().says("batalkan booking saya", "cancel_booking")
    assert (turn.step, turn.handover) == (None, "cancel_subscription")


def test_too_late_goes_to_a_person(budi: Owner) -> None:
    book(budi.place, datetime(2026, 11, 23, 10, tzinfo=JAKARTA))
    turn = budi.calls_off().says("batalkan booking saya", "cancel_booking")
    assert (turn.step, turn.handover) == (None, "change_too_late")


@pytest.mark.parametrize("intent", ["ask_price", "talk_to_person", "my_bookings", "thanks"])
def test_a_question_in_between_keeps_the_step(asked: Owner, intent: str) -> None:
    assert asked.says("kena denda ga?", intent).interrupted
    assert asked.turn.step == "cancellation_confirmation"
