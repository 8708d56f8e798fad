"""Meta is slow, refuses, forgets to answer: everything arrives once and in order, and no limit is exceeded."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import backends
from tests.fakes.graph.accounts import Limits
from tests.fakes.graph.faults import Fault, FaultOrder
from tests.resilience import verdicts
from tests.resilience.backlog import FaultLog, assert_each_arrived_once_in_order, write_backlog
from tests.resilience.customers import Crowd
from tests.resilience.private_redis import PROGRAM, PrivateRedis
from tests.resilience.small_platform import Platform, migrated_url, running_platform
from tests.stack import wait_for

# A little above the paces of the channel (60 a second after 20 at once; one in 6 seconds after 30), for the time that
# a request travels; far below Meta's own, which this stage would not reach.
TIGHT = Limits(throughput_rate=62, throughput_burst=40, pair_rate=1 / 5.5, pair_burst=30)
WAIT = 4
ON_THEIR_WAY = 1.5
TROUBLES = [
    FaultOrder(fault=Fault.CUT),
    FaultOrder(fault=Fault.SERVER_ERROR),
    FaultOrder(fault=Fault.SERVICE_DOWN),
    FaultOrder(fault=Fault.NONSENSE),
    FaultOrder(fault=Fault.TOO_FAST),
    FaultOrder(fault=Fault.CUT),
]
SLOW_TROUBLES = [
    FaultOrder(fault=Fault.HANG),
    FaultOrder(fault=Fault.DRIP),
    FaultOrder(fault=Fault.BUSY, retry_after=WAIT),
]
"""Each of these costs seconds, so that one of each is met."""
WITHOUT_REDIS = pytest.param("database")
WITH_REDIS = pytest.param("redis", marks=pytest.mark.skipif(PROGRAM is None, reason="no redis-server here"))


@contextmanager
def pacer_settings(pacer: str) -> Iterator[dict[str, str]]:
    """The settings under which workers count together: in the database, or in a Redis of this test."""
    if pacer == "database":
        yield {}
        return
    redis = PrivateRedis()
    redis.start()
    try:
        yield {"RAMAH_REDIS_URL": redis.url}
    finally:
        redis.kill()


@contextmanager
def platform_with(pacer: str, folder: Path, *only: str) -> Iterator[Platform]:
    """Two worker processes that share their pace, before a provider with narrow limits."""
    with (
        migrated_url(backends()[-1], folder) as url,
        pacer_settings(pacer) as settings,
        running_platform(folder, url, limits=TIGHT, workers=2, settings=settings, only=only) as platform,
    ):
        yield platform


@pytest.mark.parametrize("pacer", [WITHOUT_REDIS, WITH_REDIS])
def test_two_workers_together_never_exceed_the_limits(pacer: str, tmp_path: Path) -> None:
    counts = [8] * 24 + [32]
    with platform_with(pacer, tmp_path, "worker-1", "worker-2") as platform:
        graph = platform.graph.graph
        # Receipts would only take time from the workers.
        platform.meta.webhook_url = ""
        write_backlog(platform, counts)
        wait_for(lambda: len(graph.lines(ours=True)) == sum(counts), "all was handed over", 90)
        assert graph.throttle.refused == dict.fromkeys(graph.throttle.refused, 0)
        assert_each_arrived_once_in_order(platform.database, graph.journal())


def weather(platform: Platform, troubles: list[FaultOrder], every: int, over: threading.Event) -> threading.Thread:
    """One trouble after each few messages that were handed over."""

    def order() -> None:
        for number, trouble in enumerate(troubles):
            while not over.wait(0.01):
                if len(platform.graph.graph.lines(ours=True)) >= number * every:
                    platform.graph.graph.order_fault(trouble.model_copy())
                    break

    thread = threading.Thread(target=order)
    thread.start()
    return thread


def test_whatever_the_provider_does_each_answer_arrives_once_and_in_order(tmp_path: Path) -> None:
    people, messages = 8, 6
    troubles = TROUBLES * 2 + SLOW_TROUBLES
    random.Random(5).shuffle(troubles)
    with platform_with("database", tmp_path) as platform:
        log, over = FaultLog(platform), threading.Event()
        bringer = weather(platform, troubles, 2, over)
        crowd = Crowd(platform, people, messages)
        for writer in crowd.write():
            writer.join()
        try:
            verdicts.wait_until_settled(platform, 90)
        finally:
            over.set()
            bringer.join()
        assert sorted(order.fault for _, order in log.met) == sorted(order.fault for order in troubles)
        assert log.broken_waits(platform, ON_THEIR_WAY) == []
        assert platform.graph.graph.throttle.refused == dict.fromkeys(platform.graph.graph.throttle.refused, 0)
        verdicts.assert_nothing_was_sent_twice(platform)
        verdicts.assert_every_person_was_answered(platform, people, messages)
        verdicts.assert_every_row_is_final(platform.database, crowd.total)
        verdicts.assert_the_ledger_misses_nothing(platform)
