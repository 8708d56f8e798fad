"""Several unfinished bookings in one conversation: opened, parked, switched, dropped; nothing crosses."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from ramah.booking.heard import Heard, Tap
from ramah.booking.models import Draft, DraftStatus
from ramah.booking.unfinished import Pointed, drop, late_tap, unfinished
from ramah.store import Database, new_id
from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.pieces import Piece, at_the_summary, tell


@pytest.fixture
def hopper(demo_on_each_backend: Database, clock: time_machine.Traveller) -> Customer:
    """Somebody with a wash for an Avanza in hand, on each database."""
    customer = Door(demo_on_each_backend, clock, "webchat", "kilap-auto").enter("hopper", "id")
    return tell(customer, Piece("cuci premium", {"kind": "one_time"}), Piece("Budi Santoso"), Piece("Avanza 2019"))


def facts_of(customer: Customer, draft_id: str | None) -> dict[str, str]:
    row = next(draft for draft in customer.drafts() if draft.id == draft_id)
    return {name: fact["value"] for name, fact in row.fields.items()}


def test_a_further_booking_parks_the_open_one_and_carries_only_the_person(hopper: Customer) -> None:
    first = hopper.draft_id
    hopper.says("mau booking satu lagi", "another_booking")
    assert hopper.notices == ["utter_parked"]
    assert hopper.draft_id != first and hopper.expected == "service"
    assert hopper.facts == {"first_name": "Budi", "last_name": "Santoso"}
    assert [(row.status, row.current) for row in hopper.drafts()] == [("open", False), ("open", True)]
    assert hopper.question().variables["folder"].startswith("[RM-")


def test_a_third_one_is_no_correction_of_the_second_whose_service_is_still_open(hopper: Customer) -> None:
    hopper.says("satu lagi kak, buat innova 2021", "another_booking")
    second = hopper.draft_id
    hopper.says("eh satu lagi, buat brio 2020", "another_booking")
    assert hopper.draft_id != second and hopper.facts["car_model"] == "Brio"
    assert facts_of(hopper, second)["car_model"] == "Innova"
    assert len(hopper.drafts()) == 3


def test_asking_twice_for_a_further_one_opens_it_once(hopper: Customer) -> None:
    hopper.says("mau booking satu lagi", "another_booking")
    hopper.says("iya satu lagi kak, booking baru", "another_booking")
    assert len(hopper.drafts()) == 2


@pytest.mark.parametrize("words", ["yang avanza tadi", "balik ke booking cuci premium", "yang satunya dulu"])
def test_words_lead_back_and_the_form_goes_on_where_it_was(hopper: Customer, words: str) -> None:
    first, step = hopper.draft_id, hopper.expected
    hopper.says("mau booking satu lagi", "another_booking")
    hopper.says("full detailing")
    second = dict(hopper.facts)
    assert hopper.says(words, "switch_booking").step == step
    assert (hopper.draft_id, hopper.notices) == (first, ["utter_switched"])
    assert hopper.question().variables["folder"] == "[Cuci Premium · Avanza] "
    hopper.says("081234567890")
    assert facts_of(hopper, first)["phone"] == "+6281234567890"
    other = next(row for row in hopper.drafts() if row.id != first)
    assert facts_of(hopper, other.id) == second


def test_answering_an_old_bubble_answers_for_its_booking(hopper: Customer) -> None:
    first, message = hopper.draft_id, str(hopper.sent)
    hopper.says("mau booking satu lagi", "another_booking")
    hopper.replies("081234567890", to=message)
    assert hopper.draft_id == first
    assert hopper.facts["phone"] == "+6281234567890"


def test_the_database_allows_one_current_draft(hopper: Customer) -> None:
    row = hopper.row()
    values = {
        "id": new_id(), "reference": "RM-DOUBLE", "conversation_id": row.conversation_id,
        "contact_id": row.contact_id, "organisation_id": row.organisation_id, "current": True, "status": "open",
    }  # fmt: skip
    with pytest.raises(IntegrityError), hopper.place.database.tenant(hopper.place.organisation_id) as session:
        session.execute(insert(Draft).values(**values))


def test_a_repeated_message_opens_no_third_booking(hopper: Customer) -> None:
    hopper.says("mau booking satu lagi", "another_booking")
    again = Heard(text="mau booking satu lagi", intent="another_booking", message=str(hopper.sent))
    hopper._sends(again)
    assert len(hopper.drafts()) == 2


def test_unfinished_ones_are_listed_with_what_they_lack(hopper: Customer) -> None:
    hopper.says("mau booking satu lagi", "another_booking")
    hopper.says("full detailing")
    listed = unfinished(hopper.place)
    assert listed.count == 2
    assert [choice.title for choice in listed.choices] == ["Cuci Premium · Avanza", "Detailing Lengkap"]
    assert "nomor HP" in listed.lines
    first = listed.choices[0]
    assert hopper.taps_choice(first.payload).step == "phone"


def test_one_is_dropped_by_name_and_the_other_goes_on(hopper: Customer) -> None:
    first = hopper.draft_id
    hopper.says("mau booking satu lagi", "another_booking")
    hopper.says("full detailing")
    outcome = hopper.says("batalin yang avanza", "cancel")
    assert (outcome.interrupted, hopper.notices) == (False, ["utter_dropped_one"])
    assert {row.id: row.status for row in hopper.drafts()}[first or ""] == DraftStatus.DROPPED
    assert hopper.draft_id != first


def test_all_are_dropped_at_once(hopper: Customer) -> None:
    hopper.says("mau booking satu lagi", "another_booking")
    assert drop(hopper.place, Heard(text="batalin semuanya", intent="cancel")).left.count == 0
    assert {row.status for row in hopper.drafts()} == {DraftStatus.DROPPED}


def test_after_one_is_booked_the_parked_one_is_offered_and_goes_on(kilap_web: Door) -> None:
    customer = kilap_web.enter("hopper", "id")
    customer.says("full detailing", "book_service")
    parked = customer.draft_id
    customer.says("mau booking satu lagi", "another_booking")
    at_the_summary(customer).taps("yes")
    assert customer.submits().result == "confirmed"
    assert unfinished(customer.place).names == "Detailing Lengkap"
    customer.forgets_the_dialogue()
    customer.says("ya lanjut", "affirm")
    assert (customer.draft_id, customer.notices) == (parked, ["utter_switched"])


def test_a_tap_of_a_parked_booking_asks_first_and_yes_goes_there(hopper: Customer) -> None:
    first, tag, nonce = hopper.draft_id, hopper.tag, hopper.nonce
    hopper.says("mau booking satu lagi", "another_booking")
    before = dict(hopper.facts)
    hopper.taps("home", "place", tag, nonce)
    question = hopper.question()
    assert (question.response, question.variables["label"]) == ("utter_ask_stale_tap", "Cuci Premium · Avanza")
    assert hopper.facts == before and "place" not in facts_of(hopper, first)
    hopper.taps("home", "place", tag, question.variables["stale_nonce"])
    assert (hopper.draft_id, hopper.facts["place"]) == (first, "home")


def test_a_typed_yes_to_a_late_tap_goes_there_as_well(hopper: Customer) -> None:
    first, tag, nonce = hopper.draft_id, hopper.tag, hopper.nonce
    hopper.says("mau booking satu lagi", "another_booking")
    hopper.taps("home", "place", tag, nonce)
    hopper.says("iya", "affirm")
    assert (hopper.draft_id, hopper.facts["place"]) == (first, "home")


def test_a_button_outside_the_form_says_what_it_was_for(kilap_web: Door) -> None:
    customer = at_the_summary(kilap_web.enter("late", "id"))
    tap = Heard(intent="choose", tap=None)
    assert late_tap(customer.place, tap).pointed is Pointed.UNKNOWN
    customer.taps("yes")
    customer.submits()
    closed = late_tap(customer.place, Heard(intent="choose", tap=Tap(customer.tag, "place", "outlet", "1")))
    assert (closed.pointed, closed.variables["label"]) == (Pointed.CLOSED, "Cuci Premium · Avanza")
