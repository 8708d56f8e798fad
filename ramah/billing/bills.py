"""The port to where bills live, and the bill as everybody else sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from ramah.billing.models import BillStatus
from ramah.people import Contact

UNPAID = (BillStatus.OPEN, BillStatus.CLAIMED)


@dataclass(frozen=True)
class BillView:
    """A bill as it stands. ``amount_minor`` is in whole rupiah or in sen."""

    id: str
    reference: str
    description: str
    amount_minor: int
    currency: str
    due_on: date
    status: BillStatus


class Bills(Protocol):
    """Where an organisation keeps its bills. Only the embedded one exists: ``ramah.billing.embedded``.

    Each call works inside the caller's transaction. An adapter to another system reads there and, to mark a bill,
    writes a row in this session that a worker sends afterwards.
    """

    def unpaid(self, session: Session, contact: Contact) -> Sequence[BillView]:
        """The open and claimed bills of a contact, the earliest due first.

        A number counts only when the channel proved it: anybody can type a stranger's."""

    def find(self, session: Session, bill_id: str) -> BillView | None:
        """One bill, or None."""

    def mark(self, session: Session, bill_id: str, status: BillStatus) -> None:
        """Set a bill's status under its row lock. Raises NotFound, and Refused for a bill that is paid or void."""
