"""Redis and the database go away in the middle and come back: nothing is lost, and readiness says what is wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.databases import backends
from tests.fakes.postgres import PrivatePostgres, programs
from tests.resilience import verdicts
from tests.resilience.customers import Crowd
from tests.resilience.private_redis import PROGRAM, PrivateRedis
from tests.resilience.small_platform import Platform, migrated_url, running_platform
from tests.stack import wait_for

PEOPLE, MESSAGES = 4, 8
ASKED = ("console", "worker-1")


@pytest.fixture
def redis() -> Iterator[PrivateRedis]:
    """A Redis that can be killed."""
    if PROGRAM is None:
        pytest.skip("no redis-server on this machine")
    server = PrivateRedis()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def postgres() -> Iterator[PrivatePostgres]:
    """A PostgreSQL that can be killed."""
    if programs() is None:
        pytest.skip("no PostgreSQL server on this machine")
    server = PrivatePostgres()
    server.start()
    yield server
    server.stop()


def readiness(platform: Platform, name: str) -> httpx.Response:
    """What a process says of itself; it must say something, whatever is away."""
    answer = platform.members[name].answer()
    assert answer is not None, f"{name} says nothing at all:\n{platform.members[name].log()[-1500:]}"
    return answer


def write_around(crowd: Crowd) -> list[threading.Thread]:
    """The crowd begins to write; returns when a third of the messages is in."""
    threads = crowd.write()
    wait_for(lambda: crowd.sent >= crowd.total // 3 or bool(crowd.failures), "a third is written", 60)
    return threads


def finish(crowd: Crowd, threads: list[threading.Thread]) -> None:
    """Everything is written and settled, and nothing is missing."""
    for thread in threads:
        thread.join()
    assert crowd.failures == []
    verdicts.wait_until_settled(crowd.platform, 90)
    verdicts.assert_nothing_was_sent_twice(crowd.platform)
    verdicts.assert_every_person_was_answered(crowd.platform, crowd.people, crowd.messages)
    verdicts.assert_every_row_is_final(crowd.platform.database, crowd.total)
    verdicts.assert_the_ledger_misses_nothing(crowd.platform)


def test_without_redis_everything_goes_on(redis: PrivateRedis, tmp_path: Path) -> None:
    settings = {"RAMAH_REDIS_URL": redis.url}
    with migrated_url(backends()[-1], tmp_path) as url, running_platform(tmp_path, url, settings=settings) as platform:
        crowd = Crowd(platform, PEOPLE, MESSAGES)
        threads = write_around(crowd)
        redis.kill()
        wait_for(lambda: crowd.sent >= crowd.total * 2 // 3 or bool(crowd.failures), "messages come in as ever", 60)
        said = {name: readiness(platform, name) for name in ASKED}
        redis.start()
        finish(crowd, threads)
        assert {name for name, answer in said.items() if "redis" not in answer.text.lower()} == set()
        for name in ASKED:
            wait_for(lambda name=name: "redis" not in readiness(platform, name).text.lower(), f"{name} is well", 20)  # type: ignore[misc]


def test_while_the_database_is_away_readiness_says_so_and_nothing_is_lost(
    postgres: PrivatePostgres, tmp_path: Path
) -> None:
    with running_platform(tmp_path, postgres.url) as platform:
        crowd = Crowd(platform, PEOPLE, MESSAGES)
        threads = write_around(crowd)
        postgres.kill()
        try:
            for name in ASKED:
                answer = readiness(platform, name)
                assert answer.status_code == 503, name
                assert "database" in answer.text, name
        finally:
            postgres.start()
            for thread in threads:
                thread.join()
        finish(crowd, threads)
        for name in ASKED:
            wait_for(platform.members[name].is_ready, f"{name} recovers by itself", 20)
