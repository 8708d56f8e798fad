"""Values between Ramah and Frappe: money, times, names, keys."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ramah.integrations.erp.document import AddressPart
from ramah.integrations.erp.frappe.mapping import (
    NAME_LIMIT,
    address_key,
    harmless,
    major,
    minor,
    site_time,
    utc_time,
    vehicle_key,
)
from ramah.integrations.erp.frappe.phonebook import same_number

ZONES = some.sampled_from(["Asia/Jakarta", "Asia/Kuala_Lumpur", "Asia/Kolkata", "UTC"])
MOMENTS = some.integers(1_577_836_800_000, 3_786_912_000_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(14_990, "MYR", "149.90"), (5, "MYR", "0.05"), (0, "MYR", "0.00"), (3_500_000, "IDR", "3500000"), (0, "IDR", "0")],
)
def test_money_is_written_in_major_units(amount: int, currency: str, text: str) -> None:
    assert major(amount, currency) == text


@given(some.integers(0, 10**12), some.sampled_from(["IDR", "MYR"]))
def test_money_comes_back_as_it_went(amount: int, currency: str) -> None:
    assert minor(Decimal(major(amount, currency)), currency) == amount
    assert minor(Decimal(str(float(major(amount, currency)))), currency) == amount


def test_half_a_sen_rounds_up() -> None:
    assert minor(Decimal("49.905"), "MYR") == 4_991


@given(MOMENTS, ZONES)
def test_times_come_back_as_they_went_to_the_second(moment: datetime, zone: str) -> None:
    back = utc_time(datetime.fromisoformat(site_time(moment, ZoneInfo(zone))), ZoneInfo(zone))
    assert back == moment.replace(microsecond=0)
    assert back.tzinfo is UTC


@given(some.text(max_size=300))
def test_a_harmless_name_has_no_markup_and_fits(text: str) -> None:
    shown = harmless(text)
    assert not set("<>") & set(shown)
    assert len(shown) <= NAME_LIMIT


def test_keys_tell_customers_streets_and_plates_apart() -> None:
    home = AddressPart(street="Jl. Melati 5", city="Jakarta", postcode="12345", country="ID")
    shouted = home.model_copy(update={"street": "JL. MELATI 5", "landmark": "pagar hijau"})
    next_door = home.model_copy(update={"street": "Jl. Melati 6"})
    assert address_key("+621", home) == address_key("+621", shouted)
    assert len({address_key("+621", home), address_key("+622", home), address_key("+621", next_door)}) == 3
    assert vehicle_key("+621", "B 1") != vehicle_key("+621", "B 2")


@pytest.mark.parametrize(
    ("typed", "phone", "same"),
    [
        ("0812-3456-7890", "+6281234567890", True),
        ("+62 812 3456 7890", "+6281234567890", True),
        ("012-345 6789", "+60123456789", True),
        ("0812-3456-7891", "+6281234567890", False),
        ("012-345 6789", "+62123456789", True),
        ("+60 12-345 6789", "+62123456789", False),
        ("ring the bell", "+6281234567890", False),
    ],
)
def test_numbers_are_the_same_as_dialled_in_the_country(typed: str, phone: str, *, same: bool) -> None:
    assert same_number(typed, phone) is same
