"""What the contract suite needs to know of an adapter. Adding one: a builder below ``BUILDERS`` in conftest.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ramah.integrations.erp.port import BookingStatus, Erp

Progress = Callable[[str, BookingStatus, str | None, datetime | None], None]


@dataclass(frozen=True)
class ErpUnderTest:
    """An adapter over an empty ERP with a seeded catalogue.

    The seed offers at least one service that comes home and can be subscribed to, with a price for every car size in
    IDR and MYR, and at least one monthly plan. The counters look into the ERP itself, past the adapter;
    ``note_progress`` is what staff do there: a booking's status, a note for the customer, when it is ready.
    """

    erp: Erp
    count_customers: Callable[[], int]
    count_visits: Callable[[], int]
    count_subscriptions: Callable[[], int]
    note_progress: Progress
    outlet_code: str = "JKT-01"
