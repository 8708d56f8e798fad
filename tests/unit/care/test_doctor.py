"""The doctor's rules over typed histories: he sees each lock, and leaves good conversations alone."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from ramah.care.doctor import Finding, examine, hands_over, may_intervene
from ramah.care.watched import WatchedTurn, facts_of, from_json, words_of
from tests.unit.care.conversations import GoodConversation

ASKED = WatchedTurn(
    1, intent="inform", step="car_model", question="which car", booking=True, draft="d", draft_open=True, facts="f"
)
NOTHING = WatchedTurn(1, intent="greet")


def turns(*kinds: WatchedTurn) -> list[WatchedTurn]:
    """The turns one after another in a thread."""
    return [replace(turn, position=number * 2) for number, turn in enumerate(kinds, start=1)]


def test_the_same_question_thrice_in_the_same_words_is_a_lock() -> None:
    assert examine(turns(ASKED, ASKED)) is None
    assert examine(turns(ASKED, ASKED, ASKED)) is Finding.SAME_WORDS


def test_other_words_or_another_booking_are_none() -> None:
    assert examine(turns(ASKED, replace(ASKED, question="your car?"), ASKED)) is None
    assert examine(turns(ASKED, ASKED, replace(ASKED, draft="e"))) is None


def test_side_questions_do_not_excuse_the_same_words() -> None:
    aside = replace(ASKED, intent="ask_price", aside=True)
    assert examine(turns(ASKED, aside, aside)) is Finding.SAME_WORDS


def test_four_messages_that_change_nothing_are_a_lock() -> None:
    asked = [replace(ASKED, question=f"q{number}") for number in range(5)]
    assert examine(turns(*asked[:4])) is None
    assert examine(turns(*asked)) is Finding.NO_PROGRESS


def test_side_questions_are_not_counted_as_no_progress() -> None:
    asides = [replace(ASKED, question=f"q{number}", aside=True) for number in range(6)]
    assert examine(turns(ASKED, *asides)) is None


def test_a_new_fact_is_progress() -> None:
    asked = [replace(ASKED, question=f"q{number}", facts=f"f{number // 4}") for number in range(7)]
    assert examine(turns(*asked)) is None


def test_asking_what_was_answered_is_a_lock_at_once() -> None:
    assert examine(turns(replace(ASKED, known=True))) is Finding.KNOWN_ASKED


def test_a_form_without_a_draft_is_a_lock_at_once() -> None:
    assert examine(turns(replace(ASKED, draft=None, draft_open=False))) is Finding.FORM_WITHOUT_DRAFT
    other_form = replace(ASKED, booking=False, draft=None, draft_open=False)
    assert examine(turns(other_form)) is None


def test_answers_to_nobody_beside_an_open_draft_are_a_lock() -> None:
    lost = replace(ASKED, step=None, question="did not understand", booking=False, lost=True)
    assert examine(turns(lost)) is None
    assert examine(turns(lost, lost)) is Finding.DRAFT_WITHOUT_QUESTION
    without = replace(lost, draft=None, draft_open=False)
    assert examine(turns(without, without)) is None


def test_a_message_written_long_before_the_question_is_no_answer_to_it() -> None:
    first, late = replace(ASKED, sent_at=1000.0), replace(ASKED, sent_at=800.0, question="b")
    assert examine(turns(first, late)) is Finding.LATE_ANSWER
    assert examine(turns(first, replace(late, sent_at=990.0))) is None


def test_a_message_overtaken_by_a_later_one_is_no_answer() -> None:
    first, overtaken = replace(ASKED, position=8), replace(ASKED, position=4, question="b")
    assert examine([first, overtaken]) is Finding.LATE_ANSWER


def test_not_understood_thrice_in_the_same_words_is_a_lock() -> None:
    lost = replace(NOTHING, intent="nlu_fallback", question="did not understand", lost=True)
    assert examine(turns(lost, lost, lost)) is Finding.SAME_WORDS


def test_saying_thanks_thrice_is_no_lock() -> None:
    assert examine(turns(NOTHING, NOTHING, NOTHING, NOTHING)) is None


def test_a_turn_of_a_person_is_none_of_his_business() -> None:
    assert examine(turns(ASKED, ASKED, replace(ASKED, answered=False))) is None


@pytest.mark.parametrize(("since", "allowed"), [(None, True), (0, False), (4, False), (5, True)])
def test_he_rests_after_an_intervention(since: int | None, allowed: bool) -> None:
    assert may_intervene(since) is allowed


def test_after_two_interventions_a_person_gets_it() -> None:
    assert [hands_over(count) for count in range(4)] == [False, False, True, True]


def test_a_thousand_good_conversations_raise_no_alarm() -> None:
    for seed in range(1_000):
        history = GoodConversation(random.Random(seed)).run()
        alarms = [examine(history[: end + 1]) for end in range(len(history))]
        assert alarms == [None] * len(history), f"seed {seed}"


@pytest.mark.parametrize("seed", range(30))
def test_he_sees_a_lock_in_the_middle_of_a_good_conversation(seed: int) -> None:
    chance = random.Random(seed)
    history = GoodConversation(chance).run()
    cut = chance.randrange(1, len(history))
    locked = replace(ASKED, question="again and again", position=0)
    for number in range(3):
        history.insert(cut + number, replace(locked, position=history[cut - 1].position + number + 1))
    assert examine(history[: cut + 3]) is not None


def test_a_turn_survives_being_stored() -> None:
    turn = replace(ASKED, sent_at=12.5, known=True, comforted=True)
    assert from_json(turn.as_json()) == turn
    assert from_json({}) is None
    assert from_json({**turn.as_json(), "of_a_later_version": 1}) == turn


def test_marks_are_of_words_and_facts_only() -> None:
    assert words_of("Mobilnya  apa, Kak?") == words_of("mobilnya apa, kak? ")
    assert words_of("Mobilnya apa?") != words_of("Mobil apa?")
    assert words_of("  ") == ""
    assert facts_of({"a": 1, "b": None}) == facts_of({"b": None, "a": 1})
    assert facts_of({"a": 1}) != facts_of({"a": 2})
