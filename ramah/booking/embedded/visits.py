"""Visits that are made: told of, moved, called off, and how far their work is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.availability import Visit, is_free
from ramah.booking.embedded.models import Booking, ErpCustomer
from ramah.integrations.erp.document import BookingDocument
from ramah.integrations.erp.port import OPEN, RECENT, BookingStatus, BookingSummary, TakenTime, in_order
from ramah.integrations.errors import Conflict, Rejected
from ramah.store import utc_now


def summaries_of(session: Session, phone: str) -> list[BookingSummary]:
    """The bookings of the customer with this number, in the port's order."""
    now = utc_now()
    rows = session.scalars(
        select(Booking)
        .join(ErpCustomer, ErpCustomer.id == Booking.customer_id)
        .where(ErpCustomer.phone == phone, Booking.ends_at > now - RECENT)
    )
    return in_order([_summary(row) for row in rows], now)


def visits_of_day(session: Session, outlet_code: str, day: date, zone: str) -> list[TakenTime]:
    """Visits that hold capacity on a local day or the next."""
    begins = datetime.combine(day, time.min, tzinfo=ZoneInfo(zone))
    return visits_between(session, outlet_code, begins, begins + timedelta(days=2))


def visits_between(session: Session, outlet_code: str, start: datetime, end: datetime) -> list[TakenTime]:
    """Visits that hold capacity at some moment of [start, end)."""
    rows = session.scalars(
        select(Booking).where(
            Booking.outlet_code == outlet_code,
            Booking.status.in_(OPEN),
            Booking.starts_at < end,
            Booking.ends_at > start,
        )
    )
    return [_taken(row) for row in rows]


def has_room(starts_at: datetime, visit: Visit, place: str, taken: Sequence[TakenTime]) -> bool:
    """Whether one more visit fits at that place."""
    return is_free(starts_at, visit, [other for other in taken if other.place == place])


def moved(session: Session, booking_id: str, starts_at: datetime, capacity: int) -> tuple[Booking, bool]:
    """Let it begin at another time. Returns the booking and whether it began then already; raises as the port says.

    The caller holds the organisation's lock, which makes the capacity check hold.
    """
    booking = _known(session, booking_id)
    if booking.status == BookingStatus.BOOKED and booking.starts_at == starts_at:
        return booking, True
    if booking.status != BookingStatus.BOOKED:
        raise Conflict(f"{booking.name} is {booking.status}", code="not_open")
    length = booking.ends_at - booking.starts_at
    visit = Visit(int(length.total_seconds() // 60), capacity)
    near = visits_between(session, booking.outlet_code, starts_at, starts_at + length)
    others = [one for one in near if one.booking_id != booking_id]
    if not has_room(starts_at, visit, booking.place, others):
        raise Conflict(f"{booking.outlet_code} is full at {starts_at.isoformat()}", code="slot_taken")
    booking.starts_at, booking.ends_at = starts_at, starts_at + length
    return booking, False


def called_off(session: Session, booking_id: str, reason: str) -> tuple[Booking, bool]:
    """Call it off. Returns the booking and whether it had been before; raises as the port says."""
    booking = _known(session, booking_id)
    if booking.status == BookingStatus.CANCELLED:
        return booking, True
    if booking.status != BookingStatus.BOOKED:
        raise Conflict(f"{booking.name} is {booking.status}", code="not_open")
    booking.status, booking.status_note = BookingStatus.CANCELLED, reason or None
    return booking, False


def note_progress(
    session: Session,
    booking_id: str,
    status: BookingStatus,
    *,
    note: str | None = None,
    ready_at: datetime | None = None,
) -> None:
    """What staff know of the work: its status, a note for the customer, when it is or was ready."""
    booking = _known(session, booking_id)
    booking.status, booking.status_note, booking.ready_at = status, note, ready_at


def _known(session: Session, booking_id: str) -> Booking:
    booking = session.get(Booking, booking_id, with_for_update=True)
    if booking is None:
        raise Rejected(f"no booking {booking_id}", code="unknown_booking")
    return booking


def _taken(row: Booking) -> TakenTime:
    return TakenTime(
        booking_id=row.booking_id,
        place="home" if row.place == "home" else "outlet",
        starts_at=row.starts_at,
        minutes=_minutes(row),
    )


def _summary(row: Booking) -> BookingSummary:
    document = BookingDocument.model_validate(row.document)
    return BookingSummary(
        booking_id=row.booking_id,
        reference=document.reference,
        kind=document.kind,
        service_code=row.service_code,
        service_name=document.service_name,
        outlet_code=row.outlet_code,
        place=document.place,
        starts_at=row.starts_at,
        minutes=_minutes(row),
        vehicle=document.vehicle,
        status=BookingStatus(row.status),
        status_note=row.status_note,
        ready_at=row.ready_at,
    )


def _minutes(row: Booking) -> int:
    return int((row.ends_at - row.starts_at).total_seconds() // 60)
