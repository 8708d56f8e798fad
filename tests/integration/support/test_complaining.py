"""A complaint from its first message to the person who gets it."""

from __future__ import annotations

import pytest

from ramah.channels.content import IncomingKind
from ramah.support.asking import ask_complaint
from ramah.support.complaining import BOOKING, PHOTO, TEXT, Said, tapped_late, withdraw
from ramah.support.models import Category, TicketPriority, TicketStatus
from tests.integration.support.conftest import Complainer

SCRATCH = "mobil saya lecet di pintu kiri setelah dicuci kemarin"
FURIOUS = "GILA YA PARAH BANGET PELAYANANNYA!!! kapok saya"


def test_the_first_message_is_the_description_and_nobody_asks_again(customer: Complainer) -> None:
    turn = customer.begins(SCRATCH)
    assert turn.step == PHOTO
    assert [notice.response for notice in turn.notices] == ["utter_complaint_sorry_damage", "utter_complaint_noted"]
    ticket = customer.only_ticket()
    assert (ticket.description, ticket.category, ticket.priority) == (SCRATCH, Category.DAMAGE, TicketPriority.URGENT)
    assert turn.notices[1].variables == {"ticket": ticket.reference}


def test_silence_after_the_first_message_leaves_a_ticket(customer: Complainer) -> None:
    customer.begins("teknisinya telat dua jam")
    assert (customer.only_ticket().status, customer.only_ticket().category) == (TicketStatus.OPEN, Category.LATENESS)


@pytest.mark.parametrize("text", ["mau komplain", "saya mau komplain dong kak", "halo min mau lapor nih"])
def test_what_happened_is_asked_when_only_a_complaint_was_announced(customer: Complainer, text: str) -> None:
    assert customer.begins(text).step == TEXT
    assert customer.tickets() == []
    assert customer.says("AC mobil malah tambah panas habis diservis").step == PHOTO
    assert customer.only_ticket().description == "AC mobil malah tambah panas habis diservis"


def test_the_furious_are_asked_nothing_and_have_a_ticket(customer: Complainer) -> None:
    turn = customer.begins(FURIOUS)
    assert turn.step is None
    assert len(turn.notices) == 1
    assert customer.only_ticket().priority == TicketPriority.URGENT


def test_who_gets_furious_on_the_way_is_asked_nothing_more(customer: Complainer) -> None:
    customer.begins("hasil cucinya masih ada noda")
    assert customer.says(FURIOUS, "complaint").step is None
    assert customer.only_ticket().description.endswith(FURIOUS)


def test_the_booking_is_asked_with_the_persons_own_bookings(customer: Complainer) -> None:
    customer.booked("RM-AAAAAA", "Cuci Premium", "B1234XYZ")
    customer.booked("RM-BBBBBB", "Detailing Interior", "B1234XYZ")
    assert customer.begins("hasilnya masih kotor semua").step == BOOKING
    question = ask_complaint(customer.place, BOOKING, customer.ticket, customer.memory)
    assert {choice.payload for choice in question.choices} == {
        f'/choose_complaint{{"ticket":"{customer.ticket}","step":"complaint_booking","value":"{reference}"}}'
        for reference in ("RM-AAAAAA", "RM-BBBBBB")
    }
    assert customer.taps(BOOKING, "RM-BBBBBB").step == PHOTO
    assert customer.only_ticket().booking_reference == "RM-BBBBBB"


@pytest.mark.parametrize(
    "text", ["cuci premium kemarin masih kotor", "booking rm-aaaaaa hasilnya kotor", "kotor nih, yang B 1234 XYZ"]
)
def test_a_booking_that_the_words_name_is_not_asked(customer: Complainer, text: str) -> None:
    customer.booked("RM-AAAAAA", "Cuci Premium", "B1234XYZ")
    customer.booked("RM-BBBBBB", "Detailing Interior", "B9999ABC")
    assert customer.begins(text).step == PHOTO
    assert customer.only_ticket().booking_reference == "RM-AAAAAA"


def test_something_else_than_a_booking_goes_on(customer: Complainer) -> None:
    customer.booked("RM-AAAAAA", "Cuci Premium")
    customer.begins("stafnya kasar sekali waktu saya tanya")
    assert customer.taps(BOOKING, "other").step == PHOTO
    assert customer.only_ticket().booking_reference is None


def test_words_in_place_of_a_booking_enrich_the_ticket(customer: Complainer) -> None:
    customer.booked("RM-AAAAAA", "Cuci Premium")
    customer.begins("hasilnya masih kotor")
    assert customer.says("yang di jok belakang paling parah").step == PHOTO
    assert customer.only_ticket().description == "hasilnya masih kotor\nyang di jok belakang paling parah"


def test_a_photo_completes_the_complaint_and_stands_on_the_ticket(customer: Complainer) -> None:
    customer.begins(SCRATCH)
    turn = customer.sends_a_file()
    assert (turn.step, turn.answers[PHOTO]) == (None, "sent")
    assert len(customer.only_ticket().photos) == 1


def test_a_complaint_under_a_photo_asks_for_no_photo(customer: Complainer) -> None:
    assert customer.begins(SCRATCH, IncomingKind.MEDIA).step is None
    assert len(customer.only_ticket().photos) == 1


def test_a_file_of_another_conversation_is_not_taken(customer: Complainer) -> None:
    customer.begins(SCRATCH)
    customer.hears(Said(intent="send_file", file=999_999))
    assert customer.only_ticket().photos == []


@pytest.mark.parametrize(("text", "intent"), [("ga ada", "deny"), ("makasih ya", "thanks")])
def test_no_photo_completes_the_complaint_and_adds_no_words(customer: Complainer, text: str, intent: str) -> None:
    customer.begins(SCRATCH)
    assert customer.says(text, intent).step is None
    assert customer.only_ticket().description == SCRATCH


def test_a_photo_is_asked_twice_at_most(customer: Complainer) -> None:
    customer.begins(SCRATCH)
    assert customer.says("panjangnya sekitar sepuluh senti").step == PHOTO
    assert ask_complaint(customer.place, PHOTO, customer.ticket, customer.memory).response.endswith("_again")
    assert customer.says("sampai kelihatan dasarnya").step is None
    assert customer.only_ticket().description.count("\n") == 2


@pytest.mark.parametrize("intent", ["ask_hours", "greet", "who_are_you", "ask_offers", "talk_to_person", "cancel"])
def test_a_question_or_a_way_out_in_between_is_left_to_its_rule(customer: Complainer, intent: str) -> None:
    customer.begins(SCRATCH)
    turn = customer.says("buka sampai jam berapa?", intent)
    assert (turn.interrupted, turn.step) == (True, PHOTO)
    assert customer.only_ticket().description == SCRATCH


def test_a_message_read_twice_stands_once_on_the_ticket(customer: Complainer) -> None:
    customer.begins(SCRATCH)
    said = Said(text="ada dua goresan", intent="inform", message=customer.sends("ada dua goresan"))
    customer.hears(said)
    customer.hears(said)
    assert customer.only_ticket().description == f"{SCRATCH}\nada dua goresan"


def test_the_same_matter_again_is_the_same_ticket_and_another_matter_another(customer: Complainer) -> None:
    customer.begins("teknisinya telat dua jam")
    customer.begins("sampai sekarang belum datang juga")
    assert len(customer.tickets()) == 1
    customer.begins("tagihan saya kok dobel")
    assert [ticket.category for ticket in customer.tickets()] == [Category.LATENESS, Category.BILLING]


def test_back_asks_the_booking_again(customer: Complainer) -> None:
    customer.booked("RM-AAAAAA", "Cuci Premium")
    customer.begins("hasilnya masih kotor")
    customer.taps(BOOKING, "other")
    assert customer.says("kembali", "go_back").step == BOOKING


def test_a_withdrawn_complaint_is_taken_up_again_by_its_button(customer: Complainer) -> None:
    customer.begins(SCRATCH)
    assert withdraw(customer.place, customer.ticket)
    assert customer.only_ticket().solved_at is not None
    late = tapped_late(
        customer.place, Said(intent="choose_complaint", step="reopen", value="yes", ticket=customer.ticket)
    )
    assert late.reopened
    assert (customer.only_ticket().status, customer.only_ticket().solved_at) == (TicketStatus.REOPENED, None)


def test_a_late_tap_still_names_the_booking_and_an_unknown_ticket_nothing(customer: Complainer) -> None:
    customer.booked("RM-AAAAAA", "Cuci Premium")
    customer.begins("hasilnya masih kotor")
    tap = Said(intent="choose_complaint", step=BOOKING, value="RM-AAAAAA", ticket=customer.ticket)
    assert tapped_late(customer.place, tap).ticket is not None
    assert customer.only_ticket().booking_reference == "RM-AAAAAA"
    assert tapped_late(customer.place, Said(intent="choose_complaint", step=BOOKING, ticket="TK-XXXXXX")).ticket is None
