"""The ERP port on a Frappe site."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ramah.integrations.erp.document import BookingDocument, BookingReceipt
from ramah.integrations.erp.frappe.belongings import addresses_of, vehicles_of
from ramah.integrations.erp.frappe.bookings import find_order, receipt_of, write_booking
from ramah.integrations.erp.frappe.catalogue import read_plans, read_services
from ramah.integrations.erp.frappe.client import FrappeClient
from ramah.integrations.erp.frappe.customers import find_person
from ramah.integrations.erp.frappe.inspection import inspect_site
from ramah.integrations.erp.frappe.made import bookings_of, cancel_booking, move_booking
from ramah.integrations.erp.frappe.settings import FrappeAccess
from ramah.integrations.erp.frappe.visits import visits_of_day
from ramah.integrations.erp.port import (
    BookingSummary,
    CustomerRecord,
    Erp,
    PlanItem,
    ServiceItem,
    TakenTime,
)
from ramah.integrations.errors import speaks_for
from ramah.integrations.http import BREAKERS, Breakers


@speaks_for("erp")
class FrappeErp(Erp):
    """One organisation on one ERPNext site. Thread-safe; ``close`` gives the connections back."""

    def __init__(self, access: FrappeAccess, breakers: Breakers = BREAKERS) -> None:
        self._access = access
        self._client = FrappeClient(access, breakers)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def check(self) -> None:
        """Prove that the key works, the zone is right and the custom fields exist."""
        inspect_site(self._client, self._access)

    def services(self) -> list[ServiceItem]:
        """All services on offer, in display order, with the prices that hold today on the site."""
        return read_services(self._client, self._access, datetime.now(UTC).astimezone(self._access.zone).date())

    def plans(self) -> list[PlanItem]:
        """All subscription rhythms, in display order."""
        return read_plans(self._client)

    def find_customer(self, phone: str) -> CustomerRecord | None:
        """The customer with this E.164 number, or None."""
        person = find_person(self._client, phone)
        if person is None:
            return None
        return CustomerRecord(
            erp_name=person.row.name,
            first_name=person.first_name,
            last_name=person.last_name,
            phone=phone,
            vehicles=vehicles_of(self._client, person.row.name),
            addresses=addresses_of(self._client, person.row.name),
        )

    def taken(self, outlet_code: str, day: date, zone: str) -> list[TakenTime]:
        """Visits of that local day at that outlet."""
        return visits_of_day(self._client, self._access, outlet_code, day, zone)

    def book(self, document: BookingDocument, capacity: int) -> BookingReceipt:
        """Write the booking once; see the port."""
        return write_booking(self._client, self._access, document, capacity)

    def find_booking(self, booking_id: str) -> BookingReceipt | None:
        """The receipt of a complete earlier write, or None."""
        order = find_order(self._client, booking_id)
        return receipt_of(order, self._access, booking_id) if order is not None and order.finished else None

    def bookings_of(self, phone: str) -> list[BookingSummary]:
        """The customer's bookings, upcoming first."""
        return bookings_of(self._client, self._access, phone)

    def move(self, booking_id: str, starts_at: datetime, capacity: int) -> BookingReceipt:
        """Let the booking begin at another time; see the port."""
        return move_booking(self._client, self._access, booking_id, starts_at, capacity)

    def cancel(self, booking_id: str, reason: str) -> BookingReceipt:
        """Call the visit off; see the port."""
        return cancel_booking(self._client, self._access, booking_id, reason)
