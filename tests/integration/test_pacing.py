"""Paces hold whoever counts: the database, Redis, or the database while Redis is away."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from redis import Redis

from ramah.channels.port import Pace
from ramah.messaging.pacing import DatabasePacer, Pacer, RedisPacer, Toll
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.services import REDIS, address_of

REDIS_URL = address_of(REDIS) or ""
needs_redis = pytest.mark.skipif(not REDIS_URL, reason="no Redis on this machine")
SLOW = Pace(60.0, 3)


def toll(tenant: Tenant, key: str, pace: Pace = SLOW) -> Toll:
    return Toll(tenant.id, key, pace)


def let_pass(database: Database, pacer: Pacer, *tolls: Toll) -> bool:
    with database.every_organisation() as session:
        return pacer.pass_all(session, tolls) is None


@pytest.fixture(params=["database", pytest.param("redis", marks=needs_redis)])
def pacer(request: pytest.FixtureRequest) -> Pacer:
    return DatabasePacer() if request.param == "database" else RedisPacer(REDIS_URL)


@pytest.fixture
def key() -> str:
    return f"account:{uuid4()}"


def test_a_burst_passes_and_then_one_in_each_interval(
    database: Database, kilap: Tenant, pacer: Pacer, key: str
) -> None:
    assert [let_pass(database, pacer, toll(kilap, key)) for _ in range(5)] == [True, True, True, False, False]


def test_what_one_toll_holds_costs_nothing_at_the_other(
    database: Database, kilap: Tenant, pacer: Pacer, key: str
) -> None:
    narrow, wide = toll(kilap, f"{key}:a", Pace(60.0, 1)), toll(kilap, f"{key}:b", Pace(60.0, 2))
    assert let_pass(database, pacer, narrow, wide)
    assert not let_pass(database, pacer, narrow, wide)
    assert let_pass(database, pacer, wide)


def test_the_wait_names_the_toll_that_holds(database: Database, kilap: Tenant, pacer: Pacer, key: str) -> None:
    narrow, wide = toll(kilap, f"{key}:a", Pace(60.0, 1)), toll(kilap, f"{key}:b", Pace(60.0, 9))
    assert let_pass(database, pacer, narrow, wide)
    with database.every_organisation() as session:
        hold = pacer.pass_all(session, [narrow, wide])
    assert hold is not None and hold.key == narrow.key
    assert 55 < hold.seconds <= 60


def test_many_at_once_get_no_more_room_than_one_after_the_other(
    database: Database, kilap: Tenant, pacer: Pacer, key: str
) -> None:
    passed: list[bool] = []
    threads = [
        threading.Thread(target=lambda: passed.append(let_pass(database, pacer, toll(kilap, key)))) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 12 and passed.count(True) == SLOW.burst


def test_without_redis_the_database_counts(database: Database, kilap: Tenant, key: str) -> None:
    pacer = RedisPacer("redis://127.0.0.1:1/0")
    assert [let_pass(database, pacer, toll(kilap, key)) for _ in range(4)] == [True, True, True, False]


@needs_redis
def test_redis_forgets_what_is_over(database: Database, kilap: Tenant, key: str) -> None:
    assert let_pass(database, RedisPacer(REDIS_URL), toll(kilap, key, Pace(1.0, 1)))
    with Redis.from_url(REDIS_URL) as redis:
        assert 0 < redis.ttl(f"ramah:pace:{key}") <= 3
