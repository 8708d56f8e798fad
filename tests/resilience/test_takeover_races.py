"""Hundreds of takeovers race the bot's answers: after one, no older message of the bot is shown or leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ramah.store import Database
from tests.databases import backends, fresh_database
from tests.integration.conftest import make_tenant
from tests.resilience.takeovers import Race, judge


@pytest.fixture(params=backends())
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, once on each backend."""
    with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


def assert_the_bot_never_talks_over_a_person(database: Database, conversations: int, rounds: int) -> None:
    """Also: some answers were in time and some were not, or it was no race."""
    tenant = make_tenant(database, "kilap", "1000001")
    Race(database, tenant, conversations, rounds).run()
    outcome = judge(database, tenant)
    assert outcome.broken == []
    assert outcome.takeovers == conversations * rounds
    assert outcome.dropped > outcome.takeovers / 50
    assert outcome.sent > outcome.takeovers / 50


@pytest.mark.timeout(180)
def test_after_a_takeover_nothing_older_of_the_bot_leaves_or_is_shown(database: Database) -> None:
    assert_the_bot_never_talks_over_a_person(database, conversations=20, rounds=15)
