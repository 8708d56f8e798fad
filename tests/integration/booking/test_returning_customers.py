"""What is known is offered, not asked, and only to the person it belongs to."""

from __future__ import annotations

from ramah.people import Contact
from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.pieces import Piece, booked, tell

AGAIN = Piece("mau cuci basic dong", {"kind": "one_time"})
NUMBER = "+6281234567890"


def returns(customer: Customer) -> Customer:
    customer.forgets_the_dialogue()
    return tell(customer, AGAIN)


def test_a_returning_customer_is_not_asked_for_name_and_number(customer: Customer) -> None:
    returns(booked(customer))
    assert customer.notices == ["utter_known_details", "utter_noted_with_price_from"]
    assert customer.heard[-1].notices[0].variables == {"name": "Budi Santoso", "phone": NUMBER}
    assert customer.expected == "car_model"
    assert customer.row().fields["first_name"]["source"] == "known"


def test_known_cars_are_offered_and_a_tap_takes_all_of_the_car(customer: Customer) -> None:
    returns(booked(customer))
    question = customer.question()
    assert question.response == "utter_offer_known_cars"
    assert [(choice.title, choice.description) for choice in question.choices] == [("Avanza", "B 1234 XYZ")]
    assert customer.taps("B 1234 XYZ").step == "place"
    assert customer.facts["car_year"] == "2019"


def test_known_addresses_are_offered_and_a_tap_takes_all_of_the_address(customer: Customer) -> None:
    returns(booked(customer)).taps("B 1234 XYZ")
    customer.taps("home")
    question = customer.question()
    assert question.response == "utter_offer_known_addresses"
    assert [(choice.title, choice.description) for choice in question.choices] == [("Jl. Melati No 5", "Depok 16415")]
    assert customer.taps("0").step == "appointment_date"
    assert (customer.facts["city"], customer.facts["postcode"]) == ("Depok", "16415")


def test_another_car_or_address_is_asked_for(customer: Customer) -> None:
    returns(booked(customer)).taps("other", "car_model")
    assert customer.question().response == "utter_ask_car_model"
    tell(customer, Piece("Brio 2020 B 99 AB"), Piece("di rumah", {"place": "home"}))
    customer.taps("other", "street")
    assert customer.question().response == "utter_ask_street"
    assert customer.says("Jl. Mawar 7 Depok 16412").step == "appointment_date"


def test_naming_a_known_car_brings_its_year_and_plate(customer: Customer) -> None:
    returns(booked(customer))
    assert customer.says("yang avanza").step == "place"
    assert customer.facts["car_plate"] == "B 1234 XYZ"


def test_the_second_booking_is_a_second_draft(customer: Customer) -> None:
    first = booked(customer).draft_id
    returns(customer)
    assert customer.draft_id != first
    assert [row.status for row in customer.drafts()] == ["booked", "open"]


def test_whatsapp_proves_the_number_so_it_is_not_asked(kilap_whatsapp: Door) -> None:
    customer = kilap_whatsapp.enter("6281234567890", "id", phone=NUMBER)
    tell(customer, AGAIN, Piece("Budi Santoso"))
    assert customer.expected == "car_model"
    assert customer.row().fields["phone"] == {
        "value": NUMBER,
        "source": "channel",
        "at": customer.row().fields["phone"]["at"],
    }


def test_a_proved_number_is_recognised_on_another_channel(kilap_web: Door, kilap_whatsapp: Door) -> None:
    booked(kilap_web.enter("visitor", "id"))
    customer = tell(kilap_whatsapp.enter("6281234567890", "id", phone=NUMBER), AGAIN)
    assert customer.notices == ["utter_known_details", "utter_noted_with_price_from"]
    assert customer.expected == "car_model"
    assert [choice.description for choice in customer.question().choices] == ["B 1234 XYZ"]


def test_a_stranger_who_types_the_number_is_shown_nothing(kilap_web: Door) -> None:
    booked(kilap_web.enter("budi", "id"))
    thief = tell(kilap_web.enter("thief", "id"), AGAIN, Piece("Budi Santoso"), Piece("081234567890"))
    assert thief.expected == "car_model"
    assert thief.question().response == "utter_ask_car_model"
    assert thief.question().choices == ()
    thief.says("avanza")
    assert "car_plate" not in thief.facts
    thief.taps("B 1234 XYZ", "car_model")
    assert thief.notices == ["utter_button_was_for"]
    assert "car_plate" not in thief.facts


def test_a_stranger_who_typed_the_number_once_is_shown_nothing_the_next_time(kilap_web: Door) -> None:
    booked(kilap_web.enter("budi", "id"))
    thief = kilap_web.enter("thief", "id")
    tell(thief, AGAIN, Piece("Joko Susilo"), Piece("081234567890"), Piece("Brio 2020 B 99 AB"))
    tell(thief, Piece("di outlet Bandung besok jam 10", {"place": "outlet"})).taps("yes")
    assert thief.submits().result == "confirmed"
    returns(thief)
    assert [choice.description for choice in thief.question().choices] == ["B 99 AB"]


def test_a_known_name_may_be_corrected(customer: Customer) -> None:
    returns(booked(customer))
    customer.says("namanya salah", "correct", field="name")
    assert customer.expected == "first_name"
    customer.says("Andi Wijaya")
    assert (customer.facts["first_name"], customer.facts["last_name"]) == ("Andi", "Wijaya")
    assert customer.facts["phone"] == NUMBER


def test_the_contact_learns_name_and_number_from_the_booking(customer: Customer) -> None:
    booked(customer)
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        contact = session.get_one(Contact, customer.row().contact_id)
        assert (contact.first_name, contact.last_name, contact.phone) == ("Budi", "Santoso", NUMBER)
        assert not contact.phone_proved
