"""Customers write while processes are killed at random; the same code with small numbers and with large ones."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.graph.accounts import Habits
from tests.fakes.postgres import PrivatePostgres
from tests.resilience import verdicts
from tests.resilience.customers import Crowd
from tests.resilience.small_platform import Platform, migrated_url, running_platform

LONGEST_OUTAGE = 0.6
LONGEST_PAUSE = 1.0
PATIENCE = 240.0


@dataclass(frozen=True)
class KillRun:
    """How much is written and killed. ``seed`` makes the choice of victims the same again; ``answered`` is what people
    must have seen."""

    people: int
    messages: int
    kills: int
    workers: int = 2
    seed: int = 7
    settings: dict[str, str] = field(default_factory=dict)
    habits: Habits = field(default_factory=lambda: Habits(duplicate=True, reverse=True, delay=0.01))
    answered: Callable[[Platform, int, int], None] = verdicts.assert_every_person_was_answered


@dataclass
class Victim:
    """Something that can be killed and started again."""

    name: str
    kill: Callable[[], None]
    start: Callable[[], None]
    kills: int = 0


def carry_out(run: KillRun, folder: Path, backend: str) -> None:
    """The whole run, and everything that must be true afterwards."""
    with (
        _database(backend, folder) as (url, server),
        running_platform(
            folder, url, workers=run.workers, habits=run.habits, settings=run.settings, engine_delays=(0.02, 0.02)
        ) as platform,
    ):
        crowd = Crowd(platform, run.people, run.messages, seed=run.seed)
        victims = _victims(platform, server)
        _write_and_kill(run, crowd, victims)
        verdicts.wait_until_settled(platform, PATIENCE)
        assert sum(victim.kills for victim in victims) == run.kills
        if run.kills >= 3 * len(victims):
            assert [victim.name for victim in victims if not victim.kills] == []
        verdicts.assert_nothing_was_sent_twice(platform)
        run.answered(platform, run.people, run.messages)
        verdicts.assert_every_row_is_final(platform.database, crowd.total)
        verdicts.assert_the_engine_was_asked_rightly(platform)
        verdicts.assert_the_ledger_misses_nothing(platform)
        verdicts.assert_the_ledger_command_says_so(platform)


@contextmanager
def _database(backend: str, folder: Path) -> Iterator[tuple[str, PrivatePostgres | None]]:
    if backend == "sqlite":
        with migrated_url("sqlite", folder) as url:
            yield url, None
        return
    server = PrivatePostgres()
    try:
        server.start()
        yield server.url, server
    finally:
        server.stop()


def _victims(platform: Platform, server: PrivatePostgres | None) -> list[Victim]:
    found = [Victim(member.name, member.kill, member.start) for member in platform.members.values()]
    if server is not None:
        found.append(Victim("database", server.kill, server.start))
    return found


def _write_and_kill(run: KillRun, crowd: Crowd, victims: list[Victim]) -> None:
    writers = crowd.write()
    killer = _Killer(run, crowd, victims)
    killer.start()
    for thread in [*writers, killer]:
        thread.join()
    assert crowd.failures == [] and killer.failures == []
    assert crowd.sent == crowd.total


class _Killer(threading.Thread):
    """Kills as the messages go on: the first kill with the first ones, the last one before the last are written."""

    def __init__(self, run: KillRun, crowd: Crowd, victims: list[Victim]) -> None:
        super().__init__()
        self._run, self._crowd, self._victims = run, crowd, victims
        self._dice = random.Random(run.seed)
        self.failures: list[BaseException] = []

    def run(self) -> None:
        try:
            for number, victim in enumerate(self._order()):
                self._wait_for_progress(number)
                self._kill(victim)
        except BaseException as error:
            self.failures.append(error)
            raise

    def _order(self) -> list[Victim]:
        """Everybody as often as anybody else, in any order."""
        rounds = -(-self._run.kills // len(self._victims))
        order = [victim for _ in range(rounds) for victim in self._dice.sample(self._victims, len(self._victims))]
        return order[: self._run.kills]

    def _wait_for_progress(self, number: int) -> None:
        wanted = self._crowd.total * number // (self._run.kills + 1)
        deadline = time.monotonic() + PATIENCE
        while self._crowd.sent < wanted and not self._crowd.failures:
            assert time.monotonic() < deadline, f"only {self._crowd.sent} messages were taken in"
            time.sleep(0.005)
        time.sleep(self._dice.uniform(0, LONGEST_PAUSE))

    def _kill(self, victim: Victim) -> None:
        victim.kill()
        victim.kills += 1
        time.sleep(self._dice.uniform(0, LONGEST_OUTAGE))
        victim.start()
