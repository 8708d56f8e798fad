"""The port. All calls block; run them in a thread from async code.

Errors: every method may raise ``Unavailable`` (try later), ``CredentialsRefused`` or
``Rejected`` (do not); see ``ramah.integrations.errors``.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from ramah.integrations.erp.document import (
    AddressPart,
    BookingDocument,
    BookingReceipt,
    VehiclePart,
    VehicleSize,
)

RECENT = timedelta(days=30)
"""How long a visit that is over is still told of."""


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


class BookingStatus(StrEnum):
    """The life of a visit: from booked to an end."""

    BOOKED = "booked"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


OPEN = frozenset({BookingStatus.BOOKED, BookingStatus.IN_PROGRESS})
"""A visit that is still to be made or to be finished; it holds capacity."""


class BookingSummary(_Record):
    """A booking as the ERP knows it now. Times are aware UTC; ``ready_at`` is when the work is or was finished,
    ``status_note`` what staff noted for the customer. ``service_name`` is a name of the service in any language."""

    booking_id: str
    reference: str
    kind: Literal["one_time", "subscription"] = "one_time"
    service_code: str
    service_name: str
    outlet_code: str
    place: Literal["home", "outlet"]
    starts_at: datetime
    minutes: int
    vehicle: VehiclePart | None = None
    status: BookingStatus = BookingStatus.BOOKED
    status_note: str | None = None
    ready_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """When the visit is over by plan."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def is_upcoming(self, now: datetime) -> bool:
        """Whether the visit is still to come or under way."""
        return self.status is BookingStatus.IN_PROGRESS or (self.status is BookingStatus.BOOKED and self.ends_at > now)


def in_order(summaries: list[BookingSummary], now: datetime) -> list[BookingSummary]:
    """Upcoming ones first, the nearest first; then the others of the last 30 days, the latest first."""
    coming = [one for one in summaries if one.is_upcoming(now)]
    others = [one for one in summaries if not one.is_upcoming(now) and one.ends_at > now - RECENT]
    by_start = sorted(coming, key=lambda one: (one.starts_at, one.booking_id))
    return by_start + sorted(others, key=lambda one: (one.starts_at, one.booking_id), reverse=True)


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

    def bookings_of(self, phone: str) -> list[BookingSummary]:
        """The bookings of the customer with this E.164 number: upcoming first, then those of the last 30 days."""

    def move(self, booking_id: str, starts_at: datetime, capacity: int) -> BookingReceipt:
        """Let the booking begin at another (aware) time, at the same outlet and place.

        A booking that begins then already is answered with ``repeated``. Raises ``Conflict`` with code
        ``slot_taken`` when the time has been taken meanwhile and ``not_open`` when the visit is under way or over
        or called off, ``Rejected`` with code ``unknown_booking`` when there is none, ``UncertainWrite`` when the
        answer got lost. Safe to repeat.
        """

    def cancel(self, booking_id: str, reason: str) -> BookingReceipt:
        """Call the visit off and give its time back; ``reason`` is the customer's, may be empty, and is noted.

        A booking that is called off already is answered with ``repeated``. Raises as ``move`` does. A subscription
        goes on: only this visit is called off. Safe to repeat.
        """
