"""A booking that waits for the ERP: tried again, told once, given up in the end, never doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from ramah.booking.embedded.models import Booking
from ramah.booking.models import DraftStatus
from ramah.booking.retries import retry_one
from ramah.booking.submission import Submitted
from ramah.integrations.errors import Conflict, IntegrationError, Rejected, Unavailable, UncertainWrite
from ramah.messaging.inbox import SAY
from ramah.messaging.models import Conversation, HandledBy, Inbound
from ramah.observe import Incident
from ramah.store import Database, utc_now
from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.moody_erp import Moods, ProcessDied
from tests.integration.booking.pieces import at_the_summary

PATIENCE = timedelta(hours=6)
MINUTE = timedelta(minutes=1)


def bookings(customer: Customer) -> int:
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        return session.scalar(select(func.count()).select_from(Booking)) or 0


def to_be_said(customer: Customer) -> list[Inbound]:
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        rows = select(Inbound).where(Inbound.conversation_id == customer.place.conversation_id, Inbound.kind == SAY)
        return list(session.scalars(rows))


def conversation(customer: Customer) -> Conversation:
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        return session.get_one(Conversation, customer.place.conversation_id)


def retries(customer: Customer) -> bool:
    return retry_one(customer.place.database, PATIENCE)


def wait_after(customer: Customer) -> float:
    next_try = customer.row().next_try_at
    assert next_try is not None
    return (next_try - utc_now()).total_seconds()


@pytest.fixture
def pending(customer: Customer, moods: Moods) -> Customer:
    """A customer who was told that the booking is on its way."""
    at_the_summary(customer).taps("yes")
    moods.before.append(Unavailable("down"))
    assert customer.submits().result is Submitted.PENDING
    return customer


def test_nothing_is_tried_before_its_time(pending: Customer) -> None:
    assert not retries(pending)
    assert pending.row().attempts == 0


def test_a_pending_booking_is_made_when_the_erp_is_back_and_told_once(pending: Customer) -> None:
    pending.clock.shift(MINUTE)
    assert retries(pending)
    assert pending.row().status == DraftStatus.BOOKED
    assert not retries(pending)
    assert bookings(pending) == 1
    (row,) = to_be_said(pending)
    assert row.external_id == f"booked-{pending.draft_id}"
    assert row.raw == {
        "response": "utter_booking_confirmed_later",
        "variables": {
            "reference": pending.row().reference,
            "service": "Cuci Premium",
            "date": "Selasa, 24 November 2026",
            "time": "10:00",
        },
    }


def test_the_later_news_is_in_the_customers_language_and_zone(kilap_web: Door, moods: Moods) -> None:
    customer = at_the_summary(kilap_web.enter("visitor", "en"))
    customer.taps("KUL", "outlet")
    customer.taps("yes", "confirmation")
    moods.before.append(Unavailable("down"))
    customer.submits()
    customer.clock.shift(MINUTE)
    retries(customer)
    (row,) = to_be_said(customer)
    assert row.raw["variables"]["service"] == "Premium wash"
    assert row.raw["variables"]["date"] == "Tuesday, 24 November 2026"
    assert row.raw["variables"]["time"] == "10:00"


def test_an_erp_that_stays_away_is_asked_less_and_less_often(pending: Customer, moods: Moods) -> None:
    waits = []
    for _ in range(9):
        moods.before.append(Unavailable("down"))
        pending.clock.shift(timedelta(minutes=10))
        assert retries(pending)
        waits.append(wait_after(pending))
        assert not retries(pending)
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert to_be_said(pending) == []
    assert pending.row().attempts == 9


def test_it_waits_as_long_as_the_erp_asks(pending: Customer, moods: Moods) -> None:
    moods.before.append(Unavailable("busy", retry_after=77.0))
    pending.clock.shift(MINUTE)
    retries(pending)
    assert wait_after(pending) == 77


def test_a_lost_answer_does_not_double_the_booking(customer: Customer, moods: Moods) -> None:
    at_the_summary(customer).taps("yes")
    moods.after.append(UncertainWrite("no answer"))
    assert customer.submits().result is Submitted.PENDING
    assert bookings(customer) == 1
    customer.clock.shift(MINUTE)
    assert retries(customer)
    assert customer.row().status == DraftStatus.BOOKED
    assert bookings(customer) == 1
    assert len(to_be_said(customer)) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_dies_in_the_middle_leaves_the_booking_to_the_worker(
    customer: Customer, moods: Moods, moment: str
) -> None:
    at_the_summary(customer).taps("yes")
    getattr(moods, moment).append(ProcessDied())
    with pytest.raises(ProcessDied):
        customer.submits()
    assert customer.row().status == DraftStatus.SUBMITTING
    assert not retries(customer)
    customer.clock.shift(MINUTE)
    assert retries(customer)
    assert customer.row().status == DraftStatus.BOOKED
    assert bookings(customer) == 1
    # Nobody was told to wait, so nobody is told that the waiting is over.
    assert to_be_said(customer) == []


def test_a_worker_that_dies_gives_the_booking_back_when_its_lease_ends(pending: Customer, moods: Moods) -> None:
    moods.before.append(ProcessDied())
    pending.clock.shift(MINUTE)
    with pytest.raises(ProcessDied):
        retries(pending)
    assert not retries(pending)
    pending.clock.shift(timedelta(seconds=61))
    assert retries(pending)
    assert (pending.row().status, bookings(pending)) == (DraftStatus.BOOKED, 1)


def test_submitting_again_while_it_is_pending_books_once(pending: Customer) -> None:
    assert pending.submits().result is Submitted.CONFIRMED
    pending.clock.shift(MINUTE)
    assert not retries(pending)
    assert bookings(pending) == 1


def test_after_hours_without_an_erp_a_person_is_asked(pending: Customer, moods: Moods) -> None:
    moods.before.append(Unavailable("down"))
    pending.clock.shift(PATIENCE + MINUTE)
    assert retries(pending)
    row = pending.row()
    assert (row.status, row.next_try_at, row.error) == (DraftStatus.FAILED, None, "down")
    assert [one.raw["response"] for one in to_be_said(pending)] == ["utter_booking_failed"]
    assert conversation(pending).handled_by == HandledBy.QUEUE
    assert conversation(pending).handover_reason == "booking_failed"
    assert not retries(pending)


@pytest.mark.parametrize("trouble", [Rejected("blocked"), Conflict("taken", code="slot_taken")])
def test_what_repetition_cannot_help_goes_to_a_person_at_once(
    pending: Customer, moods: Moods, trouble: IntegrationError
) -> None:
    moods.before.append(trouble)
    pending.clock.shift(MINUTE)
    assert retries(pending)
    assert pending.row().status == DraftStatus.FAILED
    assert pending.row().document is not None
    assert conversation(pending).handled_by == HandledBy.QUEUE
    with pending.place.database.tenant_reading(pending.place.organisation_id) as session:
        operations = set(session.scalars(select(Incident.operation)))
    assert operations == {"booking:erp", "booking:retry"}


def test_bookings_are_tried_one_by_one_longest_waiting_first(kilap_web: Door, moods: Moods) -> None:
    waiting = []
    for number, time in enumerate(("08:00", "11:00", "14:00")):
        one = at_the_summary(kilap_web.enter(f"visitor-{number}", "id"))
        one.taps(time, "appointment_time")
        one.taps("yes", "confirmation")
        moods.before.append(Unavailable("down"))
        one.submits()
        waiting.append(one)
    kilap_web.clock.shift(MINUTE)
    done = []
    while retry_one(kilap_web.database, PATIENCE):
        done.append([one.row().status == DraftStatus.BOOKED for one in waiting].count(True))
    assert done == [1, 2, 3]
    assert [document.booking_id for document in moods.asked[3:]] == [one.draft_id for one in waiting]


def test_a_pending_booking_is_finished_on_each_database(
    demo_on_each_backend: Database, clock: time_machine.Traveller, moods: Moods
) -> None:
    customer = at_the_summary(Door(demo_on_each_backend, clock, "webchat", "kilap-auto").enter("visitor", "id"))
    customer.taps("yes")
    moods.after.append(UncertainWrite("no answer"))
    assert customer.submits().result is Submitted.PENDING
    clock.shift(MINUTE)
    assert retries(customer)
    assert (customer.row().status, bookings(customer), len(to_be_said(customer))) == (DraftStatus.BOOKED, 1, 1)
    assert not retries(customer)
