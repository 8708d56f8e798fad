"""What is told of bookings: the list, and how far they are, as the ERP says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from ramah.booking.embedded.visits import note_progress
from ramah.booking.made.listing import Reply, late_tap, my_bookings, status
from ramah.booking.made.said import Said
from ramah.booking.models import Draft, DraftStatus
from ramah.integrations.erp.document import BookingDocument
from ramah.integrations.erp.port import BookingStatus
from tests.integration.booking.made.conftest import TOMORROW_TEN
from tests.integration.booking.made.owner import Owner, book


def said(replies: list[Reply]) -> list[str]:
    return [reply.notice.response for reply in replies]


def asks(budi: Owner, text: str = "mobil saya sudah selesai?") -> list[Reply]:
    return status(budi.place, Said(text, "service_update"))


def staff_note(
    budi: Owner, booking: BookingDocument, state: BookingStatus, note: str | None = None, ready: datetime | None = None
) -> None:
    with budi.place.database.tenant(budi.place.organisation_id) as session:
        note_progress(session, booking.booking_id, state, note=note, ready_at=ready)


def test_the_only_booking_is_told_on_one_line(budi: Owner, tomorrow: BookingDocument) -> None:
    [reply] = my_bookings(budi.place)
    assert reply.notice.response == "utter_my_booking"
    expected = f"*Cuci Premium*, Sel, 24 Nov 10:00 · Avanza B 1234 XYZ ({tomorrow.reference})"
    assert reply.notice.variables["line"] == expected


def test_several_are_listed_nearest_first_with_buttons(
    budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument
) -> None:
    [reply] = my_bookings(budi.place)
    lines = reply.notice.variables["list"].splitlines()
    assert [tomorrow.reference in lines[0], saturday.reference in lines[1]] == [True, True]
    assert [choice.title for choice in reply.choices] == ["Sel, 24 Nov 10:00", "Sab, 28 Nov 14:00"]


def test_past_and_cancelled_ones_are_told_apart(budi: Owner, tomorrow: BookingDocument) -> None:
    past = book(budi.place, TOMORROW_TEN - timedelta(days=5))
    staff_note(budi, past, BookingStatus.DONE)
    replies = my_bookings(budi.place)
    assert said(replies) == ["utter_my_booking", "utter_my_past_bookings"]
    assert past.reference in replies[1].notice.variables["list"]
    assert "✅" in replies[1].notice.variables["list"]


def test_without_any_booking_it_says_so(budi: Owner) -> None:
    assert said(my_bookings(budi.place)) == ["utter_bookings_unknown"]
    assert said(asks(budi)) == ["utter_bookings_unknown"]


def test_a_booking_that_waits_for_the_erp_is_told(budi: Owner, tomorrow: BookingDocument) -> None:
    with budi.place.database.tenant(budi.place.organisation_id) as session:
        session.get_one(Draft, tomorrow.booking_id).status = DraftStatus.SUBMITTING
    assert said(my_bookings(budi.place)) == ["utter_booking_waiting"]


@pytest.mark.parametrize(
    ("state", "note", "minutes", "responses"),
    [
        (BookingStatus.BOOKED, None, None, ["utter_status_booked_outlet"]),
        (BookingStatus.IN_PROGRESS, None, None, ["utter_status_in_progress"]),
        (BookingStatus.IN_PROGRESS, "tinggal poles", 90, ["utter_status_in_progress_ready", "utter_status_note"]),
        (BookingStatus.DONE, None, None, ["utter_status_done"]),
        (BookingStatus.DONE, "kunci di kasir", 90, ["utter_status_done_ready", "utter_status_note"]),
        (BookingStatus.CANCELLED, "hujan", None, ["utter_status_cancelled"]),
        (BookingStatus.NO_SHOW, None, None, ["utter_status_no_show"]),
    ],
)
def test_it_says_what_the_erp_says(
    budi: Owner,
    tomorrow: BookingDocument,
    state: BookingStatus,
    note: str | None,
    minutes: int | None,
    responses: list[str],
) -> None:
    ready = TOMORROW_TEN + timedelta(minutes=minutes) if minutes else None
    staff_note(budi, tomorrow, state, note, ready)
    replies = asks(budi)
    assert said(replies) == responses
    assert replies[0].notice.variables["ready"] == ("11:30" if minutes else "")
    assert replies[-1].notice.variables["note"] == (note or "")


def test_a_visit_that_should_have_begun_without_news_offers_a_person(
    budi: Owner, tomorrow: BookingDocument, clock: time_machine.Traveller
) -> None:
    clock.move_to(TOMORROW_TEN + timedelta(minutes=30))
    assert said(asks(budi)) == ["utter_status_no_news"]


def test_is_it_done_means_the_one_under_way(budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument) -> None:
    staff_note(budi, tomorrow, BookingStatus.IN_PROGRESS)
    [reply] = asks(budi)
    assert reply.notice.variables["reference"] == tomorrow.reference


def test_a_named_booking_is_told_alone(budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument) -> None:
    for words in ("brio saya udah selesai?", f"status {saturday.reference}", "booking yang sabtu jam berapa ya"):
        [reply] = asks(budi, words)
        assert reply.notice.variables["reference"] == saturday.reference


def test_a_tap_on_the_list_tells_that_one(budi: Owner, tomorrow: BookingDocument, saturday: BookingDocument) -> None:
    [reply] = status(budi.place, Said(intent="choose_booking", booking=saturday.booking_id[-8:]))
    assert reply.notice.variables["reference"] == saturday.reference


def test_a_late_tap_does_nothing_and_tells_the_booking_as_it_is(budi: Owner, tomorrow: BookingDocument) -> None:
    tap = Said(intent="choose_change", booking=tomorrow.booking_id[-8:], step="cancellation_confirmation", value="yes")
    assert said(late_tap(budi.place, tap)) == ["utter_change_button_late", "utter_status_booked_outlet"]
    assert [one.status for one in budi.in_erp()] == [BookingStatus.BOOKED]
