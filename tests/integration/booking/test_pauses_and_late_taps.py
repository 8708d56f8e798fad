"""After a pause the form goes on with what it knows; taps that were overtaken ask before they change anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from ramah.store import Database
from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.pieces import Piece, at_the_summary, tell

WASH = (Piece("mau cuci premium"), Piece("sekali aja", {"kind": "one_time"}), Piece("Budi Santoso"))


@pytest.fixture
def person(demo_on_each_backend: Database, clock: time_machine.Traveller) -> Customer:
    """Somebody who has told service and name, on each database."""
    return tell(Door(demo_on_each_backend, clock, "webchat", "kilap-auto").enter("slow", "id"), *WASH)


def test_minutes_change_nothing(person: Customer) -> None:
    assert person.waits(timedelta(minutes=50)).says("081234567890").notices == ()
    assert person.expected == "car_model"


def test_after_an_hour_it_is_summed_up_in_one_line(person: Customer) -> None:
    person.waits(timedelta(hours=2)).says("081234567890")
    assert person.notices == ["utter_resume_summary"]
    assert person.heard[-1].notices[0].variables["line"] == "Cuci Premium"
    assert person.expected == "car_model"


def test_after_an_hour_a_greeting_is_answered_by_the_summary_alone(person: Customer) -> None:
    assert not person.waits(timedelta(hours=2)).says("halo", "greet").interrupted
    assert person.notices == ["utter_resume_summary"]
    assert (person.question().before, person.question().response) == ((), "utter_ask_phone")


def test_after_three_days_a_greeting_is_answered_by_one_question_alone(person: Customer) -> None:
    assert not person.waits(timedelta(days=4)).says("halo", "greet").interrupted
    assert (person.notices, person.question().response) == ([], "utter_ask_after_pause")
    assert person.question().before == ()


def test_a_greeting_without_a_pause_is_greeted_back(person: Customer) -> None:
    assert person.says("halo", "greet").interrupted


def test_after_three_days_it_is_asked_whether_to_go_on_and_nothing_is_lost(person: Customer) -> None:
    person.waits(timedelta(days=4)).says("081234567890")
    assert person.question().response == "utter_ask_after_pause"
    assert person.facts["phone"] == "+6281234567890"
    person.taps("go", "folder")
    assert (person.expected, person.question().response) == ("car_model", "utter_ask_car_model")


def test_a_late_tap_on_an_answered_question_asks_first(person: Customer) -> None:
    before = person.facts
    person.waits(timedelta(days=1)).taps("basic-wash", "service", nonce="0")
    question = person.question()
    assert question.response == "utter_ask_stale_tap"
    assert (question.variables["value"], question.variables["field"]) == ("Cuci Basic", "layanan")
    assert person.facts == before
    person.taps("-", "keep")
    assert (person.facts, person.question().response) == (before, "utter_ask_phone")


@pytest.mark.parametrize("typed", [True, False])
def test_yes_to_a_late_tap_changes_what_it_said(person: Customer, typed: bool) -> None:
    person.taps("basic-wash", "service", nonce="0")
    if typed:
        person.says("iya ganti", "affirm")
    else:
        person.taps("basic-wash", "service", nonce=person.question().variables["stale_nonce"])
    assert (person.facts["service"], person.expected) == ("basic-wash", "phone")


def test_a_double_tap_is_answered_with_the_present_question(customer: Customer) -> None:
    customer.says("mau booking", "book_service")
    nonce = customer.nonce
    assert customer.taps("premium-wash", "service", nonce=nonce).step == "booking_kind"
    assert customer.taps("premium-wash", "service", nonce=nonce).step == "booking_kind"
    assert customer.notices == []
    assert customer.question().response == "utter_ask_booking_kind"


def test_the_yes_of_an_old_summary_confirms_nothing_that_it_did_not_show(customer: Customer) -> None:
    nonce = at_the_summary(customer).nonce
    customer.says("ganti jamnya", "correct", field="time")
    customer.says("jam 11")
    assert customer.taps("yes", "confirmation", nonce=nonce).step == "confirmation"
    assert customer.notices == ["utter_summary_outdated"]
    assert "confirmation" not in customer.facts


def test_a_slip_of_the_tongue_changes_the_car_and_keeps_its_plate(customer: Customer) -> None:
    at_the_summary(customer).says("bukan avanza tapi innova", "correct", field="car")
    assert (customer.facts["car_model"], customer.facts["car_plate"]) == ("Innova", "B 1234 XYZ")
    assert customer.facts["car_size"] == "large"


def test_a_wish_is_kept_word_for_word_and_goes_to_the_erp(customer: Customer) -> None:
    at_the_summary(customer).says("tolong jangan pakai wax", "ask_included")
    assert customer.notices == ["utter_note_kept"]
    customer.taps("yes")
    assert customer.submits().result == "confirmed"
    assert customer.document().notes == "tolong jangan pakai wax"


def test_a_shared_place_leaves_only_the_rest_of_the_address_to_be_asked(person: Customer) -> None:
    tell(person, Piece("081234567890"), Piece("Avanza 2019 B 1234 XYZ"), Piece("di rumah", {"place": "home"}))
    assert person.expected == "street"
    person.shares(-6.3946, 106.8222)
    assert person.notices == ["utter_pin_kept"]
    assert (person.expected, person.facts["city"], person.facts["latitude"]) == ("street", "Depok", "-6.394600")
    assert person.says("Jl. Melati No 5 16415").step == "appointment_date"
