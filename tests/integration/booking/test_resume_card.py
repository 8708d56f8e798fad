"""The resume card: what a person learned is written only where it is ticked, and the bot asks for none of it again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.desk.handover import release, take_over
from ramah.desk.learned import Learned, learned
from ramah.desk.notes import write_note
from ramah.lib.errors import BadInput, Refused
from ramah.messaging.accounts import find_account
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation
from ramah.people import Contact, Staff
from tests.integration.booking.customer import Customer, Door


def staff_of(customer: Customer) -> str:
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        return session.scalars(select(Staff.id).order_by(Staff.email)).first() or ""


def contact_of(customer: Customer) -> Contact:
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        conversation = session.get_one(Conversation, customer.place.conversation_id)
        return session.get_one(Contact, conversation.contact_id)


def hand_over(door: Door, customer: Customer, *texts: str) -> str:
    """A person takes over, and the customer tells them this; returns who took it."""
    staff, place = staff_of(customer), customer.place
    take_over(place.database, place.organisation_id, place.conversation_id, staff)
    account = find_account(place.database, door.kind, door.public_key)
    with place.database.tenant_reading(place.organisation_id) as session:
        recipient = session.get_one(Conversation, place.conversation_id).recipient
    for number, text in enumerate(texts):
        sender = Sender(platform_id=recipient)
        accept(
            place.database,
            account,
            Incoming(external_id=f"h{number}", sender=sender, kind=IncomingKind.TEXT, text=text),
        )
    return staff


def card(customer: Customer) -> dict[str, Learned]:
    place = customer.place
    return {fact.name: fact for fact in learned(place.database, place.organisation_id, place.conversation_id)}


TOLD = ("nama saya Budi Santoso", "mobil saya Toyota Avanza 2019 plat B 1234 XYZ", "tolong jangan pakai wax ya")


def test_the_card_shows_what_was_said_and_noted_since_the_takeover(kilap_web: Door) -> None:
    customer = kilap_web.enter("resume-1", "id")
    staff = hand_over(kilap_web, customer, *TOLD)
    place = customer.place
    write_note(place.database, place.organisation_id, place.conversation_id, staff, "minta hari Jumat jam 10", "n")
    facts = card(customer)
    assert facts["first_name"].value == "Budi"
    assert (facts["car_model"].value, facts["car_plate"].value) == ("Avanza", "B 1234 XYZ")
    assert facts["appointment_time"].value == "10:00" and not facts["appointment_time"].writable
    assert "wax" in facts["notes"].value


def test_only_ticked_facts_are_written_and_the_bot_asks_for_none_of_them_again(kilap_web: Door) -> None:
    customer = kilap_web.enter("resume-2", "id")
    staff = hand_over(kilap_web, customer, *TOLD)
    ticked = {name: fact.value for name, fact in card(customer).items() if name.startswith("car_")}
    place = customer.place
    release(place.database, place.organisation_id, place.conversation_id, staff, ticked)
    assert contact_of(customer).first_name != "Budi"
    customer.says("mau cuci premium sekali aja", kind="one_time")
    assert customer.facts["car_plate"] == "B 1234 XYZ"
    assert "first_name" not in customer.facts and "notes" not in customer.facts
    assert customer.expected == "first_name"
    customer.says("Budi Santoso")
    customer.says("0812 3456 7890")
    assert customer.expected not in ("car_model", "car_year", "car_plate")


def test_a_ticked_name_is_the_contacts_and_the_operators_wording_counts(kilap_web: Door) -> None:
    customer = kilap_web.enter("resume-3", "id")
    staff = hand_over(kilap_web, customer, *TOLD)
    place = customer.place
    ticked = {"first_name": "Boedi", "last_name": "Santoso"}
    release(place.database, place.organisation_id, place.conversation_id, staff, ticked)
    assert (contact_of(customer).first_name, contact_of(customer).last_name) == ("Boedi", "Santoso")
    assert customer.drafts() == []


def test_nothing_is_written_by_who_has_not_the_conversation_nor_what_is_no_fact(kilap_web: Door) -> None:
    customer = kilap_web.enter("resume-4", "id")
    staff = hand_over(kilap_web, customer, *TOLD)
    place = customer.place
    with pytest.raises(Refused):
        release(place.database, place.organisation_id, place.conversation_id, "somebody", {"first_name": "X"})
    for facts in ({"confirmation": "yes"}, {"first_name": " "}, {"phone": "nomor saya"}):
        with pytest.raises(BadInput):
            release(place.database, place.organisation_id, place.conversation_id, staff, facts)
    assert customer.drafts() == []
    assert card(customer)["first_name"].value == "Budi"
