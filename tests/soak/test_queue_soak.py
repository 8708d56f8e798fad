"""The full rush: 50 agents free at the same moment, 5,000 customers arriving, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ramah.store import Database
from tests.databases import backends, fresh_database
from tests.resilience.test_queue_races import assert_everybody_is_served_in_turn


@pytest.fixture(params=backends())
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, once on each backend."""
    with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


@pytest.mark.timeout(3 * 3600)
def test_five_thousand_customers_and_fifty_agents(database: Database) -> None:
    assert_everybody_is_served_in_turn(database, agents=50, customers=5000)
