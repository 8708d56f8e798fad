"""Writing a booking so that a crash, a lost answer or a rival leaves nothing doubled and nothing half done.

Order of writes: customer, contact, car, address, then the Sales Order (it holds the capacity and carries our key),
then for a subscription its plan, the Subscription and, last, its name on the Sales Order. A repetition goes on where
the first attempt stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ramah.integrations.erp.document import BookingDocument, BookingReceipt
from ramah.integrations.erp.frappe.belongings import write_address, write_vehicle
from ramah.integrations.erp.frappe.client import FrappeClient, Row
from ramah.integrations.erp.frappe.customers import write_customer
from ramah.integrations.erp.frappe.mapping import (
    harmless,
    major,
    site_day,
    site_time,
    utc_time,
)
from ramah.integrations.erp.frappe.settings import FrappeAccess
from ramah.integrations.erp.frappe.subscriptions import write_subscription
from ramah.integrations.erp.frappe.visits import overlapping, peak
from ramah.integrations.erp.frappe.writes import KEY, Written, create_keyed
from ramah.integrations.errors import Conflict

CANCELLED = 2


class OrderRow(Row):
    """A Sales Order of ours."""

    creation: datetime
    docstatus: int
    customer: str
    custom_kind: Literal["one_time", "subscription"]
    custom_vehicle: str | None = None
    custom_subscription: str | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing is left to write (staff may have cancelled it meanwhile: that is an end, too)."""
        return self.custom_kind == "one_time" or bool(self.custom_subscription) or self.docstatus == CANCELLED


@dataclass(frozen=True)
class Parties:
    """The documents that an order points to, by name."""

    customer: str
    vehicle: str | None
    address: str | None


def find_order(client: FrappeClient, booking_id: str) -> OrderRow | None:
    """The Sales Order of a booking, or None."""
    rows = client.rows("Sales Order", OrderRow, [[KEY, "=", booking_id]], most=1)
    return rows[0] if rows else None


def receipt_of(order: OrderRow, access: FrappeAccess, booking_id: str) -> BookingReceipt:
    """The receipt of a finished order."""
    return BookingReceipt(
        booking_id=booking_id,
        erp_name=order.custom_subscription or order.name,
        erp_doctype="Subscription" if order.custom_subscription else "Sales Order",
        repeated=True,
        created_at=utc_time(order.creation, access.zone),
    )


def write_booking(
    client: FrappeClient, access: FrappeAccess, document: BookingDocument, capacity: int
) -> BookingReceipt:
    """Write what is still missing. Raises Conflict when the time has been taken meanwhile."""
    order = find_order(client, document.booking_id)
    if order is not None and order.finished:
        return receipt_of(order, access, document.booking_id)
    if order is None:
        order, written = _place(client, access, document, capacity)
        if order.finished:
            return receipt_of(order, access, document.booking_id).model_copy(update={"repeated": written.repeated})
    subscription = write_subscription(client, access, document, order.customer, order.custom_vehicle)
    client.update("Sales Order", order.name, {"custom_subscription": subscription.name})
    done = order.model_copy(update={"custom_subscription": subscription.name})
    return receipt_of(done, access, document.booking_id).model_copy(update={"repeated": subscription.repeated})


def _place(
    client: FrappeClient, access: FrappeAccess, document: BookingDocument, capacity: int
) -> tuple[OrderRow, Written]:
    if peak([row.taken(access) for row in overlapping(client, access, document)]) >= capacity:
        raise Conflict("the time has been taken")
    parties = _write_parties(client, access, document)
    written = create_keyed(client, "Sales Order", document.booking_id, order_body(access, document, parties))
    if not written.repeated:
        _give_way(client, access, document, capacity, written.name)
    order = OrderRow(
        name=written.name,
        creation=written.stamp.creation,
        docstatus=0,
        customer=parties.customer,
        custom_kind=document.kind,
        custom_vehicle=parties.vehicle,
    )
    return order, written


def _give_way(client: FrappeClient, access: FrappeAccess, document: BookingDocument, capacity: int, own: str) -> None:
    """Withdraw the order when rivals with an earlier number fill the capacity.

    Frappe has no lock that we could hold from looking to writing. It gives out numbers of a series one transaction
    after the other (frappe/model/naming.py, ``for update``), so the later of two rivals surely sees the earlier one.
    """
    rivals = [row for row in overlapping(client, access, document) if _rank(row.name) < _rank(own)]
    if peak([row.taken(access) for row in rivals]) >= capacity:
        client.delete("Sales Order", own)
        raise Conflict("the time has been taken by an earlier booking")


def _rank(name: str) -> tuple[int, str]:
    return len(name), name


def _write_parties(client: FrappeClient, access: FrappeAccess, document: BookingDocument) -> Parties:
    used, person = site_time(document.created_at, access.zone), document.customer
    customer = write_customer(client, access, person)
    vehicle, address = document.vehicle, document.address
    return Parties(
        customer,
        write_vehicle(client, customer, person.phone, vehicle, used) if vehicle is not None else None,
        write_address(client, customer, person, address, used) if address is not None else None,
    )


def order_body(access: FrappeAccess, document: BookingDocument, parties: Parties) -> dict[str, object]:
    """A draft Sales Order (``docstatus`` 0: staff submit it) for one visit."""
    day = site_day(document.starts_at, access.zone)
    item: dict[str, object] = {
        "item_code": document.service_code,
        "qty": 1,
        "rate": major(document.price.amount_minor, document.price.currency),
        "delivery_date": day,
    }
    body: dict[str, object] = {
        "docstatus": 0,
        "customer": parties.customer,
        "company": access.company_for(document.price.currency),
        "currency": document.price.currency,
        "order_type": "Sales",
        "transaction_date": site_day(document.created_at, access.zone),
        "delivery_date": day,
        "ignore_pricing_rule": 1,
        "items": [item],
        "custom_kind": document.kind,
        "custom_vehicle": parties.vehicle,
        **_custom_fields(access, document),
    }
    return body if parties.address is None else {**body, "shipping_address_name": parties.address}


def _custom_fields(access: FrappeAccess, document: BookingDocument) -> dict[str, object]:
    return {
        "custom_reference": document.reference,
        "custom_outlet": document.outlet_code,
        "custom_place": document.place,
        "custom_starts_at": site_time(document.starts_at, access.zone),
        "custom_minutes": document.minutes,
        "custom_channel": harmless(document.channel),
        "custom_customer_notes": document.notes,
        "custom_booking_document": document.model_dump_json(),
    }
