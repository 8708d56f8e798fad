"""Questions in between keep the step and what they brought; patience has an end; nothing breaks the form."""

from __future__ import annotations

import pytest

from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.pieces import Piece, at_the_summary, tell

WASH = (Piece("mau cuci premium"), Piece("sekali aja", {"kind": "one_time"}))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("berapa harganya?", "ask_price"),
        ("buka jam berapa kak?", "ask_hours"),
        ("bisa sampai Bekasi ga?", "ask_areas"),
        ("outletnya di mana aja?", "ask_location"),
        ("apa aja layanannya?", "ask_services"),
        ("mau ngomong sama orang aja", "talk_to_person"),
        ("makasih ya", "thanks"),
        ("halo", "greet"),
    ],
)
def test_a_question_in_between_keeps_the_step_and_the_facts(customer: Customer, text: str, intent: str) -> None:
    before = tell(customer, *WASH).facts
    outcome = customer.says(text, intent)
    assert outcome.interrupted
    assert (outcome.step, outcome.notices) == ("first_name", ())
    assert customer.facts == before


def test_what_a_question_brings_is_kept(customer: Customer) -> None:
    tell(customer, *WASH)
    outcome = customer.says("nomor saya 081234567890, berapa harganya?", "ask_price")
    assert (outcome.interrupted, outcome.step) == (True, "first_name")
    assert customer.facts["phone"] == "+6281234567890"
    assert customer.says("Budi Santoso").step == "car_model"


def test_asking_about_a_service_does_not_choose_it(customer: Customer) -> None:
    customer.says("mau booking", "book_service")
    assert customer.says("nano coating berapa?", "ask_price").interrupted
    assert "service" not in customer.facts


def test_a_message_that_answers_is_no_interruption_whatever_it_looks_like(customer: Customer) -> None:
    tell(customer, *WASH)
    outcome = customer.says("Budi Santoso, buka sampai jam berapa?", "ask_hours")
    assert not outcome.interrupted
    assert outcome.step == "phone"


def test_a_short_answer_taken_for_a_question_still_answers(customer: Customer) -> None:
    tell(customer, *WASH, Piece("Budi Santoso"), Piece("081234567890"), Piece("Avanza 2019 B 1234 XYZ"))
    outcome = customer.says("di outlet", "ask_location", place="outlet")
    assert (outcome.interrupted, outcome.step) == (False, "outlet")


def test_an_interruption_costs_no_patience(customer: Customer) -> None:
    tell(customer, *WASH, Piece("Budi Santoso"))
    customer.says("qwer")
    assert customer.question().response == "utter_ask_phone_again"
    customer.says("berapa harganya?", "ask_price")
    assert customer.question().before == ("utter_resume",)


def test_a_step_not_understood_is_explained_and_then_a_person_is_offered(customer: Customer) -> None:
    tell(customer, *WASH, Piece("Budi Santoso"))
    assert (customer.question().response, customer.question().before) == ("utter_ask_phone", ())
    customer.says("hmm")
    assert (customer.question().response, customer.question().before) == ("utter_ask_phone_again", ())
    customer.says("gatau")
    assert (customer.question().response, customer.question().before) == (
        "utter_ask_phone_again",
        ("utter_offer_person",),
    )


def test_any_progress_starts_patience_anew(customer: Customer) -> None:
    tell(customer, *WASH, Piece("Budi Santoso"), Piece("hmm"), Piece("gatau"))
    customer.says("Avanza 2019")
    assert (customer.expected, customer.question().response) == ("phone", "utter_ask_phone")
    customer.says("081234567890")
    assert customer.question().response == "utter_ask_car_plate"


def test_two_services_at_once_are_both_offered_and_no_other(customer: Customer) -> None:
    customer.says("mau interior dan premium", "book_service")
    question = customer.question()
    assert customer.expected == "service"
    assert {choice.title for choice in question.choices} == {"Cuci Premium", "Detailing Interior"}


@pytest.mark.parametrize("length", [1001, 5000])
def test_a_too_long_message_is_told_so_and_changes_nothing(customer: Customer, length: int) -> None:
    before = at_the_summary(customer).facts
    outcome = customer.says(("ganti jam 11 " * 500)[:length], "correct", field="time")
    assert customer.notices == ["utter_text_too_long"]
    assert outcome.step == "confirmation"
    assert customer.facts == before


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀",
        "",
        "\x00\x00",
        "<script>alert(1)</script>",
        "'; DROP TABLE drafts;--",
        "{{7*7}}",
        "🚗" * 900,
    ],
)
def test_strange_messages_never_break_any_step(customer: Customer, text: str) -> None:
    tell(customer, Piece("mau booking"))
    answers = ["cuci premium", "sekali aja", "Budi Santoso", "081234567890", "Avanza", "2019", "B 1234 XYZ"]
    for answer in answers:
        step, facts = customer.expected, customer.facts
        assert customer.says(text).step == step
        assert customer.facts == facts
        assert customer.question().response.startswith(f"utter_ask_{step}")
        customer.says(answer, kind="one_time") if step == "booking_kind" else customer.says(answer)
    assert customer.expected == "place"


def test_code_in_a_name_is_left_out_and_the_name_kept(customer: Customer) -> None:
    tell(customer, *WASH)
    customer.says("Robert'); DROP TABLE drafts;--")
    assert customer.facts["first_name"] == "Robert"
    customer.says("<b>Tables</b>")
    assert customer.facts["last_name"] == "Tables"


def test_the_language_may_change_in_the_middle(kilap_web: Door) -> None:
    customer = tell(kilap_web.enter("visitor", "id"), *WASH)
    customer.speaks("en")
    customer.says("I'm John Tan, my number is 081234567890")
    customer.says("Honda City 2018 B 1234 XYZ")
    customer.says("at home, Jl. Melati No 5 Depok 16415", place="home")
    customer.says("tomorrow at 10")
    assert customer.expected == "confirmation"
    assert customer.question().variables["date"] == "Tuesday, 24 November 2026"


def test_asking_whether_we_are_open_on_a_day_does_not_move_the_visit_there(customer: Customer) -> None:
    tell(customer, Piece("cuci premium", {"kind": "one_time"}), Piece("Budi Santoso, 081234567890"))
    customer.says("besok lusa")
    day = customer.facts["appointment_date"]
    customer.says("minggu buka ga?", "ask_hours")
    assert customer.facts["appointment_date"] == day


@pytest.mark.parametrize("text", ["what is the weather today?", "besok hujan ga ya?", "esok hujan tak?"])
def test_a_question_that_is_none_of_ours_moves_no_visit(customer: Customer, text: str) -> None:
    before = at_the_summary(customer).facts
    outcome = customer.says(text, "out_of_scope")
    assert (outcome.interrupted, outcome.step) == (True, "confirmation")
    assert customer.facts == before


def test_a_bare_day_that_was_not_recognised_still_moves_the_visit(customer: Customer) -> None:
    day = at_the_summary(customer).facts["appointment_date"]
    customer.says("lusa aja jam 11", "out_of_scope")
    assert customer.facts["appointment_date"] != day
