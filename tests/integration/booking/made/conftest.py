"""A Monday morning with bookings that are made."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ramah.integrations.erp.document import BookingDocument
from tests.integration.booking.customer import Customer
from tests.integration.booking.made.owner import Owner, book, owner

JAKARTA = ZoneInfo("Asia/Jakarta")
TOMORROW_TEN = datetime(2026, 11, 24, 10, tzinfo=JAKARTA)


@pytest.fixture
def budi(customer: Customer) -> Owner:
    """Somebody on the web chat who writes Indonesian."""
    return owner(customer)


@pytest.fixture
def tomorrow(budi: Owner) -> BookingDocument:
    """Budi's only booking: tomorrow at ten in Jakarta, with his Avanza."""
    return book(budi.place, TOMORROW_TEN)


@pytest.fixture
def saturday(budi: Owner, tomorrow: BookingDocument) -> BookingDocument:
    """A second one, on Saturday at two, with a Brio."""
    brio = {"make": "Honda", "model": "Brio", "year": 2022, "plate": "B 77 KL", "size": "small"}
    return book(budi.place, TOMORROW_TEN + timedelta(days=4, hours=4), vehicle=brio)
