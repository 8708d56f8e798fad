"""Many simulated customers of every language and style on one stack: nearly all finish, and no field is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.customers.crowd import MIXED, Crowd, play, write_transcripts
from benchmarks.customers.summing_up import reached_aim, results_table, what_failed
from tests.databases import backends
from tests.stack import Stack, fresh_url

CUSTOMERS = 40
RESULTS = Path(__file__).resolve().parents[2] / "var" / "results"


@pytest.mark.timeout(3600)
def test_simulated_customers_get_what_they_want(tmp_path: Path) -> None:
    with fresh_url(backends()[-1], tmp_path) as url:
        stack = Stack(tmp_path, url)
        stack.start()
        try:
            visits = play(stack.console, stack.database, Crowd(CUSTOMERS, 11, MIXED, ("id", "ms", "en"), 2))
        finally:
            stack.stop()
    write_transcripts(RESULTS, visits, "soak")
    assert reached_aim(visits), f"{results_table(visits)}\n{what_failed(visits)}"
