"""The resilience runs with large numbers; `make soak` runs them, bounded in count and time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ramah.store import Database
from tests.databases import backends, fresh_database
from tests.resilience.full_disk import tiny_disk
from tests.resilience.kill_runs import KillRun, carry_out
from tests.resilience.small_platform import migrated_url, running_platform
from tests.resilience.test_disk_full import go_over_a_full_disk
from tests.resilience.test_kill_runs import BACKENDS
from tests.resilience.test_shuffled_events import assert_the_end_is_always_the_same
from tests.resilience.test_takeover_races import assert_the_bot_never_talks_over_a_person
from tests.resilience.verdicts import assert_every_message_was_covered_once

HOURS = 3600
pytestmark = pytest.mark.timeout(3 * HOURS)


@pytest.fixture(params=backends())
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, once on each backend."""
    with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_thousand_messages_and_two_hundred_kills(backend: str, tmp_path: Path) -> None:
    carry_out(KillRun(people=100, messages=20, kills=200, seed=13), tmp_path, backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_bursts_and_forty_kills(backend: str, tmp_path: Path) -> None:
    bursts = {"RAMAH_BURST_WINDOW": "0.3"}
    run = KillRun(people=40, messages=20, kills=40, settings=bursts, answered=assert_every_message_was_covered_once)
    carry_out(run, tmp_path, backend)


def test_a_thousand_events_in_fifty_orders(tmp_path: Path) -> None:
    with fresh_database("sqlite", tmp_path) as database:
        assert_the_end_is_always_the_same(database, count=1000, people=40, shuffles=50)


def test_ten_thousand_takeovers_race_ten_thousand_turns(database: Database) -> None:
    assert_the_bot_never_talks_over_a_person(database, conversations=200, rounds=50)


def test_a_full_disk_is_waited_for(tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "media") as disk, migrated_url("sqlite", tmp_path) as url:
        if disk is None:
            pytest.skip("this user may mount no disk")
        settings = {"RAMAH_MEDIA_URL": f"file://{disk.folder}"}
        with running_platform(tmp_path, url, settings=settings) as platform:
            go_over_a_full_disk(platform, disk, hurry=False)
