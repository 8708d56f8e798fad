"""Bills for tests that need no database."""

from __future__ import annotations

from datetime import date

from ramah.billing.bills import BillView
from ramah.billing.models import BillStatus


def bill(number: int, amount: int = 150_000, status: BillStatus = BillStatus.OPEN, currency: str = "IDR") -> BillView:
    """A bill INV-2026-<number>."""
    reference = f"INV-2026-{number:04}"
    return BillView(f"id-{number}", reference, "Cuci Premium", amount, currency, date(2026, 12, 1), status)
