"""Buttons: those of the question on the screen, late ones, and ones that were never offered."""

from __future__ import annotations

import json

import pytest

from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.pieces import Piece, at_the_summary, tell


def payloads(customer: Customer) -> list[dict[str, str]]:
    return [json.loads(choice.payload.removeprefix("/choose")) for choice in customer.question().choices]


def test_every_button_of_a_question_answers_it(customer: Customer) -> None:
    tell(customer, Piece("mau booking"))
    offered = payloads(customer)
    assert len(offered) == 8
    for payload in offered:
        customer.taps(payload["value"], payload["step"], payload["draft"])
        assert customer.facts["service"] == payload["value"]
        assert customer.expected != "service"


def test_dates_and_times_are_offered_and_can_be_tapped(customer: Customer) -> None:
    tell(customer, Piece("cuci premium di outlet Bandung", {"place": "outlet", "kind": "one_time"}))
    tell(customer, Piece("Budi Santoso"), Piece("081234567890"), Piece("Avanza 2019 B 1234 XYZ"))
    assert customer.expected == "appointment_date"
    dates = payloads(customer)
    assert [one["value"] for one in dates] == [f"2026-11-{day}" for day in range(23, 28)]
    customer.taps(dates[1]["value"])
    assert customer.expected == "appointment_time"
    times = payloads(customer)
    assert len(times) == 9
    customer.taps(times[-1]["value"])
    assert customer.expected == "confirmation"
    assert customer.facts["appointment_time"] == "18:00"


def test_only_times_of_the_part_of_the_day_that_was_named_are_offered(customer: Customer) -> None:
    tell(customer, Piece("cuci premium di outlet Bandung besok sore", {"place": "outlet", "kind": "one_time"}))
    tell(customer, Piece("Budi Santoso"), Piece("081234567890"), Piece("Avanza 2019 B 1234 XYZ"))
    assert customer.expected == "appointment_time"
    assert {one["value"] for one in payloads(customer)} <= {"15:00", "16:00", "17:00", "18:00"}


@pytest.mark.parametrize(
    ("thing", "step"),
    [
        ("service", "service"),
        ("kind", "booking_kind"),
        ("name", "first_name"),
        ("phone", "phone"),
        ("car", "car_model"),
        ("plate", "car_plate"),
        ("place", "place"),
        ("address", "street"),
        ("date", "appointment_date"),
        ("time", "appointment_time"),
    ],
)
def test_change_asks_what_and_then_asks_that_again(customer: Customer, thing: str, step: str) -> None:
    at_the_summary(customer).taps("change")
    assert customer.question().response == "utter_ask_what_to_change"
    assert customer.expected == "confirmation"
    assert customer.taps(thing, "change").step == step


@pytest.mark.parametrize(
    ("step", "value"),
    [
        ("service", "moon-wash"),
        ("booking_kind", "monthly"),
        ("booking_kind", ""),
        ("plan", "hourly"),
        ("first_name", "Andi"),
        ("last_name", "<b>x</b>"),
        ("phone", "+6281300000000"),
        ("car_model", "B 9999 ZZZ"),
        ("car_year", "2020"),
        ("car_plate", "B 1 A"),
        ("place", "JKT"),
        ("outlet", "XXX"),
        ("street", "0"),
        ("street", "-1"),
        ("street", "Jl. Baru 1"),
        ("city", "Medan"),
        ("postcode", "00000"),
        ("appointment_date", "2026-99-99"),
        ("appointment_date", "besok"),
        ("appointment_date", "20261124"),
        ("appointment_time", "99:99"),
        ("appointment_time", "10"),
        ("appointment_time", ""),
        ("confirmation", "bogus"),
        ("confirmation", ""),
        ("change", "everything"),
        ("erp_name", "x"),
        ("", ""),
        ("'; DROP TABLE drafts;--", "1"),
    ],
)
def test_a_value_that_was_never_offered_changes_nothing(customer: Customer, step: str, value: str) -> None:
    before = at_the_summary(customer).facts
    outcome = customer.taps(value, step)
    assert customer.facts == before
    assert (outcome.step, customer.notices) == ("confirmation", ["utter_button_was_for"])


def test_a_tap_of_another_draft_changes_nothing(kilap_web: Door) -> None:
    budi, siti = (at_the_summary(kilap_web.enter(who, "id")) for who in ("budi", "siti"))
    before = budi.facts
    assert budi.taps("yes", "confirmation", siti.tag).step == "confirmation"
    assert budi.notices == ["utter_button_was_for"]
    assert budi.facts == before
    assert siti.row().status == "open"


@pytest.mark.parametrize(
    ("step", "value", "change"),
    [
        ("service", "basic-wash", {"service": "basic-wash"}),
        ("booking_kind", "one_time", {}),
        ("plan", "monthly", {"plan": "monthly", "booking_kind": "subscription"}),
        ("outlet", "JKT", {"outlet": "JKT", "place": "outlet"}),
        ("appointment_date", "2026-11-25", {"appointment_date": "2026-11-25"}),
        ("appointment_time", "13:00", {"appointment_time": "13:00"}),
    ],
)
def test_a_late_tap_on_an_earlier_question_corrects_it(
    customer: Customer, step: str, value: str, change: dict[str, str]
) -> None:
    at_the_summary(customer).taps(value, step)
    assert customer.expected == "confirmation"
    assert change.items() <= customer.facts.items()


def test_a_late_tap_on_the_kind_asks_for_the_plan(customer: Customer) -> None:
    assert at_the_summary(customer).taps("subscription", "booking_kind").step == "plan"
    assert [one["value"] for one in payloads(customer)] == ["weekly", "fortnightly", "monthly"]
    assert customer.taps("weekly").step == "confirmation"
    assert customer.question().variables["price"] == "Rp153.000"


def test_a_tap_after_the_booking_changes_nothing(customer: Customer) -> None:
    at_the_summary(customer).taps("yes")
    customer.submits()
    before = customer.row().document
    assert customer.taps("basic-wash", "service").step is None
    assert customer.row().document == before
    assert customer.facts["service"] == "premium-wash"
