"""A commit of anybody else is noticed at once on SQLite; reading, and silence, are not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from ramah.store import Database
from tests.databases import fresh_database
from worker.watching import CommitWatch

PATIENCE, LATER = 10.0, 0.3


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database."""
    with fresh_database("sqlite", tmp_path) as fresh:
        yield fresh


@pytest.fixture
def rings(embedded: Database) -> Iterator[threading.Semaphore]:
    """Counts rings, from the moment on when the one of the beginning was heard."""
    rings = threading.Semaphore(0)
    watch = CommitWatch(embedded, rings.release, LATER)
    watch.start()
    assert rings.acquire(timeout=PATIENCE)
    yield rings
    watch.stop()


def commit(database: Database) -> None:
    """Write something that no tenant owns."""
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS noticed (number INTEGER)"))
        connection.execute(text("INSERT INTO noticed VALUES (1)"))


def test_a_commit_rings_at_once_and_again_when_a_burst_is_over(embedded: Database, rings: threading.Semaphore) -> None:
    commit(embedded)
    assert rings.acquire(timeout=PATIENCE)
    assert rings.acquire(timeout=PATIENCE)
    assert not rings.acquire(timeout=2 * LATER)


def test_what_was_taken_back_rings_nobody(embedded: Database, rings: threading.Semaphore) -> None:
    with embedded.engine.connect() as connection:
        connection.execute(text("CREATE TABLE taken_back (number INTEGER)"))
        connection.rollback()
    assert not rings.acquire(timeout=2 * LATER)


def test_reading_and_writes_that_change_nothing_ring_nobody(embedded: Database, rings: threading.Semaphore) -> None:
    with embedded.engine.begin() as connection:
        connection.execute(text("SELECT count(*) FROM organisations"))
        connection.execute(text("UPDATE organisations SET name = name WHERE id = 'nobody'"))
    assert not rings.acquire(timeout=2 * LATER)
