"""Kills at the worst moments, on purpose: between doing and telling."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ramah.messaging.envelopes import keep
from ramah.messaging.models import Inbound
from ramah.messaging.webhooks import receive
from tests.databases import backends, fresh_database
from tests.fakes.graph.faults import Fault, FaultOrder
from tests.integration import days
from tests.integration.conftest import make_tenant
from tests.integration.console.contents import rows_of
from tests.integration.console.signed import signature
from tests.resilience import verdicts
from tests.resilience.customers import Crowd, expected, number_of
from tests.resilience.small_platform import Platform, migrated_url, running_platform
from tests.stack import wait_for

LONG = 1.5
"""Seconds between what the engine does and what it tells, so that a kill falls between them."""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One platform for all of it; the second worker stands by. Its engine tells late what it has done."""
    folder = tmp_path_factory.mktemp("platform")
    first = ("engine", "console", "worker-1")
    with (
        migrated_url("sqlite", folder) as url,
        running_platform(folder, url, workers=2, engine_delays=(0.0, LONG), only=first) as running,
    ):
        yield running


@dataclass
class Customer:
    """Somebody who writes one message."""

    platform: Platform
    number: int

    def write(self) -> None:
        """Write it; returns when it was taken in."""
        for thread in Crowd(self.platform, people=1, messages=1, writers=1, first=self.number).write():
            thread.join()

    def got(self) -> list[str]:
        """What arrived."""
        return [entry["text"] for entry in self.platform.graph.graph.journal().get(number_of(self.number), [])]

    def turn_is_done(self) -> bool:
        """Whether the engine has done the turn (it is told later)."""
        return len(self.platform.memory.turns()) == self.number + 1

    def assert_answered_once(self) -> None:
        """The one message has its one answer, and everything else is as it should be."""
        verdicts.wait_until_settled(self.platform, 60)
        assert self.got() == expected([0])
        verdicts.assert_nothing_was_sent_twice(self.platform)
        verdicts.assert_every_row_is_final(self.platform.database, self.number + 1)
        verdicts.assert_the_engine_was_asked_rightly(self.platform)
        verdicts.assert_the_ledger_misses_nothing(self.platform)


@pytest.fixture
def customer(platform: Platform) -> Customer:
    """The next customer of the platform."""
    return Customer(platform, len(platform.memory.turns()))


@pytest.mark.parametrize("victim", ["engine", "worker-1"])
def test_who_dies_between_doing_a_turn_and_telling_it_answers_once(customer: Customer, victim: str) -> None:
    customer.write()
    wait_for(customer.turn_is_done, "the engine has done the turn")
    customer.platform.members[victim].kill()
    customer.platform.start(victim)
    customer.assert_answered_once()
    assert customer.platform.memory.turns()[-1].asked == 1


def test_a_worker_that_dies_after_the_provider_took_the_message_does_not_send_it_again(customer: Customer) -> None:
    graph = customer.platform.graph.graph
    # Receipts come later than the kill: nothing has told the worker yet.
    usual, graph.habits.delay = graph.habits.delay, 2.0
    graph.order_fault(FaultOrder(fault=Fault.HANG))
    customer.write()
    wait_for(lambda: bool(customer.got()), "the provider took the message")
    customer.platform.members["worker-1"].kill()
    graph.habits.delay = usual
    customer.platform.start("worker-1")
    customer.assert_answered_once()


def test_a_worker_that_stood_still_longer_than_its_lease_writes_nothing_anymore(customer: Customer) -> None:
    customer.write()
    wait_for(customer.turn_is_done, "the engine has done the turn")
    frozen = customer.platform.members["worker-1"]
    os.kill(frozen.pid, signal.SIGSTOP)
    customer.platform.start("worker-2")
    wait_for(lambda: bool(customer.got()), "the other worker answered", 60)
    os.kill(frozen.pid, signal.SIGCONT)
    wait_for(frozen.is_ready, "the first one goes on")
    customer.assert_answered_once()


@pytest.mark.parametrize("backend", backends())
def test_a_body_that_was_kept_and_not_read_is_read_when_it_comes_again(backend: str, tmp_path: Path) -> None:
    with fresh_database(backend, tmp_path) as database:
        tenant = make_tenant(database, "kilap", "1000001")
        content = days.body(days.number_of(tenant), messages=[days.typed("1")])
        # As far as a console came that was killed then; the provider hears no answer and posts again.
        keep(database, tenant.whatsapp, {}, content)
        receive(database, tenant.whatsapp, signature(content), content)
        assert [row.external_id for row in rows_of(database, Inbound)] == ["wamid.1"]
