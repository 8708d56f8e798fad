"""What was told without having been asked is said back, with the price of a service named so."""

from __future__ import annotations

from tests.integration.booking.customer import Customer, Door

NOTED, PRICED, PRICED_FROM = "utter_noted", "utter_noted_with_price", "utter_noted_with_price_from"


def said(customer: Customer) -> dict[str, str]:
    """The variables of the last message's only notice."""
    (notice,) = customer.heard[-1].notices
    return dict(notice.variables)


def test_the_opening_wish_is_said_back_with_the_lowest_price(customer: Customer) -> None:
    customer.says("mau cuci premium dong, brp ya")
    assert customer.notices == [PRICED_FROM]
    assert said(customer)["noted"] == "*Cuci Premium*"
    assert said(customer)["price"].startswith("Rp")


def test_the_price_is_exact_once_the_size_of_the_car_is_known(customer: Customer) -> None:
    customer.says("mau cuci premium buat avanza 2019")
    assert customer.notices == [PRICED]
    assert "Avanza 2019" in said(customer)["noted"]


def test_facts_beside_the_question_are_said_back(customer: Customer) -> None:
    customer.says("mau cuci premium")
    customer.says("sekali aja", kind="one_time")
    assert customer.expected == "first_name"
    customer.says("xpander 2021 putih, besok jam 3 sore bisa ga")
    assert customer.notices == [NOTED]
    assert said(customer)["noted"].startswith("Mitsubishi Xpander 2021")
    assert said(customer)["noted"].endswith("15:00")


def test_a_plain_answer_is_not_said_back(customer: Customer) -> None:
    customer.says("mau cuci premium")
    customer.says("sekali aja", kind="one_time")
    customer.says("Budi Santoso")
    assert customer.notices == []
    assert customer.expected == "phone"


def test_what_comes_with_the_answer_is_said_back_without_it(customer: Customer) -> None:
    customer.says("mau cuci premium")
    customer.says("sekali aja", kind="one_time")
    customer.says("Budi Santoso, 0812-3456-7890")
    assert said(customer) == {"noted": "+6281234567890"}


def test_a_tap_is_not_said_back(customer: Customer) -> None:
    customer.says("halo", "book_service")
    customer.taps("premium-wash")
    assert customer.notices == []


def test_a_subscription_is_said_back_without_the_price_of_a_single_visit(kilap_web: Door) -> None:
    customer = kilap_web.enter("subscriber", "en")
    customer.says("premium wash every week please", plan="weekly", kind="subscription")
    assert customer.notices == [NOTED]


def test_it_is_said_in_the_customers_language(bonda_web: Door) -> None:
    customer = bonda_web.enter("visitor", "ms")
    customer.says("nak cuci rumah esok pukul 2 petang")
    assert said(customer)["noted"] == "*Cuci Rumah* · di rumah · Sel, 24 Nov 14:00"
    assert said(customer)["price"].startswith("RM")


def test_what_is_told_anew_beside_the_point_is_said_back(customer: Customer) -> None:
    customer.says("mau cuci premium")
    customer.says("sekali aja", kind="one_time")
    customer.says("Budi Santoso")
    customer.says("081234567890")
    customer.says("avanza 2019 B 1234 XYZ")
    assert customer.expected == "place"
    customer.says("avanza 2018")
    assert said(customer) == {"noted": "Toyota Avanza 2018 B 1234 XYZ"}
    assert customer.expected == "place"
