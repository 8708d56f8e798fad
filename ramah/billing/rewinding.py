"""A conversation's slips and bills as they were before one of its turns, so that the turn can be tried again."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ramah.billing.models import Bill, BillStatus, Proof
from ramah.booking.rewinding import Then
from ramah.messaging.models import Conversation


def rewind_payments(session: Session, then: Then) -> None:
    """Take back slips that came since, and let bills wait again. Only for a session whose writes are rolled back."""
    since = select(Proof).where(Proof.conversation_id == then.conversation_id, Proof.created_at >= then.moment)
    later = session.scalars(since).all()
    ids = [proof.id for proof in later]
    for other in session.scalars(select(Proof).where(Proof.alike_id.in_(ids))):
        other.alike_id = None
    contact = select(Conversation.contact_id).where(Conversation.id == then.conversation_id).scalar_subquery()
    theirs = or_(Bill.contact_id == contact, Bill.id.in_([proof.bill_id for proof in later if proof.bill_id]))
    for bill in session.scalars(select(Bill).where(theirs)):
        _reopen(bill, then, claimed={proof.bill_id for proof in later})
    session.flush()
    for proof in later:
        session.delete(proof)
    session.flush()


def _reopen(bill: Bill, then: Then, claimed: set[str | None]) -> None:
    paid_since = bill.paid_at is not None and bill.paid_at >= then.moment
    if paid_since or (bill.status == BillStatus.CLAIMED and bill.id in claimed):
        bill.status, bill.paid_at = BillStatus.OPEN, None
