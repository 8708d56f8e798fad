"""The port. All calls block; run them in a thread from async code.

Errors: every method may raise ``Unavailable`` (try later), ``CredentialsRefused`` or
``Rejected`` (do not); see ``ramah.integrations.errors``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from ramah.integrations.erp.document import (
    AddressPart,
    BookingDocument,
    BookingReceipt,
    VehiclePart,
    VehicleSize,
)


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class CustomerRecord(_Record):
    """A customer as the ERP knows them, with what may be offered next time."""

    erp_name: str
    first_name: str
    last_name: str | None
    phone: str
    vehicles: tuple[VehiclePart, ...] = ()
    addresses: tuple[AddressPart, ...] = ()


class ServicePrice(_Record):
    """Price of one visit for a size and currency, in minor units."""

    size: VehicleSize
    currency: Literal["IDR", "MYR"]
    amount_minor: int


class ServiceItem(_Record):
    """One service on offer. ``names`` and ``descriptions`` are by language (id, ms, en);
    ``aliases`` are other words people use; ``minutes`` is how long a visit takes."""

    code: str
    names: dict[str, str]
    descriptions: dict[str, str]
    aliases: tuple[str, ...] = ()
    minutes: int
    home_service: bool = True
    subscribable: bool = True
    prices: tuple[ServicePrice, ...] = ()


class PlanItem(_Record):
    """One subscription rhythm; ``discount_percent`` comes off each visit's price."""

    code: str
    names: dict[str, str]
    interval: Literal["week", "month"]
    interval_count: int
    discount_percent: int = 0


class TakenTime(_Record):
    """A visit that already holds capacity."""

    booking_id: str
    place: Literal["home", "outlet"]
    starts_at: datetime
    minutes: int


class Erp(Protocol):
    """What Ramah needs of a business system, for one organisation."""

    def check(self) -> None:
        """Prove that the credentials work."""

    def services(self) -> list[ServiceItem]:
        """All services on offer, in display order."""

    def plans(self) -> list[PlanItem]:
        """All subscription rhythms, in display order."""

    def find_customer(self, phone: str) -> CustomerRecord | None:
        """The customer with this E.164 number, or None."""

    def taken(self, outlet_code: str, day: date, zone: str) -> list[TakenTime]:
        """Visits that touch that local day or the next at that outlet (home visits of its crew included)."""

    def book(self, document: BookingDocument, capacity: int) -> BookingReceipt:
        """Write the booking (or subscription with its first visit) once.

        A repetition with the same ``booking_id`` returns the first receipt with ``repeated``. Customer, vehicle
        and address are created or updated on the way. ``capacity`` is how many visits may overlap at that outlet
        and place; raises ``Conflict`` when the time has been taken meanwhile, ``UncertainWrite`` when the answer
        got lost.
        """

    def find_booking(self, booking_id: str) -> BookingReceipt | None:
        """The receipt of an earlier write, or None."""
