"""What slipped out, what is named beside an answer, and what is meant by "it"."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest

from ramah.booking.availability import zone_of
from ramah.booking.heard import Heard
from ramah.booking.reading import read
from ramah.booking.starts import nearest
from ramah.integrations.erp.port import TakenTime
from tests.unit.booking.desk import Desk, context
from tests.unit.booking.kilap import reading_context

MOST = (
    "mau cuci premium di rumah, nama saya Budi Santoso hp 081234567890 mobil avanza 2019 B 1234 XYZ, "
    "alamat Jl Melati No 5, Jakarta Selatan 12430"
)


def facts(text: str, expected: str, country: Any = "ID", **more: Any) -> dict[str, str]:
    return read(Heard(text=text, **more), expected, reading_context(country)).facts


@pytest.mark.parametrize(
    ("text", "car"),
    [
        ("bukan avanza, xenia eh innova", ("Toyota", "Innova", None)),
        ("xenia 2019 b 1234 xyz eh maksudku avanza", ("Toyota", "Avanza", "B 1234 XYZ")),
        ("myvi, eh silap, saga", ("Proton", "Saga", None)),
        ("a brio, sorry, I mean a jazz 2019", ("Honda", "Jazz", None)),
    ],
)
def test_of_two_cars_the_one_behind_the_slip_is_meant(text: str, car: tuple[str, str, str | None]) -> None:
    found = facts(text, "car_model")
    assert (found["car_make"], found["car_model"], found.get("car_plate")) == car


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("ok macam ni\n12 Jalan Telawi, Kuala Lumpur 59100", "12 Jalan Telawi"),
        ("ok macam ni 12 jln telawi kl 59100", "12 jln telawi"),
        ("ok gini kak jl melati no 5 jaksel 12430", "jl melati no 5"),
    ],
)
def test_what_leads_to_an_address_is_no_part_of_it(text: str, street: str) -> None:
    assert facts(text, "street", "MY" if "telawi" in text.lower() else "ID")["street"] == street


def test_a_form_of_address_is_no_name() -> None:
    assert facts("its dave miller mate", "first_name")["last_name"] == "Miller"
    assert facts("nama akak siti rahmah", "first_name", "MY")["first_name"] == "Siti"


def test_booking_it_means_the_service_that_was_asked_about() -> None:
    asked = "how much is nano coating?"
    assert facts("book it tomorrow", "service", intent="book_service", enquired=asked)["service"] == "nano-coating"
    assert facts("nak yang tu esok", "service", enquired=asked)["service"] == "nano-coating"
    assert "service" not in facts("tomorrow", "appointment_date", enquired=asked)
    assert facts("I want a basic wash", "service", intent="book_service", enquired=asked)["service"] == "basic-wash"


def test_a_correction_to_the_same_date_keeps_it() -> None:
    desk = Desk()
    desk.says(f"{MOST}, besok jam 3 sore", kind="one_time", place="home")
    before = dict(desk.current.facts)
    desk.says("eh salah tanggalnya besok ya", intent="correct", field="date")
    assert desk.current.facts == before and desk.expected == "confirmation"


def test_the_starts_nearest_to_a_wish_are_offered_in_the_order_of_the_day() -> None:
    starts = [datetime(2026, 11, 24, hour, minute, tzinfo=UTC) for hour in range(8, 19) for minute in (0, 30)]
    found = nearest(starts, time(15))
    assert (found[0].time(), found[-1].time(), len(found)) == (time(13, 30), time(16), 6)


def test_a_taken_time_is_answered_with_the_free_ones_about_it() -> None:
    def taken(code: str, day: Any, _: str) -> list[TakenTime]:
        zone = zone_of(next(outlet for outlet in context().outlets if outlet.code == code))
        at = datetime(day.year, day.month, day.day, 15, tzinfo=zone)
        return [TakenTime(booking_id="x", starts_at=at, minutes=90, place="home")] * 9

    desk = Desk(context=replace(context(), taken=taken))
    outcome = desk.says(f"{MOST}, besok jam 3 sore", kind="one_time", place="home")
    assert (outcome.step, [one.response for one in outcome.notices]) == ("appointment_time", ["utter_time_taken"])
    offered = [choice.title for choice in desk.question().choices]
    assert {"13:00", "17:00"} < set(offered) and "15:00" not in offered, offered
