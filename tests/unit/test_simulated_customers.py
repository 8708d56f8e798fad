"""The simulated customer: what it reads, what it says, what it notices."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from benchmarks.customers.checking import faults_of, wrong_in_document, wrong_in_summary
from benchmarks.customers.customer import PATIENCE, Customer, GaveUp
from benchmarks.customers.goals import Goal, draw_goal
from benchmarks.customers.noise import misspell
from benchmarks.customers.phrasebook import phrasebook
from benchmarks.customers.summing_up import reached_aim, results_table
from benchmarks.customers.understanding import Understood, understand
from benchmarks.customers.visit import BOOKED, Visit
from benchmarks.customers.wording import CLEAN, MESSY, Voice, templates
from ramah.cli.chat_seats import Answer, Bubble

DAYS = {code: [date(2026, 12, 8)] for code in ("JKT", "BDG", "SBY", "KUL", "JHB")}
SUMMARY = """Here's what I have:

*Premium wash*
Name: {name}
Phone: {phone}
Car: {car} ({plate})
Address: {place}
When: Tuesday, 8 December 2026, 10:00
Takes about: 90 minutes
Price: Rp180,000

Is everything right?"""


def goal_of(language: str = "en", seed: int = 1) -> Goal:
    return draw_goal(random.Random(seed), language, DAYS, 0)


def english() -> Goal:
    return replace(
        goal_of(), service="premium-wash", plan=None, place="home", at=time(10), first_name="Dave", last_name="Miller",
        phone="+628122222333", make="Honda", model="HR-V", year=2021, plate="B 2222 CD", city="Jakarta Selatan",
        postcode="12730", street="Jl. Kemang Raya No. 10", landmark="near the mosque",
    )  # fmt: skip


def bubbles(*texts: str, **words: Any) -> Understood:
    shown = (
        Bubble.model_validate({"position": n, "from": "bot", "text": text, **words}) for n, text in enumerate(texts)
    )
    return understand(Answer(tuple(shown)), "en")


def customer(style: str = CLEAN, seed: int = 1) -> Customer:
    return Customer(english(), style, random.Random(seed))


@pytest.mark.parametrize(
    ("text", "name", "language"),
    [
        ("Atas nama siapa, Kak? Tulis nama depan dan belakang ya.", "utter_ask_first_name", "id"),
        ("Jl Melati No 5, itu di kota mana, Kak?", "utter_ask_city", "id"),
        ("Nombor plat Perodua Myvi tu?", "utter_ask_car_plate", "ms"),
        ("And what time on Friday, 4 December 2026? (open 08:00-20:00)", "utter_ask_appointment_time", "en"),
    ],
)
def test_it_knows_a_question_by_its_words(text: str, name: str, language: str) -> None:
    said = phrasebook().read(text, language)
    assert said is not None
    assert (said.name, said.language) == (name, language)


def test_buttons_say_for_certain_which_step_is_asked() -> None:
    button = {"title": "At home", "payload": '/choose{"draft":"d1","step":"place","value":"home"}'}
    heard = bubbles("A sentence that nobody has written", choices=[button])
    assert heard.step == "place"
    assert [value for _, value in heard.offered("place")] == ["home"]


def test_a_bubble_that_asks_nothing_is_no_question() -> None:
    assert bubbles("Good luck with the rest of it").step is None


def test_a_summary_is_read_field_by_field() -> None:
    shown = SUMMARY.format(name="Dave Miller", phone="+628122222333", car="Honda HR-V 2021", plate="B 2222 CD",
                           place="Jl. Kemang Raya No. 10, Jakarta Selatan, 12730 (near the mosque)")  # fmt: skip
    heard = bubbles(shown)
    assert heard.step == "confirmation" and heard.summary is not None
    assert wrong_in_summary(heard.summary.variables, heard.summary.language, english()) == []


def test_a_wrong_plate_in_the_summary_is_put_right_and_not_confirmed() -> None:
    shown = SUMMARY.format(name="Dave Miller", phone="+628122222333", car="Honda HR-V 2021", plate="B 2222 CX",
                           place="Jl. Kemang Raya No. 10, Jakarta Selatan, 12730")  # fmt: skip
    someone = customer()
    someone.open()
    move = someone.next(bubbles(shown))
    assert move.reason == "mend" and "B 2222 CD" in move.texts[0]
    assert someone.misread == ["plate"]


def test_a_question_that_was_answered_counts_as_repeated_and_patience_ends() -> None:
    someone = customer()
    someone.open()
    someone.agenda.tell("phone")
    asked = bubbles("What number can we reach you on? For example 0812 3456 7890 or 012-345 6789")
    assert asked.step == "phone"
    for _ in range(PATIENCE - 1):
        someone.next(asked)
    with pytest.raises(GaveUp):
        someone.next(asked)
    assert someone.repeated == ["phone"] * PATIENCE
    assert someone.least == 1 and len(someone.moves) == PATIENCE
    assert someone.heard_thrice == [asked.question]


def test_the_same_seed_is_the_same_customer() -> None:
    first, second = customer(MESSY, 7).open(), customer(MESSY, 7).open()
    assert first == second


@pytest.mark.parametrize("language", ["id", "ms", "en"])
@pytest.mark.parametrize("style", [CLEAN, MESSY])
def test_every_template_can_be_said(language: str, style: str) -> None:
    goal = goal_of(language)
    voice = Voice(language, style, random.Random(3))
    kinds = [kind for kind, inside in templates(language).items() if isinstance(inside, dict) and style in inside]
    assert len(kinds) > 30
    for kind in kinds:
        said = voice.phrase(kind, goal)
        assert said and "{" not in said and "\x01" not in said


def test_slips_never_touch_a_fact() -> None:
    voice = Voice("id", MESSY, random.Random(5))
    goal = goal_of("id")
    for _ in range(200):
        said = voice.phrase("car_plate", goal)
        assert goal.plate.lower().replace(" ", "") in said


def test_short_words_are_not_misspelt() -> None:
    assert misspell("ya ok jam", random.Random(1), 1.0, {}) == "ya ok jam"


def test_the_document_is_compared_field_by_field() -> None:
    goal = english()
    document = {
        "service_code": "premium-wash", "kind": "one_time", "place": "home", "outlet_code": goal.outlet, "plan": None,
        "starts_at": "2026-12-08T10:00:00+07:00",
        "customer": {"first_name": "Dave", "last_name": "Miller", "phone": "+628122222333"},
        "vehicle": {"make": "Honda", "model": "HR-V", "year": 2021, "plate": "B 2222 CD"},
        "address": {"street": "jalan Kemang Raya 10", "city": "Jakarta Selatan", "postcode": "12730",
                    "landmark": "near the mosque"},
    }  # fmt: skip
    assert wrong_in_document(document, goal) == {}
    document["starts_at"] = "2026-12-08T11:00:00+07:00"
    assert wrong_in_document(document, goal) == {"starts_at": ("2026-12-08T10:00", "2026-12-08T11:00")}


def visits(complete: int, of: int, *, wrong: bool = False) -> list[Visit]:
    made = [
        Visit(number, english(), CLEAN, BOOKED if number < complete else "gave up: x", 5, 5) for number in range(of)
    ]
    made[0].wrong = {"plate": ("a", "b")} if wrong else {}
    return made


def test_the_aim_is_missed_by_one_wrong_field_or_by_too_few_bookings() -> None:
    assert reached_aim(visits(100, 100))
    assert not reached_aim(visits(98, 100))
    assert not reached_aim(visits(100, 100, wrong=True))


def test_the_table_counts_turns_of_complete_visits_only() -> None:
    assert "| en clean  |      4 |    75.0% |     1.000 |" in results_table(visits(3, 4))


@pytest.mark.parametrize(
    ("texts", "language", "fault"),
    [
        (("",), "en", "an empty reply"),
        (("Which year is your Mazda CX-5? Which year is your Mazda CX-5?",), "en", "said twice"),
        (("Let's carry on.", "May I have your full name, first and last?", "Let's carry on."), "en", "said twice"),
        (("May I have your full name, first and last?",), "ms", "not in ms"),
        (("Itu di kota mana, Kak? Jl Melati No 5, itu di kota mana, Kak?",), "en", "not in en"),
    ],
)
def test_a_reply_may_not_be_empty_or_doubled_or_in_another_language(
    texts: tuple[str, ...], language: str, fault: str
) -> None:
    reply = [Bubble.model_validate({"position": n, "from": "bot", "text": text}) for n, text in enumerate(texts)]
    faults = faults_of(reply, language)
    assert len(faults) == 1 and faults[0].startswith(fault)


def test_a_good_reply_has_no_fault() -> None:
    texts = ("Let's carry on.", "May I have your full name, first and last?")
    reply = [Bubble.model_validate({"position": n, "from": "bot", "text": text}) for n, text in enumerate(texts)]
    assert faults_of(reply, "en") == []
