"""Bookings that are made: read, moved and called off on their Sales Order.

Only fields with *Allow on Submit* are changed, so an order that staff have submitted can be moved, too. A visit that
is called off keeps its order, for staff to withdraw it: Ramah's role may not cancel what touches the accounts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from pydantic import ValidationError

from ramah.integrations.erp.document import BookingDocument, BookingReceipt, VehiclePart
from ramah.integrations.erp.frappe.belongings import vehicle_named
from ramah.integrations.erp.frappe.client import MAYBE_WRITTEN, Body, FrappeClient, Row
from ramah.integrations.erp.frappe.customers import Person, find_person
from ramah.integrations.erp.frappe.mapping import harmless, site_day, site_time, utc_time
from ramah.integrations.erp.frappe.settings import FrappeAccess
from ramah.integrations.erp.frappe.visits import overlapping_at, peak
from ramah.integrations.erp.frappe.writes import KEY
from ramah.integrations.erp.port import RECENT, BookingStatus, BookingSummary, in_order
from ramah.integrations.errors import Conflict, IntegrationError, Rejected, Unavailable, UncertainWrite
from ramah.integrations.http import BadStatus, NoAnswer
from ramah.lib.sandbox import moment_now

MOST = 50


class MadeRow(Row):
    """A Sales Order as a booking that is made; staff may have entered it by hand."""

    creation: datetime
    docstatus: int
    custom_external_ref: str | None = None
    custom_reference: str | None = None
    custom_kind: Literal["one_time", "subscription"] | None = None
    custom_subscription: str | None = None
    custom_vehicle: str | None = None
    custom_outlet: str
    custom_place: Literal["home", "outlet"]
    custom_starts_at: datetime
    custom_minutes: int | None = None
    custom_visit_status: str | None = None
    custom_status_note: str | None = None
    custom_ready_at: datetime | None = None
    custom_booking_document: str | None = None

    @property
    def booking_id(self) -> str:
        """Our key, or the order's name where staff made it."""
        return self.custom_external_ref or self.name

    @property
    def status(self) -> BookingStatus:
        """What staff have set; an order that they cancelled is called off whatever else it says."""
        if self.docstatus == 2:
            return BookingStatus.CANCELLED
        return BookingStatus(self.custom_visit_status or BookingStatus.BOOKED)

    def document(self) -> BookingDocument | None:
        """What was booked through Ramah; None for an order that staff made."""
        try:
            return BookingDocument.model_validate_json(self.custom_booking_document or "")
        except ValidationError:
            return None


def bookings_of(client: FrappeClient, access: FrappeAccess, phone: str) -> list[BookingSummary]:
    """The bookings of the person with this number. Of a customer with several people, only the person's own."""
    person = find_person(client, phone)
    if person is None:
        return []
    now = moment_now()
    since = site_time(now - RECENT, access.zone)
    rows = client.rows(
        "Sales Order",
        MadeRow,
        [["customer", "=", person.row.name], ["custom_starts_at", ">=", since]],
        order_by="custom_starts_at desc, name asc",
        most=MOST,
    )
    return in_order([_summary(client, access, row) for row in rows if _belongs(row, person, phone)], now)


def move_booking(
    client: FrappeClient, access: FrappeAccess, booking_id: str, starts_at: datetime, capacity: int
) -> BookingReceipt:
    """Let it begin at another time; see the port."""
    row = _find(client, booking_id)
    old = utc_time(row.custom_starts_at, access.zone)
    if row.status is BookingStatus.BOOKED and old == starts_at:
        return _receipt(row, access, repeated=True)
    _refuse_unless_open(row)
    _refuse_when_full(client, access, row, starts_at, capacity)
    wanted = site_time(starts_at, access.zone)
    _write_time(client, access, row, starts_at, lambda now: f"{now.custom_starts_at}" == wanted)
    try:
        # Frappe has no lock from looking to writing. Whoever wrote last surely sees the other here and gives way.
        _refuse_when_full(client, access, row, starts_at, capacity)
    except Conflict:
        _write_time(client, access, row, old, lambda now: now.custom_starts_at == row.custom_starts_at)
        raise
    return _receipt(row, access, repeated=False)


def cancel_booking(client: FrappeClient, access: FrappeAccess, booking_id: str, reason: str) -> BookingReceipt:
    """Call it off; see the port."""
    row = _find(client, booking_id)
    if row.status is BookingStatus.CANCELLED:
        return _receipt(row, access, repeated=True)
    _refuse_unless_open(row)
    body = {"custom_visit_status": BookingStatus.CANCELLED.value, "custom_status_note": harmless(reason)}
    _write(client, row, body, lambda now: now.status is BookingStatus.CANCELLED)
    return _receipt(row, access, repeated=False)


def _find(client: FrappeClient, booking_id: str) -> MadeRow:
    for field in (KEY, "name"):
        rows = client.rows("Sales Order", MadeRow, [[field, "=", booking_id]], most=1)
        if rows:
            return rows[0]
    raise Rejected(f"no Sales Order of booking {booking_id}", code="unknown_booking")


def _belongs(row: MadeRow, person: Person, phone: str) -> bool:
    document = row.document()
    if document is not None:
        return document.customer.phone == phone
    return person.row.custom_external_ref in {None, phone}


def _refuse_unless_open(row: MadeRow) -> None:
    if row.status is not BookingStatus.BOOKED:
        raise Conflict(f"{row.name} is {row.status}", code="not_open")


def _refuse_when_full(
    client: FrappeClient, access: FrappeAccess, row: MadeRow, starts_at: datetime, capacity: int
) -> None:
    length = timedelta(minutes=row.custom_minutes or access.default_minutes)
    near = overlapping_at(client, access, row.custom_outlet, row.custom_place, starts_at, starts_at + length)
    others = [one.taken(access) for one in near if one.name != row.name]
    if peak(others) >= capacity:
        raise Conflict("the time has been taken", code="slot_taken")


def _write_time(
    client: FrappeClient, access: FrappeAccess, row: MadeRow, starts_at: datetime, is_done: Callable[[MadeRow], bool]
) -> None:
    day = site_day(starts_at, access.zone)
    # A child table is replaced as a whole; its rows keep their names, and ERPNext takes the day from them.
    items = [{**_exact(item), "delivery_date": day} for item in _items(client, row)]
    body = {"custom_starts_at": site_time(starts_at, access.zone), "delivery_date": day, "items": items}
    _write(client, row, body, is_done)


def _write(client: FrappeClient, row: MadeRow, body: Body, is_done: Callable[[MadeRow], bool]) -> None:
    """Change the order; an answer that got lost is looked up once."""
    try:
        client.update("Sales Order", row.name, body)
    except NoAnswer as error:
        if not error.sent:
            raise
        _settle(client, row, is_done, UncertainWrite(f"changing {row.name}: {error}", code="no_answer"))
    except Unavailable as error:
        status = error.__cause__.answer.status if isinstance(error.__cause__, BadStatus) else None
        if status not in MAYBE_WRITTEN:
            raise
        # An answered 500 is over; behind a gateway that gave up, the change may still be at work.
        _settle(client, row, is_done, error if status == 500 else UncertainWrite(str(error), code=str(status)))


def _settle(client: FrappeClient, row: MadeRow, is_done: Callable[[MadeRow], bool], doubt: IntegrationError) -> None:
    try:
        rows = client.rows("Sales Order", MadeRow, [["name", "=", row.name]], most=1)
    except IntegrationError as error:
        raise doubt from error
    if not rows or not is_done(rows[0]):
        raise doubt


def _summary(client: FrappeClient, access: FrappeAccess, row: MadeRow) -> BookingSummary:
    document = row.document()
    code = document.service_code if document else _service_of(client, row)
    return BookingSummary(
        booking_id=row.booking_id,
        reference=row.custom_reference or row.name,
        kind=row.custom_kind or "one_time",
        service_code=code,
        service_name=document.service_name if document else code,
        outlet_code=row.custom_outlet,
        place=row.custom_place,
        starts_at=utc_time(row.custom_starts_at, access.zone),
        minutes=row.custom_minutes or access.default_minutes,
        vehicle=document.vehicle if document else _vehicle_of(client, row),
        status=row.status,
        status_note=row.custom_status_note or None,
        ready_at=utc_time(row.custom_ready_at, access.zone) if row.custom_ready_at else None,
    )


def _service_of(client: FrappeClient, row: MadeRow) -> str:
    return next((str(item.get("item_code")) for item in _items(client, row)), "-")


def _items(client: FrappeClient, row: MadeRow) -> list[dict[str, Any]]:
    return list(client.document("Sales Order", row.name).get("items") or [])


def _exact(item: dict[str, Any]) -> dict[str, Any]:
    """Amounts go back as the exact texts that they came as."""
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in item.items()}


def _vehicle_of(client: FrappeClient, row: MadeRow) -> VehiclePart | None:
    return vehicle_named(client, row.custom_vehicle) if row.custom_vehicle else None


def _receipt(row: MadeRow, access: FrappeAccess, *, repeated: bool) -> BookingReceipt:
    return BookingReceipt(
        booking_id=row.booking_id,
        erp_name=row.custom_subscription or row.name,
        erp_doctype="Subscription" if row.custom_subscription else "Sales Order",
        repeated=repeated,
        created_at=utc_time(row.creation, access.zone),
    )
