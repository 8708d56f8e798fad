"""Answers about hours and places."""

from __future__ import annotations

from datetime import UTC, datetime

from ramah.booking.enquiry import hours_answer, load, locations_list, map_link, outlets_meant
from tests.integration.booking.customer import Customer, Door


def test_an_outlet_is_meant_by_city_initials_or_code(customer: Customer) -> None:
    context = load(customer.place)
    for text, codes in {
        "outlet Bandung buka jam berapa": ["BDG"],
        "KL buka ga": ["KUL"],
        "jb dan surabaya di mana": ["JHB", "SBY"],
    }.items():
        assert sorted(outlet.code for outlet in outlets_meant(text, context)) == sorted(codes)


def test_no_outlet_named_means_all_with_the_customers_country_first(customer: Customer) -> None:
    countries = [outlet.country for outlet in outlets_meant("buka jam berapa", load(customer.place))]
    assert countries == ["ID", "ID", "ID", "MY", "MY"]


def test_the_present_moment_comes_first(customer: Customer) -> None:
    context = load(customer.place)
    answer = hours_answer(outlets_meant("outlet jakarta", context), context)
    assert (answer.response, answer.variables["today"]) == ("utter_hours_open", "08:00-20:00")
    assert answer.variables["list"] == "Sen-Min 08:00-20:00"


def test_after_closing_time_it_says_so(customer: Customer) -> None:
    customer.clock.move_to(datetime(2026, 11, 23, 14, 0, tzinfo=UTC), tick=False)
    context = load(customer.place)
    assert hours_answer(outlets_meant("jakarta", context), context).response == "utter_hours_closed"


def test_a_holiday_is_named(customer: Customer) -> None:
    customer.clock.move_to(datetime(2026, 12, 25, 3, 0, tzinfo=UTC), tick=False)
    context = load(customer.place)
    answer = hours_answer(outlets_meant("jakarta", context), context)
    assert answer.response == "utter_hours_holiday"
    assert "Natal" in answer.variables["holiday"]


def test_a_day_off_is_a_day_off(bonda_web: Door) -> None:
    visitor = bonda_web.enter("visitor-9", "ms")
    visitor.clock.move_to(datetime(2026, 11, 29, 3, 0, tzinfo=UTC), tick=False)
    context = load(visitor.place)
    assert hours_answer(outlets_meant("ipoh", context), context).response == "utter_hours_closed_today"


def test_several_outlets_have_a_light_each(customer: Customer) -> None:
    customer.clock.move_to(datetime(2026, 11, 23, 12, 30, tzinfo=UTC), tick=False)
    context = load(customer.place)
    today = hours_answer(outlets_meant("buka?", context), context).variables["today"].splitlines()
    # 19:30 in Jakarta, 20:30 in Kuala Lumpur.
    assert [line[0] for line in today] == ["🟢", "🟢", "🟢", "🔴", "🔴"]


def test_an_outlet_without_a_map_link_is_searched_by_its_address(bonda_web: Door) -> None:
    context = load(bonda_web.enter("visitor-9", "ms").place)
    (outlet,) = outlets_meant("ipoh", context)
    assert map_link(outlet) == (
        "https://maps.google.com/?q=Bersih%20Bonda%20Ipoh%2C%208%2C%20Jalan%20Sultan%20Idris%20Shah%2C%20Ipoh"
    )
    assert locations_list(context, [outlet]).endswith(map_link(outlet))
