"""A confirmed booking reaches the ERP exactly once, whatever the ERP answers."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from ramah.booking.embedded.models import Booking, ErpCustomer, Service, Subscription
from ramah.booking.models import DraftStatus
from ramah.booking.submission import Submitted
from ramah.integrations.errors import (
    Conflict,
    CredentialsRefused,
    IntegrationError,
    Rejected,
    Unavailable,
    UncertainWrite,
)
from ramah.observe import Incident
from ramah.store import Base
from tests.integration.booking.customer import Customer
from tests.integration.booking.moody_erp import Moods
from tests.integration.booking.pieces import Piece, at_the_summary, tell


def count(customer: Customer, table: type[Base]) -> int:
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def incidents(customer: Customer) -> list[tuple[str, int]]:
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        return [(one.operation, one.count) for one in session.scalars(select(Incident))]


@pytest.fixture
def confirmed(customer: Customer) -> Customer:
    """A customer who has just said yes."""
    at_the_summary(customer).taps("yes")
    return customer


def test_the_answer_tells_all_that_was_booked(confirmed: Customer) -> None:
    submission = confirmed.submits()
    assert submission.result is Submitted.CONFIRMED
    assert submission.kind == "one_time"
    assert dict(submission.variables) == {
        "reference": confirmed.row().reference,
        "service": "Cuci Premium",
        "duration": "90",
        "name": "Budi Santoso",
        "phone": "+6281234567890",
        "car": "Toyota Avanza 2019",
        "plate": "B 1234 XYZ",
        "place": "Jl. Melati No 5, Depok, 16415",
        "date": "Selasa, 24 November 2026",
        "time": "10:00",
        "plan": "",
        "price": "Rp180.000",
    }


def test_the_draft_is_closed_with_the_name_that_the_erp_gave(confirmed: Customer) -> None:
    confirmed.submits()
    row = confirmed.row()
    assert (row.status, row.next_try_at) == (DraftStatus.BOOKED, None)
    assert row.erp_name == f"BK-{row.reference}"


def test_the_erp_holds_what_the_document_says(confirmed: Customer) -> None:
    confirmed.submits()
    with confirmed.place.database.tenant_reading(confirmed.place.organisation_id) as session:
        booking = session.get_one(Booking, confirmed.draft_id)
        assert booking.document == confirmed.row().document
        assert (booking.outlet_code, booking.place, booking.service_code) == ("JKT", "home", "premium-wash")
        assert (booking.ends_at - booking.starts_at).total_seconds() == 90 * 60


def test_submitting_twice_books_once(confirmed: Customer) -> None:
    first, second = confirmed.submits(), confirmed.submits()
    assert first == second
    assert (count(confirmed, Booking), count(confirmed, ErpCustomer)) == (1, 1)


def test_a_subscription_is_written_with_its_first_visit(customer: Customer) -> None:
    at_the_summary(customer).says("tiap 2 minggu aja", "correct", plan="fortnightly")
    customer.taps("yes")
    submission = customer.submits()
    assert (submission.result, submission.kind) == (Submitted.CONFIRMED, "subscription")
    assert (submission.variables["plan"], submission.variables["price"]) == ("Tiap 2 minggu", "Rp162.000")
    plan = customer.document().plan
    assert plan is not None
    assert (plan.code, plan.interval, plan.interval_count) == ("fortnightly", "week", 2)
    assert plan.start_date == customer.document().starts_at.date()
    assert (count(customer, Subscription), count(customer, Booking)) == (1, 1)


def test_a_visit_to_an_outlet_has_no_address(customer: Customer) -> None:
    at_the_summary(customer).taps("BDG", "outlet")
    customer.taps("yes", "confirmation")
    assert customer.submits().variables["place"] == "Kilap Auto Bandung, Jl. Riau No. 88"
    assert customer.document().address is None
    assert customer.document().outlet_code == "BDG"


@pytest.mark.parametrize("trouble", [Unavailable("down"), UncertainWrite("no answer")])
def test_an_erp_that_does_not_answer_leaves_the_booking_pending(
    confirmed: Customer, moods: Moods, trouble: IntegrationError
) -> None:
    moods.before.append(trouble)
    assert confirmed.submits().result is Submitted.PENDING
    row = confirmed.row()
    assert (row.status, row.told_pending) == (DraftStatus.SUBMITTING, True)
    assert row.document is not None and row.next_try_at is not None
    assert count(confirmed, Booking) == 0
    assert incidents(confirmed) == [("booking:erp", 1)]


def test_a_time_taken_at_the_last_moment_is_asked_again(confirmed: Customer, moods: Moods) -> None:
    moods.before.append(Conflict("taken", code="slot_taken"))
    assert confirmed.submits().result is Submitted.TAKEN
    row = confirmed.row()
    assert (row.status, row.document, row.next_try_at) == (DraftStatus.OPEN, None, None)
    assert not {"appointment_time", "confirmation"} & set(row.fields)
    confirmed.expected = "appointment_time"
    assert confirmed.says("jam 11").step == "confirmation"
    confirmed.taps("yes")
    assert confirmed.submits().result is Submitted.CONFIRMED
    assert confirmed.document().starts_at.hour == 11
    assert len({document.booking_id for document in moods.asked}) == 1


@pytest.mark.parametrize("trouble", [Rejected("customer is blocked"), CredentialsRefused("401")])
def test_a_booking_that_the_erp_refuses_has_failed_and_is_reported(
    confirmed: Customer, moods: Moods, trouble: IntegrationError
) -> None:
    moods.before.append(trouble)
    assert confirmed.submits().result is Submitted.FAILED
    row = confirmed.row()
    assert (row.status, row.next_try_at) == (DraftStatus.FAILED, None)
    assert row.document is not None
    assert incidents(confirmed) == [("booking:erp", 1)]


def test_a_service_withdrawn_meanwhile_fails_without_asking_the_erp(confirmed: Customer, moods: Moods) -> None:
    with confirmed.place.database.tenant(confirmed.place.organisation_id) as session:
        session.execute(update(Service).values(active=False))
    assert confirmed.submits().result is Submitted.FAILED
    assert moods.asked == []
    assert confirmed.row().status == DraftStatus.FAILED
    assert incidents(confirmed) == [("booking:document", 1)]


def test_nothing_is_booked_before_the_customer_said_yes(customer: Customer, moods: Moods) -> None:
    at_the_summary(customer)
    assert customer.submits().result is Submitted.INCOMPLETE
    assert moods.asked == []
    assert customer.row().status == DraftStatus.OPEN


def test_nothing_is_booked_where_there_is_no_draft(customer: Customer, moods: Moods) -> None:
    assert customer.submits().result is Submitted.NOTHING
    assert moods.asked == []


def test_a_yes_does_not_outlive_its_time(customer: Customer, moods: Moods) -> None:
    """Between the summary and the yes, the time that was agreed passes."""
    at_the_summary(customer)
    customer.clock.move_to("2026-11-24T04:00:00+00:00")
    assert customer.taps("yes").step == "appointment_time"
    assert customer.notices == ["utter_resume_summary", "utter_time_passed"]
    submission = customer.submits()
    assert (submission.result, submission.variables["missing"]) == (Submitted.INCOMPLETE, "jam")
    assert customer.says("jam 2 siang").step == "confirmation"


def test_a_booking_after_the_first_opens_its_own_draft_and_key(confirmed: Customer, moods: Moods) -> None:
    confirmed.submits()
    confirmed.forgets_the_dialogue()
    tell(confirmed, Piece("mau cuci basic di outlet Bandung lusa jam 9", {"kind": "one_time", "place": "outlet"}))
    confirmed.taps("B 1234 XYZ", "car_model")
    confirmed.taps("yes")
    assert confirmed.submits().result is Submitted.CONFIRMED
    assert len({document.booking_id for document in moods.asked}) == 2
    assert (count(confirmed, Booking), count(confirmed, ErpCustomer)) == (2, 1)
