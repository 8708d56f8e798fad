"""What cannot be: dates passed, closed, full or too far, towns out of reach, services not at home."""

from __future__ import annotations

import json

import pytest

from ramah.booking.context import Place
from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.pieces import Piece, booked, tell

BANDUNG = (
    Piece("cuci premium di outlet Bandung", {"place": "outlet", "kind": "one_time"}),
    Piece("Budi Santoso"),
    Piece("081234567890"),
    Piece("Avanza 2019 B 1234 XYZ"),
)
JOHOR_BAHRU = (
    Piece("nak cuci premium di cawangan Johor Bahru", {"place": "outlet", "kind": "one_time"}),
    Piece("Ahmad Faizal bin Osman"),
    Piece("012-345 6789"),
    Piece("Myvi 2020 VBC 1234"),
)


@pytest.mark.parametrize(
    ("text", "notice", "step"),
    [
        ("20 November 2026", "utter_date_passed", "appointment_date"),
        ("25 Desember 2026", "utter_holiday", "appointment_date"),
        ("1 maret 2027", "utter_too_far_ahead", "appointment_date"),
        ("hari ini jam 8 pagi", "utter_time_passed", "appointment_time"),
        ("besok jam 10 malam", "utter_closed_then", "appointment_time"),
        ("besok jam 19.00", "utter_closed_then", "appointment_time"),
        ("besok jam 9.10", "utter_closed_then", "appointment_time"),
    ],
)
def test_a_time_that_cannot_be_is_refused_and_asked_again(
    customer: Customer, text: str, notice: str, step: str
) -> None:
    tell(customer, *BANDUNG)
    assert customer.says(text).step == step
    assert customer.notices == [notice]
    assert step not in customer.facts


def test_the_last_day_of_the_horizon_can_be_booked(customer: Customer) -> None:
    tell(customer, *BANDUNG)
    assert customer.says("22 Januari 2027").step == "appointment_time"
    assert customer.says("jam 10").step == "confirmation"


def test_the_day_after_the_horizon_cannot(customer: Customer) -> None:
    tell(customer, *BANDUNG)
    customer.says("23 Januari 2027")
    assert customer.notices == ["utter_too_far_ahead"]
    assert customer.heard[-1].notices[0].variables == {"days": "60"}


def test_the_friday_break_of_johor_bahru_is_closed(kilap_web: Door) -> None:
    customer = tell(kilap_web.enter("visitor", "ms"), *JOHOR_BAHRU)
    assert customer.says("Jumaat ni pukul 1 tengah hari").step == "appointment_time"
    assert customer.notices == ["utter_closed_then"]
    assert customer.heard[-1].notices[0].variables["hours"] == "08:00-12:00, 15:00-20:00"
    assert customer.says("pukul 3 petang").step == "confirmation"


def test_a_closed_weekday_is_refused(bonda_web: Door) -> None:
    aminah = bonda_web.enter("visitor", "ms")
    tell(aminah, Piece("nak cuci rumah", {"kind": "one_time"}), Piece("Aminah binti Ali"), Piece("012-345 6789"))
    tell(aminah, Piece("12 Lorong Selamat, Penang 10050"))
    assert aminah.says("Ahad ni").step == "appointment_date"
    assert aminah.notices == ["utter_closed_that_day"]


def test_today_is_the_day_of_the_outlet(kilap_web: Door) -> None:
    kilap_web.clock.move_to("2026-11-23T16:30:00+00:00")  # 23:30 on Monday in Jakarta, Tuesday in Kuala Lumpur
    there = tell(kilap_web.enter("there", "ms"), *JOHOR_BAHRU)
    there.says("hari ini pukul 10 pagi")
    assert there.facts["appointment_date"] == "2026-11-24"
    here = tell(kilap_web.enter("here", "id"), *BANDUNG)
    here.says("hari ini")
    assert here.notices == ["utter_date_full"]


def fill(door: Door, count: int, time: str, outlet: str = "BDG") -> None:
    """So many others book that time tomorrow."""
    for number in range(count):
        other = tell(door.enter(f"other-{outlet}-{time}-{number}", "id"), *BANDUNG)
        other.taps(outlet, "outlet")
        other.taps("2026-11-24", "appointment_date")
        other.taps(time, "appointment_time")
        other.taps("yes", "confirmation")
        assert other.submits().result == "confirmed"


def test_a_taken_time_is_refused_and_not_offered(kilap_web: Door, customer: Customer) -> None:
    fill(kilap_web, 2, "10:00")
    tell(customer, *BANDUNG)
    assert customer.says("besok jam 10").step == "appointment_time"
    assert customer.notices == ["utter_time_taken"]
    titles = {choice.title for choice in customer.question().choices}
    assert not {"09:00", "10:00", "11:00"} & titles
    assert {"08:00", "12:00"} <= titles


def test_a_taken_time_that_is_asked_for_again_is_answered_with_the_nearest_free_ones(
    kilap_web: Door, customer: Customer
) -> None:
    fill(kilap_web, 2, "15:00")
    tell(customer, *BANDUNG)
    for text in ("besok jam 15", "jam 3 sore aja"):
        customer.says(text)
        question = customer.question()
        assert (customer.notices, question.response) == (["utter_time_taken"], "utter_offer_nearest_times")
        titles = [choice.title for choice in question.choices]
        assert {"13:00", "17:00"} <= set(titles) and "08:00" not in titles
        assert question.variables["times"] == ", ".join(titles)
    assert customer.taps("17:00", "appointment_time").step == "confirmation"


def test_one_bay_of_two_is_still_free(kilap_web: Door, customer: Customer) -> None:
    fill(kilap_web, 1, "10:00")
    tell(customer, *BANDUNG)
    assert customer.says("besok jam 10").step == "confirmation"


def test_visits_to_homes_and_to_the_outlet_do_not_crowd_each_other(kilap_web: Door, customer: Customer) -> None:
    fill(kilap_web, 2, "10:00")
    tell(customer, Piece("cuci premium di rumah, Jl. Melati No 5 Bandung 40115", {"place": "home", "kind": "one_time"}))
    tell(customer, *BANDUNG[1:])
    assert customer.says("besok jam 10").step == "confirmation"


def test_a_full_day_is_refused(kilap_web: Door, customer: Customer) -> None:
    for number in range(2):
        other = tell(kilap_web.enter(f"other-{number}", "id"), *BANDUNG)
        other.taps("nano-coating", "service")
        other.taps("2026-11-24", "appointment_date")
        other.taps("10:00", "appointment_time")
        other.taps("yes", "confirmation")
        assert other.submits().result == "confirmed"
    tell(customer, *BANDUNG)
    customer.taps("nano-coating", "service")
    assert customer.says("besok").step == "appointment_date"
    assert customer.notices == ["utter_date_full"]
    assert "2026-11-24" not in {
        json.loads(one.payload.removeprefix("/choose"))["value"] for one in customer.question().choices
    }


def test_a_town_out_of_reach_is_told_with_the_areas(customer: Customer) -> None:
    tell(customer, Piece("mau cuci premium", {"kind": "one_time"}), *BANDUNG[1:])
    customer.says("di rumah, Jl. Melati No 5 Medan 20111", place="home")
    assert customer.notices == ["utter_city_not_served"]
    variables = customer.heard[-1].notices[0].variables
    assert variables["city"] == "Medan" or "Medan" in variables["city"]
    assert "Depok" in variables["areas"] and "Skudai" in variables["areas"]
    assert customer.expected == "city"
    assert customer.facts["street"] == "Jl. Melati No 5"
    assert "postcode" not in customer.facts
    assert customer.says("eh maksudnya Depok").step == "postcode"


def test_a_service_only_at_the_outlet_does_not_come_home(customer: Customer) -> None:
    customer.says("mau nano coating di rumah", place="home")
    assert customer.notices == ["utter_service_only_at_outlet"]
    assert customer.facts["place"] == "outlet"
    assert customer.facts["booking_kind"] == "one_time"


def test_a_time_that_somebody_took_before_the_summary_is_seen_there(kilap_web: Door, customer: Customer) -> None:
    tell(customer, *BANDUNG, Piece("besok jam 10"))
    assert customer.expected == "confirmation"
    fill(kilap_web, 2, "10:00")
    assert customer.taps("yes").step == "appointment_time"
    assert customer.notices == ["utter_time_taken"]
    assert customer.row().status == "open"


def test_a_refusal_costs_no_patience(customer: Customer) -> None:
    tell(customer, *BANDUNG)
    for text in ("20 November 2026", "25 Desember 2026", "1 maret 2027"):
        customer.says(text)
    assert customer.question().response == "utter_ask_appointment_date"


def test_another_organisation_has_its_own_bookings(kilap_web: Door, bonda_web: Door) -> None:
    budi = booked(kilap_web.enter("budi", "id"))
    assert isinstance(budi.place, Place)
    aminah = bonda_web.enter("aminah", "ms")
    aminah.says("nak cuci rumah", "book_service", kind="one_time")
    assert aminah.place.organisation_id != budi.place.organisation_id
    assert "first_name" not in aminah.facts
