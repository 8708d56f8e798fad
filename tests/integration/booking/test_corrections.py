"""Corrections change one thing, and ask again for no more than they must."""

from __future__ import annotations

import pytest

from tests.integration.booking.customer import Customer
from tests.integration.booking.pieces import Piece, at_the_summary, tell


def changed(before: dict[str, str], after: dict[str, str]) -> dict[str, str | None]:
    return {name: after.get(name) for name in {*before, *after} if before.get(name) != after.get(name)}


@pytest.mark.parametrize(
    ("text", "entities", "change"),
    [
        ("jam 11 aja deh", {}, {"appointment_time": "11:00"}),
        ("jamnya jadi jam 2 siang", {"field": "time"}, {"appointment_time": "14:00"}),
        ("lusa aja", {}, {"appointment_date": "2026-11-25"}),
        ("ganti layanan jadi full detailing", {"field": "service"}, {"service": "full-detailing"}),
        ("nomornya 0813 9999 8888", {"field": "phone"}, {"phone": "+6281399998888"}),
        ("tahunnya 2020", {"field": "year"}, {"car_year": "2020"}),
        ("platnya B 99 ZZ", {"field": "plate"}, {"car_plate": "B 99 ZZ"}),
        ("namanya Andi", {"field": "name"}, {"first_name": "Andi"}),
        (
            "nama saya Andi Wijaya",
            {"field": "name"},
            {"first_name": "Andi", "last_name": "Wijaya"},
        ),
        ("tiap bulan aja", {"plan": "monthly"}, {"booking_kind": "subscription", "plan": "monthly"}),
        (
            "di outlet Bandung aja",
            {"place": "outlet"},
            {"place": "outlet", "outlet": "BDG", "street": None, "city": None, "postcode": None},
        ),
    ],
)
def test_a_correction_at_the_summary_changes_exactly_what_it_says(
    customer: Customer, text: str, entities: dict[str, str], change: dict[str, str | None]
) -> None:
    before = at_the_summary(customer).facts
    outcome = customer.says(text, "correct", **entities)
    assert changed(before, customer.facts) == change
    assert outcome.step == "confirmation"
    assert customer.notices == ["utter_changed"]


@pytest.mark.parametrize(
    ("text", "field", "step", "asked_again"),
    [
        ("ganti jamnya", "time", "appointment_time", {"appointment_time"}),
        ("ganti tanggal", "date", "appointment_date", {"appointment_date", "appointment_time"}),
        ("namanya salah", "name", "first_name", {"first_name", "last_name"}),
        ("nomornya salah", "phone", "phone", {"phone"}),
        ("ganti layanan", "service", "service", {"service"}),
        ("platnya salah", "plate", "car_plate", {"car_plate"}),
        ("tahunnya salah", "year", "car_year", {"car_year"}),
        ("mobilnya salah", "car", "car_model", {"car_make", "car_model", "car_year", "car_plate", "car_size"}),
        ("alamatnya salah", "address", "street", {"street", "city", "postcode", "outlet"}),
    ],
)
def test_a_thing_named_without_a_value_is_asked_again_and_nothing_else(
    customer: Customer, text: str, field: str, step: str, asked_again: set[str]
) -> None:
    before = at_the_summary(customer).facts
    assert customer.says(text, "correct", field=field).step == step
    assert changed(before, customer.facts) == dict.fromkeys(asked_again)


def test_after_the_new_value_the_summary_is_back(customer: Customer) -> None:
    at_the_summary(customer).says("ganti jamnya", "correct", field="time")
    assert customer.says("jam 11").step == "confirmation"
    assert customer.question().variables["time"] == "11:00"


def test_a_new_car_forgets_the_old_plate_and_year(customer: Customer) -> None:
    at_the_summary(customer)
    assert customer.says("mobilnya Brio", "correct", field="car").step == "car_year"
    assert "car_plate" not in customer.facts
    assert customer.says("2020 B 99 AB").step == "confirmation"
    assert (customer.facts["car_make"], customer.facts["car_model"], customer.facts["car_size"]) == (
        "Honda",
        "Brio",
        "small",
    )


def test_the_price_follows_the_corrected_car(customer: Customer) -> None:
    at_the_summary(customer)
    assert customer.question().variables["price"] == "Rp180.000"
    customer.says("mobilnya Brio 2020 B 99 AB", "correct", field="car")
    assert customer.question().variables["price"] == "Rp150.000"


def test_a_new_street_asks_for_its_town_again(customer: Customer) -> None:
    at_the_summary(customer)
    assert customer.says("Jl. Mawar 7", "correct").step == "city"
    assert customer.says("Jl. Mawar 7 Depok 16412", "correct").step == "confirmation"


def test_a_no_without_more_asks_what_to_change(customer: Customer) -> None:
    before = at_the_summary(customer).facts
    assert customer.says("belum bener", "deny").step == "confirmation"
    assert customer.question().response == "utter_ask_what_to_change"
    assert customer.facts == before


def test_going_back_to_one_time_forgets_the_plan(customer: Customer) -> None:
    at_the_summary(customer).says("tiap bulan aja", "correct", plan="monthly")
    customer.says("sekali aja deh", "correct", kind="one_time")
    assert customer.facts["booking_kind"] == "one_time"
    assert "plan" not in customer.facts
    assert customer.expected == "confirmation"


def test_a_correction_in_the_middle_changes_an_earlier_answer(customer: Customer) -> None:
    tell(customer, Piece("mau cuci premium"), Piece("sekali aja", {"kind": "one_time"}), Piece("Budi Santoso"))
    assert customer.says("eh ganti, full detailing aja", "correct").step == "phone"
    assert customer.facts["service"] == "full-detailing"


def test_a_service_in_passing_changes_nothing(customer: Customer) -> None:
    tell(customer, Piece("mau cuci premium"), Piece("sekali aja", {"kind": "one_time"}))
    customer.says("Budi, kemarin saya cuci interior juga di sini")
    assert customer.facts["service"] == "premium-wash"


def test_a_refused_correction_is_not_called_a_change(customer: Customer) -> None:
    at_the_summary(customer).says("jam 10 malam aja", "correct")
    assert customer.notices == ["utter_closed_then"]
    assert customer.expected == "appointment_time"


def test_a_confirmed_booking_is_never_asked_again(customer: Customer) -> None:
    at_the_summary(customer).says("ya, betul", "affirm")
    assert customer.expected is None
    assert customer.facts["confirmation"] == "yes"


def test_calling_it_off_at_the_summary_books_nothing(customer: Customer) -> None:
    at_the_summary(customer).taps("cancel")
    assert customer.submits().result == "dropped"
    assert customer.row().status == "dropped"
    assert customer.row().document is None


@pytest.mark.parametrize(
    "words", ["no wait its grace brown, the name", "eh bukan, grace brown namanya", "name is grace brown"]
)
def test_a_name_is_put_right_whatever_is_asked(customer: Customer, words: str) -> None:
    tell(customer, Piece("cuci premium", {"kind": "one_time"}), Piece("Andi Brown"))
    assert customer.expected == "phone"
    customer.says(words, "correct", field="name")
    assert (customer.facts["first_name"], customer.facts["last_name"]) == ("Grace", "Brown")
    assert customer.expected == "phone"
