"""Whether a booking is paid, for whoever asks how far a conversation is."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.billing.models import Bill, BillStatus


def is_paid(session: Session, booking_reference: str) -> bool:
    """Whether a booking has bills and all of them but the void are paid. One query."""
    total, paid = session.execute(
        select(func.count(), func.count().filter(Bill.status == BillStatus.PAID))
        .select_from(Bill)
        .where(Bill.booking_reference == booking_reference, Bill.status != BillStatus.VOID)
    ).one()
    return bool(total) and total == paid
