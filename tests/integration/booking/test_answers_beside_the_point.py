"""What looks like another wish or a fact beside the question, and is the answer, a question or a correction."""

from __future__ import annotations

import pytest

from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.pieces import Piece, tell

WASH = Piece("mau cuci premium")
WHO = (Piece("Budi Santoso"), Piece("081234567890"), Piece("Avanza 2019 B 1234 XYZ"))


@pytest.mark.parametrize("text", ["sekali dulu deh", "satu kali aja dulu", "sekali je dulu", "just once for now"])
def test_a_choice_that_was_asked_for_puts_nothing_off(customer: Customer, text: str) -> None:
    tell(customer, WASH)
    assert customer.expected == "booking_kind"
    assert customer.says(text, "another_booking").step == "first_name"
    assert (customer.notices, customer.facts["booking_kind"]) == ([], "one_time")


def test_a_further_booking_is_still_opened_where_a_choice_was_asked(customer: Customer) -> None:
    tell(customer, WASH)
    customer.says("tambah booking satu lagi dong", "another_booking")
    assert customer.notices == ["utter_parked"]


@pytest.mark.parametrize("text", ["kat mana cawangan korang", "di mana outlet kalian?", "where is your outlet"])
def test_asking_where_the_outlets_are_chooses_none(customer: Customer, text: str) -> None:
    tell(customer, WASH, Piece("sekali aja", {"kind": "one_time"}), *WHO)
    assert customer.expected == "place"
    assert customer.says(text, "ask_location", place="outlet").interrupted
    assert "place" not in customer.facts


@pytest.mark.parametrize(("text", "intent"), [("wheer r u guys", "ask_location"), ("brp lma ya", "ask_included")])
def test_a_misspelt_question_is_no_street(customer: Customer, text: str, intent: str) -> None:
    tell(customer, WASH, Piece("sekali aja", {"kind": "one_time"}), *WHO, Piece("di rumah", {"place": "home"}))
    assert customer.expected == "street"
    customer.says(text, intent)
    assert "street" not in customer.facts
    assert customer.expected == "street"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "alamatnya salah, yang benar Jl. Melati No 5 Bandung 40115"),
        ("ms", "alamat silap, yang betul Jl. Melati No 5 Bandung 40115"),
        ("en", "the address is wrong, it's Jl. Melati No 5 Bandung 40115"),
    ],
)
def test_correcting_the_address_of_a_visit_to_the_outlet_brings_it_home(
    kilap_web: Door, language: str, text: str
) -> None:
    person = tell(
        kilap_web.enter("home", language), WASH, Piece("sekali aja", {"kind": "one_time"}), *WHO,
        Piece("di outlet Bandung", {"place": "outlet"}), Piece("1 Desember 2026"), Piece("jam 10"),
    )  # fmt: skip
    assert person.expected == "confirmation"
    person.says(text, "correct", field="address")
    assert (person.facts["place"], person.facts["street"]) == ("home", "Jl. Melati No 5")
    assert person.expected == "confirmation"


def test_the_country_of_a_told_number_reads_the_address(kilap_web: Door) -> None:
    person = tell(
        kilap_web.enter("subang", "en"), WASH, Piece("just once", {"kind": "one_time"}), Piece("Daniel Fernandez")
    )
    tell(person, Piece("0197708813"), Piece("Mazda CX-5 2015 VFU 3040"), Piece("at home", {"place": "home"}))
    person.says("22 Jalan SS 15/4")
    assert person.says("in Subang Jaya", "ask_areas").step == "postcode"
    assert person.facts["city"] == "Subang Jaya"
