"""Frappe: what is written, and that nothing is doubled or left half done when answers get lost."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import Literal

import pytest

from ramah.integrations.erp.document import BookingDocument, CustomerPart, PricePart
from ramah.integrations.erp.frappe import FrappeErp
from ramah.integrations.errors import Conflict, IntegrationError, Rejected, Unavailable, UncertainWrite
from ramah.integrations.http import Breakers, HttpLimits
from tests.contract.erp.conftest import access_to, note_on_order
from tests.contract.erp.documents import AVANZA, BUDI, TEN, booking
from tests.contract.erp.harness import ErpUnderTest
from tests.fakes.frappe import FakeFrappe
from tests.fakes.frappe.faults import Kind

IMPATIENT = HttpLimits(read=0.3, total=2.0, wait_initial=0.001, wait_max=0.01, wait_jitter=0.001)
ORDERS = "/api/resource/Sales Order"
WRITTEN = ("Customer", "Contact", "Address", "Customer Vehicle", "Sales Order", "Subscription")


def complete_once(fake: FakeFrappe, document: BookingDocument) -> None:
    """Assert that one subscription is there with all that belongs to it, and nothing twice."""
    assert {doctype: fake.count(doctype) for doctype in WRITTEN} == dict.fromkeys(WRITTEN, 1)
    [order], [subscription] = fake.documents("Sales Order"), fake.documents("Subscription")
    assert order["custom_subscription"] == subscription["name"]
    assert order["custom_external_ref"] == subscription["custom_external_ref"] == document.booking_id
    assert [one for one in fake.documents("Subscription Plan") if not one["custom_offered"]] != []
    [customer] = fake.documents("Customer")
    assert customer["customer_primary_contact"] is not None


def test_it_writes_a_draft_order_in_site_time_and_major_units(fake: FakeFrappe, site: ErpUnderTest) -> None:
    document = booking(site, place="home", price=PricePart(currency="MYR", amount_minor=6_238))
    receipt = site.erp.book(document, capacity=1)
    [order], [address], [car] = (fake.documents(one) for one in ("Sales Order", "Address", "Customer Vehicle"))
    assert (receipt.erp_doctype, receipt.erp_name) == ("Sales Order", order["name"])
    assert order["docstatus"] == 0
    assert (order["company"], order["currency"]) == ("Kilap Auto Malaysia", "MYR")
    assert order["items"] == [
        {"item_code": document.service_code, "qty": 1, "rate": 62.38, "delivery_date": "2030-03-04"}
    ]
    assert (order["transaction_date"], order["delivery_date"]) == ("2030-03-01", "2030-03-04")
    assert (order["custom_starts_at"], order["custom_minutes"]) == ("2030-03-04 11:00:00", document.minutes)
    assert (order["custom_vehicle"], order["shipping_address_name"]) == (car["name"], address["name"])
    assert BookingDocument.model_validate_json(order["custom_booking_document"]) == document


def test_it_sends_the_price_as_an_exact_text(fake: FakeFrappe, site: ErpUnderTest) -> None:
    site.erp.book(booking(site, price=PricePart(currency="MYR", amount_minor=4_990)), capacity=1)
    [sent] = [one.body for one in fake.requests if one.method == "POST" and one.path == ORDERS]
    assert sent["items"][0]["rate"] == "49.90"


def test_it_bills_a_subscription_by_a_plan_of_its_own_price(fake: FakeFrappe, site: ErpUnderTest) -> None:
    for day, amount in enumerate((60_000, 60_000, 75_000)):
        document = booking(
            site,
            kind="subscription",
            starts_at=TEN + timedelta(days=day),
            price=PricePart(currency="IDR", amount_minor=amount),
        )
        site.erp.book(document, capacity=1)
    made = [one for one in fake.documents("Subscription Plan") if not one["custom_offered"]]
    assert [one["cost"] for one in made] == [60_000.0, 75_000.0]
    assert {one["billing_interval"] for one in made} == {"Month"}
    assert [row["plans"][0]["plan"] for row in fake.documents("Subscription")] == [
        made[0]["name"],
        made[0]["name"],
        made[1]["name"],
    ]
    assert len(site.erp.plans()) == 3


def test_it_links_contact_and_address_to_the_customer(fake: FakeFrappe, site: ErpUnderTest) -> None:
    site.erp.book(booking(site, place="home"), capacity=1)
    [customer], [contact], [address] = (fake.documents(one) for one in ("Customer", "Contact", "Address"))
    link = [{"link_doctype": "Customer", "link_name": customer["name"]}]
    assert contact["links"] == address["links"] == link
    assert contact["phone_nos"] == [{"phone": BUDI.phone, "is_primary_mobile_no": 1}]
    assert customer["customer_primary_contact"] == contact["name"]


@pytest.mark.parametrize("doctype", [*WRITTEN, "Subscription Plan"])
@pytest.mark.parametrize(
    "kind", ["error_after_commit", "drop_after_commit", "hang_after_commit", "gateway_timeout_after_commit"]
)
def test_it_finds_what_was_written_when_the_answer_is_lost(fake: FakeFrappe, doctype: str, kind: Kind) -> None:
    with closing(FrappeErp(access_to(fake, IMPATIENT), Breakers())) as erp:
        document = booking(_subject(fake, erp), kind="subscription", place="home")
        fake.fail_next(kind, method="POST", path=f"/api/resource/{doctype}")
        erp.book(document, capacity=1)
    complete_once(fake, document)


def test_it_does_not_claim_a_write_that_it_can_neither_see_nor_look_up(fake: FakeFrappe) -> None:
    with closing(FrappeErp(access_to(fake, IMPATIENT), Breakers())) as erp:
        document = booking(_subject(fake, erp))
        fake.fail_next("drop_after_commit", method="POST", path=ORDERS)
        fake.fail_next("maintenance", times=3, method="GET", path=ORDERS, after=2)
        with pytest.raises(UncertainWrite):
            erp.book(document, capacity=1)
        assert erp.book(document, capacity=1).repeated
    assert fake.count("Sales Order") == 1


def test_it_calls_a_silent_write_uncertain_and_books_on_repetition(fake: FakeFrappe) -> None:
    with closing(FrappeErp(access_to(fake, IMPATIENT), Breakers())) as erp:
        document = booking(_subject(fake, erp))
        fake.fail_next("hang", method="POST", path=ORDERS)
        with pytest.raises(UncertainWrite):
            erp.book(document, capacity=1)
        assert fake.count("Sales Order") == 0
        assert not erp.book(document, capacity=1).repeated
    assert fake.count("Sales Order") == 1


def test_it_calls_an_answered_server_error_without_a_document_unavailable(fake: FakeFrappe, site: ErpUnderTest) -> None:
    document = booking(site)
    fake.fail_next("server_error", method="POST", path=ORDERS)
    with pytest.raises(Unavailable):
        site.erp.book(document, capacity=1)
    assert not site.erp.book(document, capacity=1).repeated


@pytest.mark.parametrize("kind", ["drop", "drop_after_commit", "maintenance"])
def test_a_repetition_completes_whatever_request_the_first_try_died_at(
    fake: FakeFrappe, site: ErpUnderTest, kind: Kind
) -> None:
    deaths = 0
    document = booking(site, kind="subscription", place="home")
    for passed in range(30):
        fake.reset()
        fake.fail_next(kind, times=100, after=passed)
        try:
            site.erp.book(document, capacity=1)
        except IntegrationError:
            deaths += 1
        fake.heal()
        with closing(FrappeErp(access_to(fake), Breakers())) as revived:
            revived.book(document, capacity=1)
        complete_once(fake, document)
    assert deaths >= 15


def test_it_reads_the_rival_when_the_lookup_was_stale(fake: FakeFrappe, site: ErpUnderTest) -> None:
    document = booking(site)
    first = site.erp.book(document, capacity=2)
    fake.fail_next("blind", method="GET", path=ORDERS)
    second = site.erp.book(document, capacity=2)
    assert (second.repeated, second.erp_name) == (True, first.erp_name)
    assert fake.count("Sales Order") == 1


def test_it_reports_a_duplicate_that_is_not_its_own_as_a_refusal(fake: FakeFrappe, site: ErpUnderTest) -> None:
    fake.fail_next("duplicate", method="POST", path=ORDERS)
    with pytest.raises(Rejected):
        site.erp.book(booking(site), capacity=1)


def test_it_reports_a_missing_link_with_the_sites_words(site: ErpUnderTest) -> None:
    with pytest.raises(Rejected, match="Could not find item_code: moon-wash") as caught:
        site.erp.book(booking(site, service_code="moon-wash"), capacity=1)
    assert caught.value.code == "LinkValidationError"
    assert caught.value.permanent


def test_it_says_nothing_is_booked_until_the_subscription_is(fake: FakeFrappe, site: ErpUnderTest) -> None:
    document = booking(site, kind="subscription")
    fake.fail_next("maintenance", method="POST", path="/api/resource/Subscription")
    with pytest.raises(Unavailable):
        site.erp.book(document, capacity=1)
    assert fake.count("Sales Order") == 1
    assert site.erp.find_booking(document.booking_id) is None


def test_orders_that_staff_made_hold_capacity_and_cancelled_ones_do_not(fake: FakeFrappe, site: ErpUnderTest) -> None:
    site.erp.book(booking(site), capacity=1)
    [order] = fake.documents("Sales Order")
    by_hand = {key: value for key, value in order.items() if key != "custom_external_ref"}
    made = fake.store.insert("Sales Order", {**by_hand, "custom_minutes": 0, "docstatus": 0})
    taken = site.erp.taken(site.outlet_code, TEN.date(), "Asia/Jakarta")
    assert [(one.booking_id, one.minutes) for one in taken][1] == (made["name"], 60)
    with pytest.raises(Conflict):
        site.erp.book(booking(site), capacity=2)
    fake.store.update("Sales Order", made["name"], {"docstatus": 1})
    fake.store.update("Sales Order", made["name"], {"docstatus": 2})
    site.erp.book(booking(site), capacity=2)


def test_a_visit_that_staff_moved_is_taken_at_its_new_time(fake: FakeFrappe, site: ErpUnderTest) -> None:
    site.erp.book(booking(site), capacity=1)
    [order] = fake.documents("Sales Order")
    fake.store.update("Sales Order", order["name"], {"custom_starts_at": "2030-03-05 15:00:00"})
    [taken] = site.erp.taken(site.outlet_code, (TEN + timedelta(days=1)).date(), "Asia/Jakarta")
    assert taken.starts_at == TEN + timedelta(hours=28)


@pytest.mark.parametrize("kind", ["one_time", "subscription"])
def test_it_keeps_notes_letter_for_letter(
    fake: FakeFrappe, site: ErpUnderTest, kind: Literal["one_time", "subscription"]
) -> None:
    notes = 'jangan pakai wax; <pagar> hitam & "anjing" galak'
    site.erp.book(booking(site, kind=kind, notes=notes), capacity=1)
    noted = [one["custom_customer_notes"] for one in fake.documents("Sales Order") + fake.documents("Subscription")]
    assert noted == [notes] * (2 if kind == "subscription" else 1)


def test_it_shows_staff_a_harmless_name(fake: FakeFrappe, site: ErpUnderTest) -> None:
    person = CustomerPart(first_name="<b>Budi</b>", phone=BUDI.phone, language="en")
    site.erp.book(booking(site, customer=person, place="home"), capacity=1)
    [customer], [contact] = fake.documents("Customer"), fake.documents("Contact")
    assert customer["customer_name"] == "‹b›Budi‹/b›"
    assert contact["first_name"] == "‹b›Budi‹/b›"
    assert customer["custom_first_name"] == "<b>Budi</b>"


def test_it_keeps_a_display_name_that_staff_chose(fake: FakeFrappe, site: ErpUnderTest) -> None:
    site.erp.book(booking(site), capacity=1)
    [customer] = fake.documents("Customer")
    fake.store.update("Customer", customer["name"], {"customer_name": "Budi (VIP)"})
    renamed = BUDI.model_copy(update={"first_name": "Boedi"})
    site.erp.book(booking(site, customer=renamed, starts_at=TEN + timedelta(days=1)), capacity=1)
    [customer] = fake.documents("Customer")
    assert (customer["customer_name"], customer["custom_first_name"]) == ("Budi (VIP)", "Boedi")


def test_it_brings_a_car_up_to_date(fake: FakeFrappe, site: ErpUnderTest) -> None:
    site.erp.book(booking(site), capacity=1)
    newer = AVANZA.model_copy(update={"year": 2021})
    site.erp.book(booking(site, vehicle=newer, starts_at=TEN + timedelta(days=1)), capacity=1)
    [car] = fake.documents("Customer Vehicle")
    assert car["year"] == 2021


def _subject(fake: FakeFrappe, erp: FrappeErp) -> ErpUnderTest:
    return ErpUnderTest(
        erp,
        lambda: fake.count("Customer"),
        lambda: fake.count("Sales Order"),
        lambda: fake.count("Subscription"),
        partial(note_on_order, fake),
    )
