"""Events may come in any order, and several times: what is left is always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from ramah.store import Database
from tests.databases import backends, fresh_database
from tests.integration.conftest import make_tenant
from tests.resilience import events
from tests.resilience.events import State


@pytest.fixture(params=backends())
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, once on each backend."""
    with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


def end_states(database: Database, count: int, people: int, shuffles: int) -> list[State]:
    """The state after the same events in their own order, and after each shuffle; one organisation for each."""
    found = []
    for number in range(shuffles + 1):
        tenant = make_tenant(database, f"tenant-{number}", f"10{number:05}")
        events.write_history(database, tenant, people)
        bodies = events.events(database, tenant, count, people, random.Random(1))
        if number:
            random.Random(number).shuffle(bodies)
        events.apply(database, tenant.whatsapp, bodies)
        found.append(events.state_of(database, tenant))
    return found


def assert_the_end_is_always_the_same(database: Database, count: int, people: int, shuffles: int) -> None:
    """Also: the events did something at all."""
    first, *others = end_states(database, count, people, shuffles)
    assert {"read", "delivered", "failed"} <= set(first.statuses.values())
    assert first.unfinished == 0 and first.files and first.parked
    assert 0 < len(first.with_people) < people
    assert len(first.echoed[events.person(0)]) == 1
    for number, other in enumerate(others, start=1):
        assert other == first, f"shuffle {number}"


def test_the_order_of_events_changes_nothing(database: Database) -> None:
    assert_the_end_is_always_the_same(database, count=300, people=12, shuffles=6)
