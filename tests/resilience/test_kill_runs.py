"""Worker, engine, console and database are killed at random while customers write: each message is answered once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.postgres import programs
from tests.resilience.kill_runs import KillRun, carry_out
from tests.resilience.verdicts import assert_every_message_was_covered_once

needs_postgres = pytest.mark.skipif(programs() is None, reason="no PostgreSQL server on this machine")
BACKENDS = ["sqlite", pytest.param("postgresql", marks=needs_postgres)]


@needs_postgres
def test_random_kills_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    carry_out(KillRun(people=12, messages=10, kills=10), tmp_path, "postgresql")


def test_random_kills_leave_each_message_of_a_burst_in_one_turn(tmp_path: Path) -> None:
    bursts = {"RAMAH_BURST_WINDOW": "0.3"}
    run = KillRun(people=6, messages=10, kills=4, settings=bursts, answered=assert_every_message_was_covered_once)
    carry_out(run, tmp_path, "sqlite")
