"""Offers when somebody asks for them, and when nobody does."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import delete, select

from ramah.booking.embedded.offers import Offer
from ramah.demo.offers import load_offers
from ramah.messaging.models import Conversation
from ramah.support.offering import answer_offers, is_moment_for_offers
from ramah.support.tickets import Report, open_ticket
from tests.integration.booking.customer import Customer, Door

MONDAY = date(2026, 11, 23)


def offers(customer: Customer, *items: dict[str, object]) -> None:
    """These offers and no others; their days count from the Monday of the tests."""
    defaults = {"from_day": 0, "until_day": 0, "descriptions": {"id": "lebih hemat"}}
    with customer.place.database.tenant(customer.place.organisation_id) as session:
        session.execute(delete(Offer))
        load_offers(session, [{"names": {"id": item["code"]}, **defaults, **item} for item in items], MONDAY)


def stage(customer: Customer, name: str | None) -> None:
    """How far the conversation is."""
    with customer.place.database.tenant(customer.place.organisation_id) as session:
        session.get_one(Conversation, customer.place.conversation_id).stage = name


def test_the_demo_has_offers_that_are_over_and_offers_that_are_not(customer: Customer) -> None:
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        rows = session.scalars(select(Offer)).all()
    assert {row.code for row in rows} >= {"rainy-days", "coating-jakarta", "last-months-oil"}
    assert all(row.valid_from < row.valid_until for row in rows)


def test_a_valid_offer_is_told_with_a_button_that_books_its_service(customer: Customer) -> None:
    offers(customer, {"code": "Hujan", "service_code": "premium-wash", "discount_percent": 20, "until_day": 7})
    answer = answer_offers(customer.place, "ada promo?")
    assert answer.response == "utter_offers"
    assert answer.variables["list"] == "• *Hujan* (-20%): lebih hemat\n  📅 → Sen, 30 Nov"
    (choice,) = answer.choices
    assert (choice.title, choice.payload) == ("Cuci Premium", '/book_service{"service":"premium-wash"}')


def test_the_button_of_an_offer_books_that_service(customer: Customer) -> None:
    offers(customer, {"code": "Hujan", "service_code": "premium-wash", "discount_percent": 20})
    (choice,) = answer_offers(customer.place, "ada promo?").choices
    code = json.loads(choice.payload.removeprefix("/book_service"))["service"]
    # What the dialogue reads of such a tap is the code (actions.slots.heard).
    customer.says(code, "book_service")
    assert customer.facts["service"] == "premium-wash"


@pytest.mark.parametrize(
    "item",
    [
        {"code": "over", "from_day": -9, "until_day": -1},
        {"code": "not yet", "from_day": 1, "until_day": 9},
        {"code": "ringgit", "amount_minor": 500, "currency": "MYR"},
        {"code": "elsewhere", "outlets": ["KUL", "JHB"]},
    ],
)
def test_an_offer_that_does_not_hold_here_today_is_not_told(customer: Customer, item: dict[str, object]) -> None:
    offers(customer, item)
    assert answer_offers(customer.place, "ada promo?").response == "utter_no_offers"


def test_money_off_is_told_as_money_with_its_cities(customer: Customer) -> None:
    offers(customer, {"code": "Kilat", "amount_minor": 300_000, "currency": "IDR", "outlets": ["JKT", "BDG"]})
    answer = answer_offers(customer.place, "ada promo?")
    assert answer.variables["list"] == "• *Kilat* (-Rp300.000): lebih hemat\n  📅 → Sen, 23 Nov · Jakarta, Bandung"
    assert answer.choices == ()


def test_a_question_about_one_service_gets_its_offers(customer: Customer) -> None:
    offers(customer, {"code": "A", "service_code": "premium-wash"}, {"code": "B", "service_code": "nano-coating"})
    assert "*A*" not in answer_offers(customer.place, "nano coating ada diskon?").variables["list"]
    assert "*A*" in answer_offers(customer.place, "cuci mesin ada diskon?").variables["list"]


def test_the_upset_are_answered_without_selling(customer: Customer) -> None:
    offers(customer, {"code": "A", "service_code": "premium-wash"})
    answer = answer_offers(customer.place, "parah banget pelayanannya, ada diskon ga?")
    assert (answer.response, answer.choices) == ("utter_offers_only", ())


def test_an_open_complaint_silences_selling(customer: Customer) -> None:
    offers(customer, {"code": "A", "service_code": "premium-wash"})
    stage(customer, "confirmed")
    assert is_moment_for_offers(customer.place, "makasih banyak, mantap!")
    place = customer.place
    open_ticket(place.database, place.organisation_id, place.conversation_id, Report("masih kotor"))
    assert not is_moment_for_offers(place, "makasih banyak, mantap!")
    assert answer_offers(place, "ada promo?").response == "utter_offers_only"


def test_thanks_before_the_need_is_known_or_without_offers_sell_nothing(customer: Customer) -> None:
    offers(customer, {"code": "A"})
    stage(customer, "greeting")
    assert not is_moment_for_offers(customer.place, "mantap, makasih!")
    stage(customer, "confirmed")
    offers(customer)
    assert not is_moment_for_offers(customer.place, "mantap, makasih!")


def test_the_other_organisation_has_its_own_offers(customer: Customer, bonda_web: Door) -> None:
    offers(customer, {"code": "A"})
    visitor = bonda_web.enter("visitor-2", "ms")
    offers(visitor, {"code": "B", "amount_minor": 2500, "currency": "MYR"})
    assert "*B* (-RM25)" in answer_offers(visitor.place, "ada promosi?").variables["list"]
    assert "*B*" not in answer_offers(customer.place, "ada promo?").variables["list"]
