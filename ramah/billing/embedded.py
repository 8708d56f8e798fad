"""Bills in our own database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ramah.billing.bills import UNPAID, Bills, BillView
from ramah.billing.models import Bill, BillStatus
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.lib.wording import MINOR_PER_MAJOR
from ramah.people import Contact
from ramah.store import Database, utc_now


@dataclass(frozen=True)
class NewBill:
    """What a bill needs. ``phone`` is E.164; one of ``contact_id`` and ``phone`` names who owes it."""

    reference: str
    description: str
    amount_minor: int
    currency: str
    due_on: date
    contact_id: str | None = None
    phone: str | None = None
    booking_reference: str | None = None


class EmbeddedBills:
    """The port over the table ``bills``."""

    def unpaid(self, session: Session, contact: Contact) -> Sequence[BillView]:
        """The open and claimed bills of a contact, the earliest due first."""
        owners = [Bill.contact_id == contact.id]
        if contact.phone and contact.phone_proved:
            owners.append(Bill.phone == contact.phone)
        rows = session.scalars(
            select(Bill).where(or_(*owners), Bill.status.in_(UNPAID)).order_by(Bill.due_on, Bill.reference)
        )
        return [_view(row) for row in rows]

    def find(self, session: Session, bill_id: str) -> BillView | None:
        """One bill, or None."""
        row = session.scalar(select(Bill).where(Bill.id == bill_id))
        return _view(row) if row else None

    def mark(self, session: Session, bill_id: str, status: BillStatus) -> None:
        """Set a bill's status under its row lock. Raises NotFound, and Refused for a bill that is paid or void."""
        row = session.scalar(
            select(Bill).where(Bill.id == bill_id).with_for_update().execution_options(populate_existing=True)
        )
        if row is None:
            raise NotFound("There is no such bill.")
        if row.status not in UNPAID:
            raise Refused(f"The bill {row.reference} is {row.status} already.")
        row.status = status
        row.paid_at = utc_now() if status is BillStatus.PAID else None


BILLS: Bills = EmbeddedBills()
"""Where bills live."""


def issue_bill(database: Database, organisation_id: str, new: NewBill) -> str:
    """Write a bill, once per reference; returns its id. Raises BadInput."""
    with database.tenant(organisation_id) as session:
        return issue_in(session, new)


def issue_in(session: Session, new: NewBill) -> str:
    """The same in a running transaction. A reference that exists is left as it is."""
    if new.amount_minor <= 0 or new.currency not in MINOR_PER_MAJOR:
        raise BadInput(f"bill {new.reference}: an amount above 0 in {' or '.join(MINOR_PER_MAJOR)} is needed")
    if not (new.contact_id or new.phone):
        raise BadInput(f"bill {new.reference}: a contact or a phone number is needed")
    known = session.scalar(select(Bill.id).where(Bill.reference == new.reference))
    if known is not None:
        return known
    row = Bill(
        reference=new.reference,
        contact_id=new.contact_id,
        phone=new.phone,
        description=new.description,
        amount_minor=new.amount_minor,
        currency=new.currency,
        due_on=new.due_on,
        booking_reference=new.booking_reference,
    )
    session.add(row)
    session.flush()
    return row.id


def _view(row: Bill) -> BillView:
    return BillView(
        id=row.id,
        reference=row.reference,
        description=row.description,
        amount_minor=row.amount_minor,
        currency=row.currency,
        due_on=row.due_on,
        status=BillStatus(row.status),
    )
