"""Bookings that are made: every adapter lists, moves and calls off alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from ramah.integrations.erp.document import BookingReceipt
from ramah.integrations.erp.port import BookingStatus, BookingSummary
from ramah.integrations.errors import Conflict, Rejected
from tests.contract.erp.documents import AVANZA, BUDI, JAKARTA, TEN, booking
from tests.contract.erp.harness import ErpUnderTest
from tests.contract.erp.test_erp_contract import together

NOBODY = "00000000-0000-4000-8000-000000000000"
ELEVEN = TEN + timedelta(hours=1)
SITI = BUDI.model_copy(update={"first_name": "Siti", "phone": "+6281311112222"})


@pytest.fixture(autouse=True)
def march() -> Iterator[None]:
    """Three days before the visits of these tests."""
    with time_machine.travel(datetime(2030, 3, 1, 2, tzinfo=UTC), tick=True):
        yield


def known(subject: ErpUnderTest) -> list[BookingSummary]:
    return subject.erp.bookings_of(BUDI.phone)


def taken_at(subject: ErpUnderTest) -> list[datetime]:
    return [one.starts_at for one in subject.erp.taken(subject.outlet_code, TEN.date(), JAKARTA.key)]


def test_it_tells_all_of_a_booking(subject: ErpUnderTest) -> None:
    document = booking(subject, place="home")
    subject.erp.book(document, capacity=1)
    [summary] = known(subject)
    assert summary == BookingSummary(
        booking_id=document.booking_id,
        reference=document.reference,
        kind="one_time",
        service_code=document.service_code,
        service_name=document.service_name,
        outlet_code=subject.outlet_code,
        place="home",
        starts_at=TEN,
        minutes=document.minutes,
        vehicle=AVANZA,
        status=BookingStatus.BOOKED,
    )
    assert summary.starts_at.utcoffset() == timedelta(0)


def test_it_tells_only_the_bookings_of_that_number(subject: ErpUnderTest) -> None:
    assert known(subject) == []
    mine = booking(subject)
    subject.erp.book(mine, capacity=2)
    subject.erp.book(booking(subject, customer=SITI), capacity=2)
    assert [one.booking_id for one in known(subject)] == [mine.booking_id]


def test_it_tells_upcoming_ones_first_and_forgets_what_is_older_than_a_month(subject: ErpUnderTest) -> None:
    hours = {"old": -24 * 40, "recent": -48, "later": 96, "soon": 24, "yesterday": -24}
    now = datetime(2030, 3, 1, 3, tzinfo=UTC)
    documents = {name: booking(subject, starts_at=now + timedelta(hours=away)) for name, away in hours.items()}
    for document in documents.values():
        subject.erp.book(document, capacity=1)
    expected = [documents[name].booking_id for name in ("soon", "later", "yesterday", "recent")]
    assert [one.booking_id for one in known(subject)] == expected


def test_it_tells_of_a_subscription_and_of_a_visit_without_a_car(subject: ErpUnderTest) -> None:
    subject.erp.book(booking(subject, kind="subscription", vehicle=None), capacity=1)
    [summary] = known(subject)
    assert (summary.kind, summary.vehicle) == ("subscription", None)


@pytest.mark.parametrize("kind", ["one_time", "subscription"])
def test_it_moves_a_booking_and_gives_the_old_time_back(subject: ErpUnderTest, kind: str) -> None:
    document = booking(subject, kind="subscription" if kind == "subscription" else "one_time")
    first = subject.erp.book(document, capacity=1)
    receipt = subject.erp.move(document.booking_id, ELEVEN + timedelta(hours=3), capacity=1)
    assert (receipt.booking_id, receipt.erp_name, receipt.repeated) == (document.booking_id, first.erp_name, False)
    assert taken_at(subject) == [ELEVEN + timedelta(hours=3)]
    assert [one.starts_at for one in known(subject)] == [ELEVEN + timedelta(hours=3)]
    subject.erp.book(booking(subject), capacity=1)


def test_a_repeated_move_changes_nothing(subject: ErpUnderTest) -> None:
    document = booking(subject)
    subject.erp.book(document, capacity=1)
    subject.erp.move(document.booking_id, ELEVEN, capacity=1)
    assert subject.erp.move(document.booking_id, ELEVEN, capacity=1).repeated
    assert taken_at(subject) == [ELEVEN]
    assert subject.count_visits() == 1


def test_a_booking_may_move_into_its_own_time(subject: ErpUnderTest) -> None:
    document = booking(subject)
    subject.erp.book(document, capacity=1)
    subject.erp.move(document.booking_id, TEN + timedelta(minutes=15), capacity=1)
    assert taken_at(subject) == [TEN + timedelta(minutes=15)]


def test_it_refuses_to_move_to_a_time_that_is_taken(subject: ErpUnderTest) -> None:
    mine, other = booking(subject), booking(subject, customer=SITI, starts_at=TEN + timedelta(hours=5))
    subject.erp.book(mine, capacity=1)
    subject.erp.book(other, capacity=1)
    with pytest.raises(Conflict) as caught:
        subject.erp.move(mine.booking_id, TEN + timedelta(hours=5, minutes=-15), capacity=1)
    assert caught.value.code == "slot_taken"
    assert taken_at(subject) == [TEN, TEN + timedelta(hours=5)]
    subject.erp.move(mine.booking_id, TEN + timedelta(hours=5), capacity=2)


def test_it_never_moves_more_bookings_to_one_time_than_it_holds(subject: ErpUnderTest) -> None:
    documents = [booking(subject, starts_at=TEN + timedelta(days=day)) for day in range(6)]
    for document in documents:
        subject.erp.book(document, capacity=1)
    target = TEN + timedelta(days=20)

    def move(number: int) -> BookingReceipt | Conflict:
        try:
            return subject.erp.move(documents[number].booking_id, target, capacity=1)
        except Conflict as conflict:
            return conflict

    outcomes = together(len(documents), move)
    moved = [one for one in outcomes if not isinstance(one, Conflict)]
    assert len(moved) <= 1
    assert len(subject.erp.taken(subject.outlet_code, target.date(), JAKARTA.key)) == len(moved)
    assert len({one.starts_at for one in known(subject)}) == len(documents)


def test_it_calls_a_booking_off_and_gives_its_time_back(subject: ErpUnderTest) -> None:
    document = booking(subject)
    subject.erp.book(document, capacity=1)
    receipt = subject.erp.cancel(document.booking_id, "hujan <b>deras</b>")
    assert (receipt.booking_id, receipt.repeated) == (document.booking_id, False)
    [summary] = known(subject)
    assert summary.status is BookingStatus.CANCELLED
    assert "hujan" in (summary.status_note or "")
    assert taken_at(subject) == []
    subject.erp.book(booking(subject, customer=SITI), capacity=1)


def test_a_repeated_cancellation_changes_nothing(subject: ErpUnderTest) -> None:
    document = booking(subject)
    subject.erp.book(document, capacity=1)
    subject.erp.cancel(document.booking_id, "sakit")
    assert subject.erp.cancel(document.booking_id, "").repeated
    assert [one.status_note for one in known(subject)] == ["sakit"]


def test_what_is_called_off_cannot_be_moved(subject: ErpUnderTest) -> None:
    document = booking(subject)
    subject.erp.book(document, capacity=1)
    subject.erp.cancel(document.booking_id, "")
    with pytest.raises(Conflict) as caught:
        subject.erp.move(document.booking_id, ELEVEN, capacity=1)
    assert caught.value.code == "not_open"


def test_what_does_not_exist_is_neither_moved_nor_called_off(subject: ErpUnderTest) -> None:
    with pytest.raises(Rejected) as moving:
        subject.erp.move(NOBODY, ELEVEN, capacity=1)
    with pytest.raises(Rejected) as calling_off:
        subject.erp.cancel(NOBODY, "")
    assert (moving.value.code, calling_off.value.code) == ("unknown_booking", "unknown_booking")


def test_it_tells_how_far_the_work_is(subject: ErpUnderTest) -> None:
    document = booking(subject)
    subject.erp.book(document, capacity=1)
    ready = TEN + timedelta(hours=2)
    subject.note_progress(document.booking_id, BookingStatus.IN_PROGRESS, "tinggal poles", ready)
    [summary] = known(subject)
    assert (summary.status, summary.status_note, summary.ready_at) == ("in_progress", "tinggal poles", ready)
    assert taken_at(subject) == [TEN]
    with pytest.raises(Conflict):
        subject.erp.cancel(document.booking_id, "")
    subject.note_progress(document.booking_id, BookingStatus.DONE, None, ready)
    assert [one.status for one in known(subject)] == [BookingStatus.DONE]
    with pytest.raises(Conflict):
        subject.erp.move(document.booking_id, ELEVEN, capacity=1)
