"""Which steps a booking still needs, in order."""

from __future__ import annotations

import pytest

from ramah.booking.facts import GROUPS, STEPS, Shape, missing_steps, steps_not_asked

CARS = Shape()
HOMES_ONLY = Shape(asks_vehicle=False, outlet=False)
PERSON = {"first_name": "Budi", "last_name": "Santoso", "phone": "+6281234567890"}
CAR = {"car_model": "Avanza", "car_year": "2019", "car_plate": "B 1234 XYZ"}
ADDRESS = {"place": "home", "street": "Jl. Melati 5", "city": "Depok", "postcode": "16415"}
WHEN = {"appointment_date": "2026-11-24", "appointment_time": "10:00"}
WASH = {"service": "premium-wash", "booking_kind": "one_time"}


def test_an_empty_booking_asks_everything_that_applies_in_order() -> None:
    assert missing_steps({}, CARS) == [
        "service",
        "booking_kind",
        "first_name",
        "last_name",
        "phone",
        "car_model",
        "car_year",
        "car_plate",
        "place",
        "appointment_date",
        "appointment_time",
        "confirmation",
    ]


def test_a_plan_is_asked_for_a_subscription_only() -> None:
    assert "plan" in missing_steps({"booking_kind": "subscription"}, CARS)
    assert "plan" not in missing_steps({"booking_kind": "one_time"}, CARS)
    assert "plan" not in missing_steps({}, CARS)


def test_home_service_asks_the_address_and_no_outlet() -> None:
    missing = missing_steps({"place": "home"}, CARS)
    assert [step for step in missing if step in ("outlet", "street", "city", "postcode")] == [
        "street",
        "city",
        "postcode",
    ]


def test_a_visit_to_an_outlet_asks_which_and_no_address() -> None:
    missing = missing_steps({"place": "outlet"}, CARS)
    assert [step for step in missing if step in ("outlet", "street", "city", "postcode")] == ["outlet"]


def test_an_organisation_without_vehicles_asks_for_none() -> None:
    missing = missing_steps({"place": "home"}, HOMES_ONLY)
    assert not [step for step in missing if step.startswith("car_")]
    assert set(steps_not_asked({"place": "home"}, HOMES_ONLY)) == {
        "plan",
        "car_model",
        "car_year",
        "car_plate",
        "outlet",
    }


def test_a_single_name_is_asked_once() -> None:
    assert "last_name" in missing_steps({"first_name": "Suparman"}, CARS)
    assert "last_name" not in missing_steps({"first_name": "Suparman", "last_name": "-"}, CARS)


def test_a_complete_booking_waits_for_the_confirmation_alone() -> None:
    complete = {**WASH, **PERSON, **CAR, **ADDRESS, **WHEN}
    assert missing_steps(complete, CARS) == ["confirmation"]
    assert missing_steps({**complete, "confirmation": "yes"}, CARS) == []


def test_nothing_is_asked_once_it_is_called_off() -> None:
    assert missing_steps({"confirmation": "cancel"}, CARS) == []


def test_a_confirmation_does_not_stand_for_what_is_missing() -> None:
    assert missing_steps({**WASH, **PERSON, **CAR, **ADDRESS, "confirmation": "yes"}, CARS) == [
        "appointment_date",
        "appointment_time",
    ]


@pytest.mark.parametrize("answered", sorted({*WASH, *PERSON, *CAR, *ADDRESS, *WHEN}))
def test_what_is_answered_is_never_asked_and_what_is_not_always_is(answered: str) -> None:
    complete = {**WASH, **PERSON, **CAR, **ADDRESS, **WHEN}
    without = {name: value for name, value in complete.items() if name != answered}
    assert answered not in missing_steps(complete, CARS)
    assert answered in missing_steps(without, CARS)


def test_an_empty_answer_is_no_answer() -> None:
    assert missing_steps({"service": ""}, CARS)[0] == "service"


def test_every_thing_that_people_can_change_is_a_fact_that_is_asked() -> None:
    for name, facts in GROUPS.items():
        assert set(facts) & set(STEPS), name
