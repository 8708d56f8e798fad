"""Which of several bookings a customer's words mean."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from ramah.booking.catalogue import Catalogue
from ramah.booking.context import BookingContext
from ramah.booking.made.naming import name_booking
from ramah.integrations.erp.document import VehiclePart, VehicleSize
from ramah.integrations.erp.port import BookingSummary, ServiceItem, TakenTime
from ramah.people import Contact, Organisation, Outlet

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def outlet(code: str, city: str, zone: str = "Asia/Jakarta") -> Outlet:
    return Outlet(
        code=code, name=f"Kilap {city}", street="-", city=city, country="ID", timezone=zone, areas=[], bays=2, crews=1,
        slot_minutes=60, hours=[], closed_days=[],
    )  # fmt: skip


def car(make: str, model: str, plate: str) -> VehiclePart:
    return VehiclePart(make=make, model=model, year=2020, plate=plate, size=VehicleSize.MEDIUM)


def booking(name: str, starts_at: datetime, vehicle: VehiclePart | None, **changes: Any) -> BookingSummary:
    fields = {"reference": f"RM-{name}", "service_code": "wash", "service_name": "Wash", "outlet_code": "JKT"}
    return BookingSummary(
        booking_id=f"{name}-0000", place="outlet", starts_at=starts_at, minutes=60, vehicle=vehicle,
        **(fields | changes),
    )  # fmt: skip


AVANZA = booking("AAAAA2", datetime(2026, 11, 24, 3, tzinfo=UTC), car("Toyota", "Avanza", "B 1234 XYZ"))
BRIO = booking("BBBBB3", datetime(2026, 11, 28, 7, tzinfo=UTC), car("Honda", "Brio", "B 77 KL"), service_code="polish")
HOME = booking("CCCCC4", datetime(2026, 11, 28, 2, tzinfo=UTC), None, outlet_code="BDG")
ALL = (AVANZA, HOME, BRIO)

WASH = ServiceItem(
    code="wash", names={"id": "Cuci Premium", "ms": "Cuci Premium", "en": "Premium Wash"}, descriptions={}, minutes=60
)
POLISH = ServiceItem(
    code="polish", names={"id": "Poles Bodi", "ms": "Gilap Badan", "en": "Body Polish"}, descriptions={}, minutes=60
)


@pytest.fixture
def context() -> BookingContext:
    def nothing(code: str, day: date, zone: str) -> list[TakenTime]:
        return []

    return BookingContext(
        organisation=Organisation(country="ID", profile={}),
        outlets=(outlet("JKT", "Jakarta"), outlet("BDG", "Bandung")),
        contact=Contact(),
        conversation=cast("Any", None),
        channel="webchat",
        catalogue=Catalogue((WASH, POLISH), ()),
        taken=nothing,
        language="id",
        now=NOW,
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("yang besok", [AVANZA]),
        ("yg bsk aja", [AVANZA]),
        ("yang avanza", [AVANZA]),
        ("yg avansa dong", [AVANZA]),
        ("booking mobil brio", [BRIO]),
        ("B 77 KL", [BRIO]),
        ("plat b77kl", [BRIO]),
        ("RM-BBBBB3", [BRIO]),
        ("rm bbbbb3", [BRIO]),
        ("yang sabtu", [HOME, BRIO]),
        ("yang sabtu jam 2", [BRIO]),
        ("sabtu yang poles bodi", [BRIO]),
        ("yang di Bandung", [HOME]),
        ("yang pertama", [AVANZA]),
        ("nomor 2", [HOME]),
        ("yang terakhir", [BRIO]),
        ("the third one", [BRIO]),
        ("the one tomorrow", [AVANZA]),
        ("yang esok", [AVANZA]),
        ("my Saturday booking at 2pm", [BRIO]),
        ("body polish", [BRIO]),
    ],
)
def test_words_narrow_the_bookings_down(context: BookingContext, text: str, meant: list[BookingSummary]) -> None:
    named = name_booking(text, ALL, context)
    assert named.was_named
    assert [one.reference for one in named.fitting] == [one.reference for one in meant]


@pytest.mark.parametrize(
    "text", ["", "mau reschedule", "halo kak", "yang xenia", "minggu depan", "yang di Surabaya", "RM120"]
)
def test_words_that_name_none_leave_all(context: BookingContext, text: str) -> None:
    named = name_booking(text, ALL, context)
    assert (named.fitting, named.was_named, named.unknown_reference) == (ALL, False, None)


@pytest.mark.parametrize("text", ["RM-ZZZZZ9", "batalkan rm zzzzz9 dong"])
def test_a_number_of_somebody_else_is_told_and_means_none(context: BookingContext, text: str) -> None:
    named = name_booking(text, (AVANZA,), context)
    assert (named.unknown_reference, named.only) == ("RM-ZZZZZ9", None)


def test_the_only_booking_needs_no_name(context: BookingContext) -> None:
    assert name_booking("mau reschedule", (AVANZA,), context).only == AVANZA


def test_without_bookings_nothing_is_meant(context: BookingContext) -> None:
    assert name_booking("yang besok", (), context).only is None


def test_a_very_long_message_is_read_at_its_beginning(context: BookingContext) -> None:
    assert name_booking("a " * 5_000 + "yang brio", ALL, context).fitting == ALL
