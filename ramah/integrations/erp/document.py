"""The booking document: all that leaves for an ERP, validated.

Its JSON Schema is published at ``/api/schemas/booking`` and kept in ``docs/schemas/booking.json``.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140)]
Notes = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
E164 = Annotated[str, StringConstraints(pattern=r"^\+[1-9]\d{7,14}$")]
Country = Literal["ID", "MY"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VehicleSize(StrEnum):
    """The size classes that prices depend on; ``any`` where no vehicle is concerned."""

    ANY = "any"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class CustomerPart(_Part):
    """Who books. ``last_name`` is None for people with a single name."""

    first_name: Text
    last_name: Text | None = None
    phone: E164
    language: Literal["id", "ms", "en"]


class VehiclePart(_Part):
    """The car. ``plate`` is upper-case with single spaces (``B 1234 XYZ``)."""

    make: Text
    model: Text
    year: Annotated[int, Field(ge=1950, le=2100)]
    plate: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,10}( [A-Z0-9]{1,5}){0,2}$")]
    size: VehicleSize
    colour: Text | None = None


class AddressPart(_Part):
    """Where the home service goes. Postcodes have five digits in both countries.

    ``unit``, ``neighbourhood`` (kelurahan, taman) and ``district`` are parts that were told apart in the address;
    ``latitude`` and ``longitude`` (degrees) are there when the customer shared the place."""

    street: Text
    city: Text
    postcode: Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
    landmark: Text | None = None
    unit: Text | None = None
    neighbourhood: Text | None = None
    district: Text | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    country: Country


class PlanPart(_Part):
    """How often a subscription repeats: every ``interval_count`` × ``interval``."""

    code: Text
    interval: Literal["week", "month"]
    interval_count: Annotated[int, Field(ge=1, le=12)]
    start_date: date


class PricePart(_Part):
    """Price of one visit. ``amount_minor`` is in the currency's minor unit
    (rupiah has none in practice: 1 = Rp1; sen for MYR: 100 = RM1)."""

    currency: Literal["IDR", "MYR"]
    amount_minor: Annotated[int, Field(ge=0)]


class BookingDocument(_Part):
    """One confirmed booking or subscription.

    ``booking_id`` is ours (the draft's UUID) and makes the write idempotent. ``starts_at`` is the
    first visit, aware, in the outlet's zone. ``address`` is present exactly for home service; ``vehicle``
    is absent where the organisation's services concern none. ``notes`` are the customer's own words.
    """

    schema_version: Literal[1] = 1
    booking_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
    reference: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{6,20}$")]
    organisation: Text
    kind: Literal["one_time", "subscription"]
    service_code: Text
    service_name: Text
    outlet_code: Text
    place: Literal["home", "outlet"]
    starts_at: AwareDatetime
    minutes: Annotated[int, Field(ge=15, le=24 * 60)]
    timezone: Text
    customer: CustomerPart
    vehicle: VehiclePart | None = None
    address: AddressPart | None = None
    plan: PlanPart | None = None
    price: PricePart
    notes: Notes | None = None
    channel: Text
    created_at: AwareDatetime

    @model_validator(mode="after")
    def _parts_fit_the_kind(self) -> Self:
        if (self.address is not None) != (self.place == "home"):
            raise ValueError("address is required for home service and only there")
        if (self.plan is not None) != (self.kind == "subscription"):
            raise ValueError("plan is required for a subscription and only there")
        return self


class BookingReceipt(_Part):
    """What the ERP made of it. ``erp_name`` is its own document name; ``repeated`` says that the
    document had been there already (the write was a repetition)."""

    booking_id: str
    erp_name: str
    erp_doctype: str
    repeated: bool = False
    created_at: datetime | None = None
