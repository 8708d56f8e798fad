"""Frappe: the inspection of a site, its catalogue, and customers whom staff entered by hand."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from ramah.integrations.erp.document import VehicleSize
from ramah.integrations.erp.frappe import FrappeErp
from ramah.integrations.erp.frappe.inspection import REQUIRED
from ramah.integrations.errors import Rejected, Unavailable
from ramah.integrations.http import Breakers
from tests.contract.erp.conftest import access_to
from tests.contract.erp.documents import BUDI, booking
from tests.contract.erp.harness import ErpUnderTest
from tests.fakes.frappe import FakeFrappe

CUSTOM = sorted({(doctype, one) for doctype, fields in REQUIRED.items() for one in fields if one.startswith("custom_")})


@pytest.mark.parametrize(("doctype", "field"), CUSTOM)
def test_the_check_names_the_doctype_that_lacks_a_field(
    fake: FakeFrappe, site: ErpUnderTest, doctype: str, field: str
) -> None:
    fake.store.drop_field(doctype, field)
    with pytest.raises(Rejected, match=f"^{doctype}: .*{field}"):
        site.erp.check()


def test_the_check_notices_a_wrong_time_zone(fake: FakeFrappe) -> None:
    access = access_to(fake).model_copy(update={"site_timezone": "Asia/Jakarta"})
    with closing(FrappeErp(access, Breakers())) as erp, pytest.raises(Rejected, match="Asia/Kuala_Lumpur"):
        erp.check()


def test_the_check_does_without_the_zone_on_a_site_that_keeps_it(fake: FakeFrappe, site: ErpUnderTest) -> None:
    fake.fail_next("forbidden", path="/api/method/frappe.client.get_time_zone")
    site.erp.check()
    fake.fail_next("maintenance", times=3, path="/api/method/frappe.client.get_time_zone")
    with pytest.raises(Unavailable):
        site.erp.check()


def test_the_catalogue_is_in_order_with_exact_prices(site: ErpUnderTest) -> None:
    services = site.erp.services()
    assert [one.code for one in services][:3] == ["basic-wash", "premium-wash", "interior-detailing"]
    assert "wax" not in {one.code for one in services}
    premium = services[1]
    assert premium.names == {"id": "Cuci premium", "ms": "Basuh premium", "en": "Premium wash"}
    assert premium.descriptions["en"] == "Premium wash & a clean car"
    assert premium.aliases == ("premium-wash", "Basuh premium")
    prices = {(one.size, one.currency): one.amount_minor for one in premium.prices}
    assert prices[VehicleSize.SMALL, "MYR"] == 4_990
    assert prices[VehicleSize.LARGE, "IDR"] == 192_000
    assert len(prices) == 6


def test_a_price_holds_in_its_time_only(fake: FakeFrappe, site: ErpUnderTest) -> None:
    for start, end, rate in (
        ("2020-01-01", None, 70_000),
        ("2021-01-01", "2021-12-31", 80_000),
        ("2099-01-01", None, 1),
    ):
        price = {"item_code": "basic-wash", "price_list": "Small car IDR", "price_list_rate": rate}
        fake.store.insert("Item Price", {**price, "valid_from": start, "valid_upto": end})
    prices = {(one.size, one.currency): one.amount_minor for one in site.erp.services()[0].prices}
    assert prices[VehicleSize.SMALL, "IDR"] == 70_000


def test_disabled_and_unreadable_items_are_left_out(fake: FakeFrappe, site: ErpUnderTest) -> None:
    fake.store.update("Item", "basic-wash", {"disabled": 1})
    fake.store.update("Price List", "Small car IDR", {"custom_vehicle_size": "tiny"})
    services = site.erp.services()
    assert len(services) == 7
    assert ("small", "IDR") not in {(one.size, one.currency) for one in services[0].prices}


def test_the_plans_are_in_order(site: ErpUnderTest) -> None:
    assert [(one.code, one.interval, one.interval_count, one.discount_percent) for one in site.erp.plans()] == [
        ("weekly", "week", 1, 15),
        ("fortnightly", "week", 2, 10),
        ("monthly", "month", 1, 5),
    ]


def enter_by_hand(fake: FakeFrappe, phone: str) -> None:
    """A customer as staff type it in, without any of our fields."""
    fake.store.insert("Customer", {"customer_name": "PT Maju Jaya"})
    contact: dict[str, Any] = {"first_name": "Budi", "last_name": "Santoso", "phone_nos": [{"phone": phone}]}
    fake.store.insert("Contact", {**contact, "links": [{"link_doctype": "Customer", "link_name": "PT Maju Jaya"}]})


@pytest.mark.parametrize("typed", ["0812-3456-7890", "+62 812 3456 7890", "6281234567890", "(0812) 34567890"])
def test_it_finds_a_customer_whom_staff_entered(fake: FakeFrappe, site: ErpUnderTest, typed: str) -> None:
    enter_by_hand(fake, typed)
    known = site.erp.find_customer(BUDI.phone)
    assert known is not None
    assert (known.erp_name, known.first_name, known.last_name) == ("PT Maju Jaya", "Budi", "Santoso")
    assert site.erp.find_customer("+60812345678") is None


def test_it_adopts_a_customer_whom_staff_entered(fake: FakeFrappe, site: ErpUnderTest) -> None:
    enter_by_hand(fake, "0812-3456-7890")
    site.erp.book(booking(site), capacity=1)
    [customer] = fake.documents("Customer")
    assert (customer["customer_name"], customer["custom_external_ref"]) == ("PT Maju Jaya", BUDI.phone)
    assert fake.count("Contact") == 1
    known = site.erp.find_customer(BUDI.phone)
    assert known is not None
    assert known.erp_name == "PT Maju Jaya"


def test_two_people_of_one_customer_keep_their_names(fake: FakeFrappe, site: ErpUnderTest) -> None:
    enter_by_hand(fake, "0812-3456-7890")
    links = [{"link_doctype": "Customer", "link_name": "PT Maju Jaya"}]
    fake.store.insert("Contact", {"first_name": "Siti", "phone_nos": [{"phone": "0813-1111-2222"}], "links": links})
    siti = BUDI.model_copy(update={"first_name": "Siti", "last_name": None, "phone": "+6281311112222"})
    site.erp.book(booking(site), capacity=2)
    site.erp.book(booking(site, customer=siti), capacity=2)
    names = [
        (known.first_name, known.last_name) for one in (BUDI, siti) if (known := site.erp.find_customer(one.phone))
    ]
    assert names == [("Budi", "Santoso"), ("Siti", None)]
    assert (fake.count("Customer"), fake.count("Contact")) == (1, 2)


def test_an_adoption_that_broke_off_is_completed(fake: FakeFrappe, site: ErpUnderTest) -> None:
    enter_by_hand(fake, "0812-3456-7890")
    document = booking(site)
    fake.fail_next("maintenance", method="PUT", path="/api/resource/Customer/")
    with pytest.raises(Unavailable):
        site.erp.book(document, capacity=1)
    site.erp.book(document, capacity=1)
    [customer], [contact] = fake.documents("Customer"), fake.documents("Contact")
    assert customer["custom_external_ref"] == contact["custom_external_ref"] == BUDI.phone
    assert customer["customer_primary_contact"] == contact["name"]


def test_cars_and_addresses_that_cannot_be_used_are_not_offered(fake: FakeFrappe, site: ErpUnderTest) -> None:
    site.erp.book(booking(site, place="home"), capacity=1)
    [customer] = fake.documents("Customer")
    fake.store.insert(
        "Customer Vehicle", {"customer": customer["name"], "license_plate": "?", "make": "A", "model": "B"}
    )
    fake.store.insert(
        "Address",
        {
            "address_title": "Office",
            "address_type": "Office",
            "address_line1": "1 Raffles Place",
            "city": "Singapore",
            "country": "Singapore",
            "pincode": "048616",
            "links": [{"link_doctype": "Customer", "link_name": customer["name"]}],
        },
    )
    known = site.erp.find_customer(BUDI.phone)
    assert known is not None
    assert (len(known.vehicles), len(known.addresses)) == (1, 1)


def test_every_list_is_ordered_and_asks_for_json(fake: FakeFrappe, site: ErpUnderTest) -> None:
    site.erp.book(booking(site, kind="subscription", place="home"), capacity=1)
    site.erp.find_customer(BUDI.phone)
    lists = [one for one in fake.requests if one.method == "GET" and "fields" in one.args]
    assert lists
    assert all(one.args.get("order_by") for one in lists)
    assert all(int(one.args["limit_page_length"]) > 0 for one in lists)
