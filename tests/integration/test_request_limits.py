"""Request limits: counted in one console, or together by all of them where there is Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from console.wiring import Limits
from ramah.settings import Settings
from tests.services import REDIS, address_of

STORAGES = [None, *filter(None, [address_of(REDIS)])]


def _limits(redis_url: str | None) -> Limits:
    settings = Settings(_env_file=None, redis_url=redis_url, login_limit="3/minute")  # type: ignore[call-arg]
    return Limits.build(settings)


@pytest.fixture(params=STORAGES, ids=lambda url: "redis" if url else "memory")
def limits(request: pytest.FixtureRequest) -> Limits:
    """The limits of one console."""
    return _limits(request.param)


@pytest.fixture
def knock(limits: Limits) -> Iterator[Callable[[str], bool]]:
    """One try to log in by a person of this test alone; says whether it is let through."""
    test, people = uuid4().hex, set[str]()

    def _knock(person: str) -> bool:
        people.add(person)
        return limits.limiter.hit(limits.login, test, person)

    yield _knock
    for person in people:
        limits.limiter.clear(limits.login, test, person)


def test_the_fourth_try_within_a_minute_is_refused(knock: Callable[[str], bool]) -> None:
    assert [knock("ani") for _ in range(4)] == [True, True, True, False]


def test_another_person_is_not_held_up(knock: Callable[[str], bool]) -> None:
    for _ in range(4):
        knock("ani")
    assert knock("budi")


@pytest.mark.parametrize("redis_url", STORAGES, ids=lambda url: "redis" if url else "memory")
def test_consoles_count_together_only_through_redis(redis_url: str | None) -> None:
    person = uuid4().hex
    first, second = _limits(redis_url), _limits(redis_url)
    for _ in range(3):
        assert first.limiter.hit(first.login, person)
    assert second.limiter.hit(second.login, person) is (redis_url is None)
    first.limiter.clear(first.login, person)
