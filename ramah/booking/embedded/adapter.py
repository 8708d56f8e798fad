"""The ERP port over our own tables. Each call is one transaction of one organisation."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import stamina
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ramah.booking.availability import Visit
from ramah.booking.embedded.customers import customer_record, upsert_customer
from ramah.booking.embedded.models import (
    Booking,
    ErpCustomer,
    Plan,
    Service,
    Subscription,
)
from ramah.booking.embedded.visits import called_off, has_room, moved, summaries_of, visits_between, visits_of_day
from ramah.integrations.erp.document import BookingDocument, BookingReceipt, VehicleSize
from ramah.integrations.erp.port import (
    BookingSummary,
    CustomerRecord,
    PlanItem,
    ServiceItem,
    ServicePrice,
    TakenTime,
)
from ramah.integrations.errors import Conflict, speaks_for
from ramah.people import Organisation
from ramah.store import Database, utc_now


@speaks_for("erp")
class EmbeddedErp:
    """Implements ``ramah.integrations.erp.port.Erp``."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id

    def check(self) -> None:
        """The database answers; nothing else can be wrong."""
        self.services()

    def services(self) -> list[ServiceItem]:
        """All active services in display order."""
        with self._database.tenant_reading(self._organisation_id) as session:
            rows = session.scalars(select(Service).where(Service.active).order_by(Service.position, Service.code))
            return [_service_item(row) for row in rows]

    def plans(self) -> list[PlanItem]:
        """All plans in display order."""
        with self._database.tenant_reading(self._organisation_id) as session:
            rows = session.scalars(select(Plan).order_by(Plan.position, Plan.code))
            return [PlanItem.model_validate(row, from_attributes=True) for row in rows]

    def find_customer(self, phone: str) -> CustomerRecord | None:
        """The customer with this number."""
        with self._database.tenant_reading(self._organisation_id) as session:
            row = session.scalar(select(ErpCustomer).where(ErpCustomer.phone == phone))
            return customer_record(row) if row else None

    def taken(self, outlet_code: str, day: date, zone: str) -> list[TakenTime]:
        """Visits that touch a local day of an outlet."""
        with self._database.tenant_reading(self._organisation_id) as session:
            return visits_of_day(session, outlet_code, day, zone)

    # On PostgreSQL two customers of the same number may be made at once; the loser looks again.
    @stamina.retry(on=IntegrityError, attempts=4, wait_initial=0.02, wait_max=0.2)
    def book(self, document: BookingDocument, capacity: int) -> BookingReceipt:
        """Write the booking once, under a lock that makes the capacity check hold."""
        with self._database.tenant(self._organisation_id) as session:
            session.get(Organisation, self._organisation_id, with_for_update=True)
            known = session.get(Booking, document.booking_id)
            if known is not None:
                return _receipt(known, repeated=True)
            _check_capacity(session, document, capacity)
            return _receipt(_write(session, document), repeated=False)

    def find_booking(self, booking_id: str) -> BookingReceipt | None:
        """The receipt of an earlier write."""
        with self._database.tenant_reading(self._organisation_id) as session:
            known = session.get(Booking, booking_id)
            return _receipt(known, repeated=True) if known else None

    def bookings_of(self, phone: str) -> list[BookingSummary]:
        """The customer's bookings, upcoming first."""
        with self._database.tenant_reading(self._organisation_id) as session:
            return summaries_of(session, phone)

    def move(self, booking_id: str, starts_at: datetime, capacity: int) -> BookingReceipt:
        """Move once, under the same lock as booking."""
        with self._database.tenant(self._organisation_id) as session:
            session.get(Organisation, self._organisation_id, with_for_update=True)
            booking, repeated = moved(session, booking_id, starts_at, capacity)
            return _receipt(booking, repeated=repeated)

    def cancel(self, booking_id: str, reason: str) -> BookingReceipt:
        """Call off once; the time is free again."""
        with self._database.tenant(self._organisation_id) as session:
            booking, repeated = called_off(session, booking_id, reason)
            return _receipt(booking, repeated=repeated)


def _service_item(row: Service) -> ServiceItem:
    return ServiceItem(
        code=row.code,
        names=row.names,
        descriptions=row.descriptions,
        aliases=tuple(row.aliases),
        minutes=row.minutes,
        home_service=row.home_service,
        subscribable=row.subscribable,
        prices=tuple(
            ServicePrice.model_validate(
                {"size": VehicleSize(price.size), "currency": price.currency, "amount_minor": price.amount_minor}
            )
            for price in row.prices
        ),
    )


def _check_capacity(session: Session, document: BookingDocument, capacity: int) -> None:
    ends_at = document.starts_at + timedelta(minutes=document.minutes)
    taken = visits_between(session, document.outlet_code, document.starts_at, ends_at)
    if not has_room(document.starts_at, Visit(document.minutes, capacity), document.place, taken):
        raise Conflict(f"{document.outlet_code} is full at {document.starts_at.isoformat()}", code="slot_taken")


def _write(session: Session, document: BookingDocument) -> Booking:
    customer = upsert_customer(session, document)
    subscription = _subscription(session, document, customer)
    booking = Booking(
        booking_id=document.booking_id,
        name=f"BK-{document.reference}",
        customer_id=customer.id,
        subscription_id=subscription.id if subscription else None,
        service_code=document.service_code,
        outlet_code=document.outlet_code,
        place=document.place,
        starts_at=document.starts_at,
        ends_at=document.starts_at + timedelta(minutes=document.minutes),
        document=document.model_dump(mode="json"),
        created_at=utc_now(),
    )
    session.add(booking)
    session.flush()
    return booking


def _subscription(session: Session, document: BookingDocument, customer: ErpCustomer) -> Subscription | None:
    if document.plan is None:
        return None
    row = Subscription(
        name=f"SUB-{document.reference}",
        booking_id=document.booking_id,
        customer_id=customer.id,
        plan_code=document.plan.code,
        start_date=document.plan.start_date,
    )
    session.add(row)
    session.flush()
    return row


def _receipt(booking: Booking, *, repeated: bool) -> BookingReceipt:
    return BookingReceipt(
        booking_id=booking.booking_id,
        erp_name=booking.name,
        erp_doctype="Subscription" if booking.subscription_id else "Booking",
        repeated=repeated,
        created_at=booking.created_at,
    )
