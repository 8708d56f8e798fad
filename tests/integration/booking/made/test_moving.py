"""Moving a booking: which one, to when, the customer's yes; nothing twice, nothing by mistake."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from ramah.booking.made.changes import Changed
from ramah.booking.made.owned import tag_of
from ramah.integrations.erp.document import BookingDocument
from ramah.store import Database
from tests.integration.booking.customer import Door
from tests.integration.booking.made.conftest import JAKARTA, TOMORROW_TEN
from tests.integration.booking.made.owner import Owner, book, owner, set_profile

THURSDAY_THREE = datetime(2026, 11, 26, 15, tzinfo=JAKARTA)


def starts(budi: Owner) -> list[datetime]:
    return sorted(one.starts_at for one in budi.in_erp())


def test_the_only_booking_is_taken_and_moved_in_one_message_and_a_yes(budi: Owner, tomorrow: BookingDocument) -> None:
    turn = budi.says("pindahin booking saya besok ke Kamis jam 3 sore", "reschedule")
    assert (turn.step, turn.notices) == ("move_confirmation", ())
    question = budi.question()
    assert question.response == "utter_ask_move_confirmation"
    assert (question.variables["date"], question.variables["time"]) == ("Selasa, 24 November 2026", "10:00")
    assert (question.variables["new_date"], question.variables["new_time"]) == ("Kamis, 26 November 2026", "15:00")
    assert budi.says("iya", "affirm").step is None
    change = budi.submits()
    assert change.result is Changed.MOVED
    assert (change.variables["date"], change.variables["time"]) == ("Kamis, 26 November 2026", "15:00")
    assert starts(budi) == [THURSDAY_THREE]


def test_day_and_hour_are_asked_one_at_a_time(budi: Owner, tomorrow: BookingDocument) -> None:
    assert budi.says("mau reschedule", "reschedule").step == "new_date"
    assert budi.question().response == "utter_ask_new_date"
    assert len(budi.question().choices) == 5
    assert budi.says("Kamis").step == "new_time"
    assert all("new_time" in choice.payload for choice in budi.question().choices)
    assert budi.says("jam 3 sore").step == "move_confirmation"
    budi.says("betul", "affirm")
    assert budi.submits().result is Changed.MOVED
    assert starts(budi) == [THURSDAY_THREE]


def test_a_whole_move_by_taps(budi: Owner, tomorrow: BookingDocument) -> None:
    budi.says("mau reschedule", "reschedule")
    budi.taps(tomorrow.booking_id, "new_date", "2026-11-26")
    budi.taps(tomorrow.booking_id, "new_time", "15:00")
    assert budi.question().variables["chosen"] == "2026-11-26T15:00"
    budi.taps(tomorrow.booking_id, "move_confirmation", "2026-11-26T15:00")
    assert budi.submits().result is Changed.MOVED
    assert starts(budi) == [THURSDAY_THREE]


def test_an_hour_alone_means_the_same_day(budi: Owner, tomorrow: BookingDocument) -> None:
    assert budi.says("booking saya yang besok dimajukan ke jam 8", "reschedule").step == "move_confirmation"
    assert budi.turn.facts["new_date"] == "2026-11-24"
    assert budi.turn.facts["new_time"] == "08:00"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("booking saya diundur sejam dong", "2026-11-24T11:00"),
        ("bisa mundur sehari?", "2026-11-25T10:00"),
        ("majuin 2 jam ya", "2026-11-24T08:00"),
        ("push it back an hour", "2026-11-24T11:00"),
        ("lewatkan seminggu boleh?", None),
    ],
)
def test_a_length_counts_from_the_present_start(
    budi: Owner, tomorrow: BookingDocument, text: str, moment: str | None
) -> None:
    budi.says(text, "reschedule")
    facts = budi.turn.facts
    assert f"{facts.get('new_date')}T{facts.get('new_time')}" == (moment or "2026-12-01T10:00")


def test_of_several_one_is_chosen_by_button(budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument) -> None:
    assert budi.says("mau pindah jadwal", "reschedule").step == "moved_booking"
    choices = budi.question().choices
    assert [choice.payload for choice in choices] == [
        f'/choose_booking{{"booking":"{one.booking_id[-8:]}"}}' for one in (tomorrow, saturday)
    ]
    assert budi.taps(saturday.booking_id).step == "new_date"
    assert budi.turn.facts["moved_booking"] == saturday.booking_id


@pytest.mark.parametrize("words", ["yang sabtu", "yang brio", "yang kedua", "B 77 KL", "yang jam 2"])
def test_of_several_one_is_chosen_by_words(
    budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument, words: str
) -> None:
    budi.says("mau pindah jadwal", "reschedule")
    assert budi.says(words).step == "new_date"
    assert budi.turn.facts["moved_booking"] == saturday.booking_id


def test_the_new_time_said_first_is_kept_while_the_booking_is_asked(
    budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument
) -> None:
    assert budi.says("pindah ke Kamis jam 3 sore", "reschedule").step == "moved_booking"
    assert budi.says(f"yang {saturday.reference}").step == "move_confirmation"
    assert budi.turn.facts["new_date"] == "2026-11-26"


def test_a_number_that_is_not_theirs_is_told_and_moves_nothing(budi: Owner, tomorrow: BookingDocument) -> None:
    turn = budi.says("reschedule RM-ZZZZZZ ke Kamis jam 3", "reschedule")
    assert (budi.notices, turn.step) == (["utter_reference_not_found"], "moved_booking")


def test_a_taken_time_is_refused_with_the_nearest_free_ones(budi: Owner, tomorrow: BookingDocument) -> None:
    for _ in range(3):  # all bays
        book(budi.place, THURSDAY_THREE, is_own=False)
    turn = budi.says("ke Kamis jam 3 sore", "reschedule")
    assert (budi.notices, turn.step) == (["utter_time_taken"], "new_time")
    titles = [choice.title for choice in budi.question().choices]
    assert titles
    assert "15:00" not in titles
    assert titles == sorted(titles)
    assert all(abs(int(title[:2]) - 15) <= 3 for title in titles)


@pytest.mark.parametrize(
    ("words", "notice", "step"),
    [
        ("ke Kamis jam 11 malam", "utter_closed_then", "new_time"),
        ("ke kemarin lusa 20 November jam 10", "utter_date_passed", "new_date"),
        ("ke 20 April jam 10", "utter_too_far_ahead", "new_date"),
        ("ke besok jam 10", "utter_move_same_time", "new_time"),
    ],
)
def test_a_time_that_cannot_be_is_explained(
    budi: Owner, tomorrow: BookingDocument, words: str, notice: str, step: str
) -> None:
    turn = budi.says(f"pindah {words}", "reschedule")
    assert (budi.notices, turn.step) == ([notice], step)


def test_its_own_time_does_not_stand_in_its_way(budi: Owner, tomorrow: BookingDocument) -> None:
    for _ in range(2):
        book(budi.place, TOMORROW_TEN, is_own=False)
    assert budi.says("geser ke jam 10.30", "reschedule").step == "move_confirmation"


def test_a_correction_at_the_summary_replaces_the_time(budi: Owner, tomorrow: BookingDocument) -> None:
    budi.says("pindah ke Kamis jam 3 sore", "reschedule")
    assert budi.says("eh salah, jam 4 sore", "correct").step == "move_confirmation"
    assert budi.turn.facts["new_time"] == "16:00"
    assert budi.says("ganti jamnya", "correct", field="time").step == "new_time"
    assert budi.turn.facts["new_date"] == "2026-11-26"


def test_back_asks_the_last_answer_again(budi: Owner, tomorrow: BookingDocument) -> None:
    budi.says("pindah ke Kamis jam 3 sore", "reschedule")
    assert budi.says("kembali", "go_back").step == "new_time"
    assert budi.says("kembali", "go_back").step == "new_date"


@pytest.mark.parametrize(("text", "intent"), [("batal", "cancel"), ("ga jadi deh", "cancel")])
def test_leaving_changes_nothing(budi: Owner, tomorrow: BookingDocument, text: str, intent: str) -> None:
    budi.says("pindah ke Kamis jam 3 sore", "reschedule")
    turn = budi.says(text, intent)
    assert (turn.step, budi.notices) == (None, ["utter_change_left"])
    assert budi.submits().result is Changed.NOTHING
    assert starts(budi) == [TOMORROW_TEN]


@pytest.mark.parametrize(
    "intent", ["ask_price", "ask_hours", "talk_to_person", "thanks", "my_bookings", "cancel_booking"]
)
def test_a_question_in_between_keeps_the_step(budi: Owner, tomorrow: BookingDocument, intent: str) -> None:
    budi.says("mau reschedule", "reschedule")
    assert budi.says("berapa sih harganya?", intent).interrupted
    assert budi.turn.step == "new_date"


def test_a_wish_not_understood_is_explained_and_then_a_person_is_offered(
    budi: Owner, tomorrow: BookingDocument
) -> None:
    budi.says("mau reschedule", "reschedule")
    budi.says("hmm gimana ya")
    assert (budi.question().response, budi.question().before) == ("utter_ask_new_date_again", ())
    budi.says("hmm")
    assert budi.question().before == ("utter_offer_person",)
    budi.says("Kamis")
    assert budi.question().response == "utter_ask_new_time"


def test_the_yes_of_an_older_summary_does_not_confirm_the_newer_one(budi: Owner, tomorrow: BookingDocument) -> None:
    budi.says("pindah ke Kamis jam 3 sore", "reschedule")
    budi.says("eh jam 4 sore", "correct")
    turn = budi.taps(tomorrow.booking_id, "move_confirmation", "2026-11-26T15:00")
    assert (turn.step, budi.notices) == ("move_confirmation", ["utter_change_button_gone"])
    assert budi.turn.facts["new_time"] == "16:00"


@pytest.mark.parametrize("value", ["", "x", "2026-13-45", "25:99", "<b>"])
@pytest.mark.parametrize("step", ["new_date", "new_time", "move_confirmation", "moved_booking", ""])
def test_made_up_taps_change_nothing(budi: Owner, tomorrow: BookingDocument, step: str, value: str) -> None:
    budi.says("mau reschedule", "reschedule")
    assert budi.taps(tomorrow.booking_id, step or None, value).step == "new_date"
    assert set(budi.turn.facts) == {"moved_booking"}


def test_a_tap_for_another_booking_changes_nothing(budi: Owner, tomorrow: BookingDocument) -> None:
    budi.says("mau reschedule", "reschedule")
    budi.taps("00000000-0000-4000-8000-000000000000", "new_date", "2026-11-26")
    assert budi.notices == ["utter_change_button_gone"]


def test_submitting_twice_moves_once(budi: Owner, tomorrow: BookingDocument) -> None:
    budi.says("pindah ke Kamis jam 3 sore", "reschedule")
    budi.says("ya", "affirm")
    assert budi.submits().result is Changed.MOVED
    assert budi.submits().result is Changed.MOVED
    assert len(budi.wishes()) == 1


def test_a_time_taken_meanwhile_is_told_and_the_old_one_stays(budi: Owner, tomorrow: BookingDocument) -> None:
    budi.says("pindah ke Kamis jam 3 sore", "reschedule")
    budi.says("ya", "affirm")
    for _ in range(3):
        book(budi.place, THURSDAY_THREE, is_own=False)
    assert budi.submits().result is Changed.TAKEN
    assert TOMORROW_TEN in starts(budi)
    assert [one.status for one in budi.wishes()] == ["refused"]


def test_too_late_goes_to_a_person(budi: Owner) -> None:
    book(budi.place, datetime(2026, 11, 23, 10, tzinfo=JAKARTA))  # in an hour and a half
    turn = budi.says("mau reschedule", "reschedule")
    assert (turn.step, turn.handover, budi.notices) == (None, "change_too_late", ["utter_change_too_late"])
    assert turn.notices[0].variables["hours"] == "2"


@pytest.mark.parametrize(("hours", "may"), [(1, True), (24, True), (25.9, False), (0, True), ("x", True), (-3, True)])
def test_the_organisation_sets_how_late_is_too_late(
    budi: Owner, tomorrow: BookingDocument, hours: object, *, may: bool
) -> None:
    set_profile(budi.place, change_hours=hours)
    assert (budi.says("mau reschedule", "reschedule").step is not None) is may


def test_what_became_too_late_at_the_summary_is_not_written(
    budi: Owner, tomorrow: BookingDocument, clock: time_machine.Traveller
) -> None:
    budi.says("pindah ke Kamis jam 3 sore", "reschedule")
    budi.says("ya", "affirm")
    clock.move_to(TOMORROW_TEN - timedelta(hours=1))
    assert budi.submits().result is Changed.TOO_LATE
    assert starts(budi) == [TOMORROW_TEN]


def test_a_home_visit_counts_crews(budi: Owner) -> None:
    home = {"street": "Jl. Melati 5", "city": "Depok", "postcode": "16415", "landmark": None, "country": "ID"}
    book(budi.place, TOMORROW_TEN, place="home", address=home)
    for _ in range(2):  # all crews
        book(budi.place, THURSDAY_THREE, is_own=False, place="home", address=home)
    budi.says("pindah ke Kamis jam 3 sore", "reschedule")
    assert budi.notices == ["utter_time_taken"]


def test_it_moves_on_each_database(demo_on_each_backend: Database, clock: time_machine.Traveller) -> None:
    budi = owner(Door(demo_on_each_backend, clock, "webchat", "kilap-auto").enter("visitor", "en"))
    book(budi.place, TOMORROW_TEN)
    budi.says("move my booking to Thursday 3pm", "reschedule")
    budi.says("yes", "affirm")
    assert budi.submits().result is Changed.MOVED
    assert budi.submits().result is Changed.MOVED
    assert starts(budi) == [THURSDAY_THREE]
    assert [tag_of(one) for one in budi.in_erp()] == [budi.turn.facts["moved_booking"][-8:]]
