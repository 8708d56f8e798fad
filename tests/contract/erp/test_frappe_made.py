"""Frappe: bookings on Sales Orders that are submitted, entered by hand, shared by a company, or changed in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine

from ramah.integrations.erp.document import BookingDocument, BookingReceipt
from ramah.integrations.erp.frappe import FrappeErp
from ramah.integrations.erp.port import BookingStatus
from ramah.integrations.errors import Conflict, Unavailable, UncertainWrite
from ramah.integrations.http import Breakers
from tests.contract.erp.conftest import access_to, note_on_order
from tests.contract.erp.documents import BUDI, TEN, booking
from tests.contract.erp.harness import ErpUnderTest
from tests.contract.erp.test_frappe_site import enter_by_hand
from tests.contract.erp.test_frappe_writes import IMPATIENT
from tests.fakes.frappe import FakeFrappe
from tests.fakes.frappe.faults import Kind

ORDER = "/api/resource/Sales Order/"
ORDERS = "/api/resource/Sales Order"
ELEVEN = TEN + timedelta(hours=1)


@pytest.fixture(autouse=True)
def march() -> Iterator[None]:
    """Three days before the visits of these tests."""
    with time_machine.travel(datetime(2030, 3, 1, 2, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def impatient(fake: FakeFrappe) -> Iterator[ErpUnderTest]:
    """An adapter that does not wait long."""
    with closing(FrappeErp(access_to(fake, IMPATIENT), Breakers())) as erp:
        yield ErpUnderTest(
            erp,
            lambda: fake.count("Customer"),
            lambda: fake.count("Sales Order"),
            lambda: fake.count("Subscription"),
            partial(note_on_order, fake),
        )


def booked(subject: ErpUnderTest) -> BookingDocument:
    document = booking(subject)
    subject.erp.book(document, capacity=1)
    return document


def test_it_moves_the_order_with_its_delivery_dates(fake: FakeFrappe, site: ErpUnderTest) -> None:
    document = booked(site)
    [before] = fake.documents("Sales Order")
    site.erp.move(document.booking_id, ELEVEN + timedelta(days=1), capacity=1)
    [order] = fake.documents("Sales Order")
    assert order["custom_starts_at"] == "2030-03-05 12:00:00"
    assert order["delivery_date"] == "2030-03-05"
    assert order["items"] == [{**before["items"][0], "delivery_date": "2030-03-05"}]


def test_a_submitted_order_is_moved_and_called_off_too(fake: FakeFrappe, site: ErpUnderTest) -> None:
    document = booked(site)
    [order] = fake.documents("Sales Order")
    fake.store.update("Sales Order", order["name"], {"docstatus": 1})
    site.erp.move(document.booking_id, ELEVEN, capacity=1)
    assert [one.starts_at for one in site.erp.bookings_of(BUDI.phone)] == [ELEVEN]
    site.erp.cancel(document.booking_id, "hujan")
    [order] = fake.documents("Sales Order")
    assert (order["docstatus"], order["custom_visit_status"], order["custom_status_note"]) == (1, "cancelled", "hujan")


def test_an_order_that_staff_cancelled_is_told_as_called_off(fake: FakeFrappe, site: ErpUnderTest) -> None:
    document = booked(site)
    [order] = fake.documents("Sales Order")
    for docstatus in (1, 2):
        fake.store.update("Sales Order", order["name"], {"docstatus": docstatus})
    assert [one.status for one in site.erp.bookings_of(BUDI.phone)] == [BookingStatus.CANCELLED]
    assert site.erp.cancel(document.booking_id, "").repeated
    with pytest.raises(Conflict):
        site.erp.move(document.booking_id, ELEVEN, capacity=1)


def test_an_order_that_staff_made_by_hand_is_told_and_moved(fake: FakeFrappe, site: ErpUnderTest) -> None:
    document = booked(site)
    [order] = fake.documents("Sales Order")
    own = ("custom_external_ref", "custom_booking_document", "custom_reference", "custom_minutes", "name")
    by_hand = {key: value for key, value in order.items() if key not in own}
    made = fake.store.insert("Sales Order", {**by_hand, "custom_starts_at": "2030-03-06 10:00:00", "docstatus": 0})
    told = site.erp.bookings_of(BUDI.phone)
    assert [one.booking_id for one in told] == [document.booking_id, made["name"]]
    assert (told[1].reference, told[1].service_code) == (made["name"], document.service_code)
    assert (told[1].minutes, told[1].vehicle) == (60, document.vehicle)
    site.erp.move(made["name"], ELEVEN + timedelta(days=3), capacity=1)
    assert site.erp.bookings_of(BUDI.phone)[1].starts_at == ELEVEN + timedelta(days=3)


def test_people_of_one_company_see_their_own_bookings_only(fake: FakeFrappe, site: ErpUnderTest) -> None:
    enter_by_hand(fake, "0812-3456-7890")
    links = [{"link_doctype": "Customer", "link_name": "PT Maju Jaya"}]
    fake.store.insert("Contact", {"first_name": "Siti", "phone_nos": [{"phone": "0813-1111-2222"}], "links": links})
    siti = BUDI.model_copy(update={"first_name": "Siti", "last_name": None, "phone": "+6281311112222"})
    documents = [booking(site), booking(site, customer=siti)]
    for document in documents:
        site.erp.book(document, capacity=2)
    assert fake.count("Customer") == 1
    for document in documents:
        told = site.erp.bookings_of(document.customer.phone)
        assert [one.booking_id for one in told] == [document.booking_id]


@pytest.mark.parametrize(
    "kind", ["error_after_commit", "drop_after_commit", "hang_after_commit", "gateway_timeout_after_commit"]
)
def test_a_change_whose_answer_is_lost_is_looked_up(fake: FakeFrappe, impatient: ErpUnderTest, kind: Kind) -> None:
    document = booked(impatient)
    fake.fail_next(kind, method="PUT", path=ORDER)
    assert not impatient.erp.move(document.booking_id, ELEVEN, capacity=1).repeated
    assert impatient.erp.move(document.booking_id, ELEVEN, capacity=1).repeated
    fake.fail_next(kind, method="PUT", path=ORDER)
    impatient.erp.cancel(document.booking_id, "")
    assert impatient.erp.cancel(document.booking_id, "").repeated


def test_a_silent_change_is_uncertain_and_made_on_repetition(fake: FakeFrappe, impatient: ErpUnderTest) -> None:
    document = booked(impatient)
    changes: tuple[Callable[[], BookingReceipt], ...] = (
        lambda: impatient.erp.move(document.booking_id, ELEVEN, 1),
        lambda: impatient.erp.cancel(document.booking_id, ""),
    )
    for change in changes:
        fake.fail_next("hang", method="PUT", path=ORDER)
        with pytest.raises(UncertainWrite):
            change()
        assert not change().repeated


@pytest.mark.parametrize("kind", ["maintenance", "locked", "rate_limited", "deadlock", "server_error"])
def test_a_refused_change_is_unavailable_and_changes_nothing(fake: FakeFrappe, site: ErpUnderTest, kind: Kind) -> None:
    document = booked(site)
    fake.fail_next(kind, method="PUT", path=ORDER)
    with pytest.raises(Unavailable):
        site.erp.move(document.booking_id, ELEVEN, capacity=1)
    assert [one.starts_at for one in site.erp.bookings_of(BUDI.phone)] == [TEN]


def test_a_rival_who_books_while_it_moves_keeps_the_time(fake: FakeFrappe, site: ErpUnderTest) -> None:
    document, rival = booked(site), booking(site, starts_at=ELEVEN + timedelta(days=1))
    site.erp.book(rival, capacity=1)
    # The look before the write does not see the rival, as if the order came in between.
    fake.fail_next("blind", method="GET", path=ORDERS, after=1)
    with pytest.raises(Conflict) as caught:
        site.erp.move(document.booking_id, ELEVEN + timedelta(days=1), capacity=1)
    assert caught.value.code == "slot_taken"
    assert [one.starts_at for one in site.erp.bookings_of(BUDI.phone)] == [TEN, ELEVEN + timedelta(days=1)]


def test_the_customers_words_reach_staff_harmless(fake: FakeFrappe, site: ErpUnderTest) -> None:
    document = booked(site)
    site.erp.cancel(document.booking_id, "<script>alert(1)</script> " + "x" * 300)
    [order] = fake.documents("Sales Order")
    assert order["custom_status_note"].startswith("‹script›")
    assert len(order["custom_status_note"]) <= 140
