"""An ERP that is asked in a sandbox: it answers, and is not asked to change anything."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from ramah.integrations.erp.document import BookingDocument, BookingReceipt
from ramah.integrations.erp.port import BookingSummary, Erp, TakenTime
from ramah.lib.sandbox import Sandbox, current_sandbox

SYSTEM = "erp"
NOT_WRITTEN = "(sandbox)"


def withheld(erp: Erp, *, embedded: bool) -> Erp:
    """The same ERP; in a sandbox one whose changes are noted.

    The embedded ERP carries them out, being rolled back with everything else. Any other is not asked: it is taken to
    agree."""
    sandbox = current_sandbox()
    return cast(Erp, _WithheldErp(erp, sandbox, embedded)) if sandbox else erp


class _WithheldErp:
    def __init__(self, erp: Erp, sandbox: Sandbox, embedded: bool) -> None:
        self._erp = erp
        self._sandbox = sandbox
        self._embedded = embedded

    def __getattr__(self, name: str) -> Any:
        return getattr(self._erp, name)

    def taken(self, outlet_code: str, day: date, zone: str) -> list[TakenTime]:
        """Held times, without what was booked since then in this conversation."""
        found = self._erp.taken(outlet_code, day, zone)
        return [one for one in found if one.booking_id not in self._sandbox.undone]

    def bookings_of(self, phone: str) -> list[BookingSummary]:
        """Bookings, without those that were made since then in this conversation."""
        return [one for one in self._erp.bookings_of(phone) if one.booking_id not in self._sandbox.undone]

    def find_booking(self, booking_id: str) -> BookingReceipt | None:
        """The receipt, unless it was made since then."""
        return None if booking_id in self._sandbox.undone else self._erp.find_booking(booking_id)

    def book(self, document: BookingDocument, capacity: int) -> BookingReceipt:
        """Note the booking."""
        about = f"{document.service_code}, {document.outlet_code}, {document.starts_at:%Y-%m-%d %H:%M}"
        self._sandbox.withhold(SYSTEM, "book", about)
        return self._erp.book(document, capacity) if self._embedded else _agreed(document.booking_id)

    def move(self, booking_id: str, starts_at: datetime, capacity: int) -> BookingReceipt:
        """Note the move."""
        self._sandbox.withhold(SYSTEM, "move", f"{booking_id}, {starts_at:%Y-%m-%d %H:%M}")
        return self._erp.move(booking_id, starts_at, capacity) if self._embedded else _agreed(booking_id)

    def cancel(self, booking_id: str, reason: str) -> BookingReceipt:
        """Note the cancellation."""
        self._sandbox.withhold(SYSTEM, "cancel", booking_id)
        return self._erp.cancel(booking_id, reason) if self._embedded else _agreed(booking_id)


def _agreed(booking_id: str) -> BookingReceipt:
    return BookingReceipt(booking_id=booking_id, erp_name=NOT_WRITTEN, erp_doctype=NOT_WRITTEN)
