"""What the contract suite needs to know of an adapter. Adding one: a builder below ``BUILDERS`` in conftest.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ramah.integrations.erp.port import Erp


@dataclass(frozen=True)
class ErpUnderTest:
    """An adapter over an empty ERP with a seeded catalogue.

    The seed offers at least one service that comes home and can be subscribed to, with a price for every car size in
    IDR and MYR, and at least one monthly plan. The counters look into the ERP itself, past the adapter.
    """

    erp: Erp
    count_customers: Callable[[], int]
    count_visits: Callable[[], int]
    count_subscriptions: Callable[[], int]
    outlet_code: str = "JKT-01"
