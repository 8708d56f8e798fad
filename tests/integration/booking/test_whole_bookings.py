"""Whole bookings in three languages and many orders, and the document that each becomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from ramah.booking.submission import Submitted
from ramah.store import Database
from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.pieces import ALL_AT_ONCE, WHOLE, Piece, tell

DOCUMENTS = {
    "id": {
        "kind": "one_time",
        "service_code": "premium-wash",
        "service_name": "Premium wash",
        "outlet_code": "JKT",
        "place": "home",
        "starts_at": datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Jakarta")),
        "minutes": 90,
        "timezone": "Asia/Jakarta",
        "customer": {"first_name": "Budi", "last_name": "Santoso", "phone": "+6281234567890", "language": "id"},
        "vehicle": {"make": "Toyota", "model": "Avanza", "year": 2019, "plate": "B 1234 XYZ", "size": "medium"},
        "address": {
            "street": "Jl. Melati No 5",
            "city": "Depok",
            "postcode": "16415",
            "landmark": None,
            "country": "ID",
        },
        "plan": None,
        "price": {"currency": "IDR", "amount_minor": 180_000},
    },
    "ms": {
        "kind": "one_time",
        "service_code": "interior-detailing",
        "service_name": "Interior detailing",
        "outlet_code": "JHB",
        "place": "outlet",
        "starts_at": datetime(2026, 11, 27, 15, tzinfo=ZoneInfo("Asia/Kuala_Lumpur")),
        "minutes": 240,
        "timezone": "Asia/Kuala_Lumpur",
        "customer": {
            "first_name": "Ahmad Faizal",
            "last_name": "bin Osman",
            "phone": "+60123456789",
            "language": "ms",
        },
        "vehicle": {"make": "Perodua", "model": "Myvi", "year": 2020, "plate": "VBC 1234", "size": "small"},
        "address": None,
        "plan": None,
        "price": {"currency": "MYR", "amount_minor": 25_000},
    },
    "en": {
        "kind": "subscription",
        "service_code": "basic-wash",
        "service_name": "Basic wash",
        "outlet_code": "KUL",
        "place": "home",
        "starts_at": datetime(2026, 11, 27, 14, tzinfo=ZoneInfo("Asia/Kuala_Lumpur")),
        "minutes": 45,
        "timezone": "Asia/Kuala_Lumpur",
        "customer": {"first_name": "John", "last_name": "Tan", "phone": "+60123456789", "language": "en"},
        "vehicle": {"make": "Honda", "model": "City", "year": 2018, "plate": "WXY 1234", "size": "medium"},
        "address": {
            "street": "12 Jalan Ampang",
            "city": "Kuala Lumpur",
            "postcode": "50450",
            "landmark": None,
            "country": "MY",
        },
        "plan": {
            "code": "weekly",
            "interval": "week",
            "interval_count": 1,
            "start_date": datetime(2026, 11, 27).date(),  # noqa: DTZ001 - a date
        },
        "price": {"currency": "MYR", "amount_minor": 2_550},
    },
}
ORDERS = {
    "as_asked": (0, 1, 2, 3, 4, 5, 6),
    "when_first": (6, 5, 4, 3, 2, 1, 0),
    "person_first": (2, 3, 0, 6, 1, 5, 4),
    "place_first": (5, 0, 4, 6, 2, 1, 3),
}


def in_order(pieces: Sequence[Piece], order: str) -> list[Piece]:
    return [pieces[index] for index in ORDERS[order]]


def without_what_was_not_said(document: dict[str, Any]) -> dict[str, Any]:
    """The document without the optional parts that nobody mentioned."""
    optional = {"notes", "colour", "unit", "neighbourhood", "district", "latitude", "longitude"}
    return {
        name: without_what_was_not_said(value) if isinstance(value, dict) else value
        for name, value in document.items()
        if value is not None or name not in optional
    }


def assert_becomes(customer: Customer, language: str) -> None:
    """The customer confirms, and the document has every field as it should be."""
    assert customer.expected == "confirmation"
    assert customer.taps("yes").step is None
    assert customer.submits().result is Submitted.CONFIRMED
    document, row = customer.document(), customer.row()
    got = without_what_was_not_said(document.model_dump())
    ours = {"schema_version", "booking_id", "reference", "organisation", "channel", "created_at"}
    assert {name: value for name, value in got.items() if name not in ours} == DOCUMENTS[language]
    assert got["starts_at"].utcoffset() == DOCUMENTS[language]["starts_at"].utcoffset()  # type: ignore[attr-defined]
    assert (document.booking_id, document.reference) == (row.id, row.reference)
    assert (document.organisation, document.channel) == ("kilap-auto", "webchat")


@pytest.mark.parametrize("order", sorted(ORDERS))
@pytest.mark.parametrize("language", sorted(WHOLE))
def test_a_booking_may_be_told_in_any_order(kilap_web: Door, language: str, order: str) -> None:
    customer = tell(kilap_web.enter("visitor", language), *in_order(WHOLE[language], order))
    assert_becomes(customer, language)


@pytest.mark.parametrize("language", sorted(WHOLE))
def test_a_booking_may_be_told_in_two_messages(kilap_web: Door, language: str) -> None:
    pieces = WHOLE[language]
    halves = [
        Piece(
            ". ".join(piece.text for piece in half),
            {name: value for piece in half for name, value in piece.entities.items()},
        )
        for half in (pieces[:4], pieces[4:])
    ]
    assert_becomes(tell(kilap_web.enter("visitor", language), *halves), language)


@pytest.mark.parametrize("language", sorted(WHOLE))
def test_it_books_on_each_database(
    demo_on_each_backend: Database, clock: time_machine.Traveller, language: str
) -> None:
    door = Door(demo_on_each_backend, clock, "webchat", "kilap-auto")
    assert_becomes(tell(door.enter("visitor", language), *WHOLE[language]), language)


def test_answering_question_by_question_asks_nothing_twice(customer: Customer) -> None:
    answers = {
        "service": "cuci premium",
        "first_name": "budi",
        "last_name": "santoso",
        "phone": "081234567890",
        "car_model": "avanza",
        "car_year": "2019",
        "car_plate": "b 1234 xyz",
        "street": "Jl. Melati No 5",
        "city": "Depok",
        "postcode": "16415",
        "appointment_date": "besok",
        "appointment_time": "10",
    }
    steps = [customer.says("mau booking dong", "book_service").step]
    while customer.expected != "confirmation":
        step = customer.expected or ""
        if step in answers:
            customer.says(answers[step])
        else:
            customer.taps({"booking_kind": "one_time", "place": "home"}[step])
        steps.append(customer.expected)
    assert len(steps) == len(set(steps)) == 15
    assert_becomes(customer, "id")


def test_a_single_name_is_kept_as_one(customer: Customer) -> None:
    pieces = [Piece("nama saya Suparman") if "Budi" in one.text else one for one in WHOLE["id"]]
    tell(customer, *pieces)
    assert customer.expected == "last_name"
    customer.says("nggak ada", "deny")
    assert customer.expected == "confirmation"
    customer.taps("yes")
    assert customer.submits().variables["name"] == "Suparman"
    assert (customer.document().customer.first_name, customer.document().customer.last_name) == ("Suparman", None)


def test_a_button_says_that_there_is_no_last_name(customer: Customer) -> None:
    tell(customer, Piece("mau cuci premium"), Piece("sekali aja", {"kind": "one_time"}), Piece("Suparman"))
    assert customer.expected == "last_name"
    assert customer.taps("none").step == "phone"


def test_an_organisation_without_cars_asks_for_none_and_comes_home(bonda_web: Door) -> None:
    aminah = bonda_web.enter("visitor", "ms")
    aminah.says("nak tempah cuci rumah", "book_service")
    steps = [aminah.expected]
    for text, entities in (
        ("sekali sahaja", {"kind": "one_time"}),
        ("Aminah binti Ali", {}),
        ("012-345 6789", {}),
        ("12 Lorong Selamat", {}),
        ("Penang", {}),
        ("10050", {}),
        ("esok", {}),
        ("pukul 10 pagi", {}),
    ):
        steps.append(aminah.says(text, **entities).step)
    assert steps == [
        "booking_kind",
        "first_name",
        "phone",
        "street",
        "city",
        "postcode",
        "appointment_date",
        "appointment_time",
        "confirmation",
    ]
    aminah.says("ya betul", "affirm")
    assert aminah.submits().result is Submitted.CONFIRMED
    document = aminah.document()
    assert document.vehicle is None
    assert (document.place, document.outlet_code, document.timezone) == ("home", "PEN", "Asia/Kuala_Lumpur")
    assert document.address is not None and document.address.postcode == "10050"
    assert (document.price.currency, document.price.amount_minor) == ("MYR", 12_000)


def test_a_service_without_subscription_is_not_asked_for_one(bonda_web: Door) -> None:
    assert bonda_web.enter("visitor", "ms").says("nak cuci sofa").step == "first_name"


def test_no_two_drafts_are_open_in_one_conversation(customer: Customer) -> None:
    tell(customer, ALL_AT_ONCE)
    customer.forgets_the_dialogue()
    assert customer.says("halo", "greet").step == "confirmation"
    assert len(customer.drafts()) == 1


def test_each_fact_has_its_source_and_time(customer: Customer) -> None:
    tell(customer, Piece("mau cuci premium"))
    customer.taps("one_time")
    fields = customer.row().fields
    assert fields["service"]["source"] == "said"
    assert fields["booking_kind"] == {"value": "one_time", "source": "tapped", "at": "2026-11-23T01:30:40+00:00"}


def test_a_town_is_read_where_its_postcode_and_all_its_words_are_known(kilap_web: Door) -> None:
    customer = kilap_web.enter("subang", "en")
    customer.says("interior detailing at home, just once, 22 jalan ss 15/4, subang jaya 47500, near the surau")
    assert (customer.facts["street"], customer.facts["city"]) == ("22 jalan ss 15/4", "Subang Jaya")
    assert customer.facts["postcode"] == "47500"
