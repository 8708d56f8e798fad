"""Whether the path stays as fast when the database grows: a small and a large one, step by step in turn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from benchmarks.measure import percentile
from benchmarks.path_fill import Progress, Size, fill, rows_to_write
from benchmarks.path_steps import Steps, Times
from benchmarks.path_tenant import make_tenant
from ramah.cli.tables import metadata
from ramah.store import Database
from ramah.store.migrate import upgrade
from tests.databases import fresh_url

EMPTY = Size(0, 0)
SMALL = Size(1_000, 10_000)
WARM_UP = 5
AIM = 1.3
"""How many times longer a step may take in the large database."""


@dataclass(frozen=True)
class Growth:
    """What each step took in the small and in the large database, milliseconds, and bytes on disk per message."""

    large: Size
    before: Times
    after: Times
    bytes_per_message: float

    def rows(self) -> Iterator[tuple[str, float, float, float, float, float]]:
        """Step, p50 and p95 small, p50 and p95 large, and the ratio of the medians."""
        for name, small in self.before.items():
            large = self.after[name]
            middle, late = percentile(small, 50), percentile(large, 50)
            yield name, middle, percentile(small, 95), late, percentile(large, 95), late / middle


def measure_growth(folder: Path, backend: str, large: Size, samples: int, made: Progress) -> Growth:
    """Fill two databases and run each step in both, one after the other, so that a slow moment slows both."""
    with ExitStack() as stack:
        few = stack.enter_context(_filled(folder, backend, SMALL, made))
        many = stack.enter_context(_filled(folder, backend, large, made))
        size = _bytes(many[0])
        dice, pairs = random.Random(7), ((few[1], SMALL), (many[1], large))
        for number in range(samples + WARM_UP):
            if number == WARM_UP:
                few[1].times.clear()
                many[1].times.clear()
            for steps, held in pairs if number % 2 else reversed(pairs):
                steps.look(steps.run(dice.randrange(held.conversations)))
            made(0)
        return Growth(large, few[1].times, many[1].times, size / large.messages)


def total_rows(large: Size) -> int:
    """How many rows are written before the measurement."""
    return rows_to_write(EMPTY, SMALL) + rows_to_write(EMPTY, large)


@contextmanager
def _filled(folder: Path, backend: str, size: Size, made: Progress) -> Iterator[tuple[Database, Steps]]:
    with fresh_url(backend, folder) as url:
        database = Database(url)
        try:
            upgrade(database, metadata())
            tenant = make_tenant(database)
            fill(database, tenant, EMPTY, size, made)
            yield database, Steps(database, tenant)
        finally:
            database.close()


def _bytes(database: Database) -> float:
    """What the database holds on disk, indexes included."""
    with database.every_organisation_reading() as session:
        if database.is_sqlite:
            pages, size = session.scalar(text("PRAGMA page_count")), session.scalar(text("PRAGMA page_size"))
            return float(pages or 0) * float(size or 0)
        return float(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
