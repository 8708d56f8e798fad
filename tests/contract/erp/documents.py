"""Booking documents for the contract suite, made from what the ERP itself offers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

from ramah.integrations.erp.document import (
    AddressPart,
    BookingDocument,
    CustomerPart,
    PlanPart,
    PricePart,
    VehiclePart,
    VehicleSize,
)
from ramah.integrations.erp.port import ServiceItem
from tests.contract.erp.harness import ErpUnderTest

JAKARTA = ZoneInfo("Asia/Jakarta")
BUDI = CustomerPart(first_name="Budi", last_name="Santoso", phone="+6281234567890", language="id")
AVANZA = VehiclePart(make="Toyota", model="Avanza", year=2019, plate="B 1234 XYZ", size=VehicleSize.MEDIUM)
HOME = AddressPart(street="Jl. Melati 5", city="Jakarta", postcode="12345", landmark="pagar hijau", country="ID")
TEN = datetime(2030, 3, 4, 10, tzinfo=JAKARTA)


def offered(subject: ErpUnderTest) -> ServiceItem:
    """A service that comes home and can be subscribed to."""
    return next(one for one in subject.erp.services() if one.home_service and one.subscribable)


def booking(
    subject: ErpUnderTest,
    *,
    kind: Literal["one_time", "subscription"] = "one_time",
    place: Literal["home", "outlet"] = "outlet",
    **changes: Any,
) -> BookingDocument:
    """A valid booking at ten o'clock in Jakarta; ``changes`` replace any field."""
    service = offered(subject)
    price = next(one for one in service.prices if one.size == AVANZA.size and one.currency == "IDR")
    fields: dict[str, Any] = {
        "booking_id": str(uuid4()),
        "reference": "KLP-7F3K2M",
        "organisation": "kilap-auto",
        "kind": kind,
        "service_code": service.code,
        "service_name": service.names["id"],
        "outlet_code": subject.outlet_code,
        "place": place,
        "starts_at": TEN,
        "minutes": service.minutes,
        "timezone": JAKARTA.key,
        "customer": BUDI,
        "vehicle": AVANZA,
        "address": HOME if place == "home" else None,
        "plan": plan_of(subject) if kind == "subscription" else None,
        "price": PricePart(currency="IDR", amount_minor=price.amount_minor),
        "channel": "webchat",
        "created_at": datetime(2030, 3, 1, 2, tzinfo=UTC),
    }
    return BookingDocument(**(fields | changes))


def plan_of(subject: ErpUnderTest) -> PlanPart:
    """The first monthly rhythm, from the day of the first visit."""
    plan = next(one for one in subject.erp.plans() if one.interval == "month")
    return PlanPart(code=plan.code, interval=plan.interval, interval_count=plan.interval_count, start_date=TEN.date())
