"""How long an SQLite commit waits: for the disk, unless the URL gives that up, and together with others."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from ramah.lib.errors import BadInput
from ramah.store import Database
from ramah.store.durability import LogFlusher

WAYS = {"": 1, "?synchronous=normal": 1, "?synchronous=OFF": 0}
"""What follows the file's name, and SQLite's number for what a commit itself waits for."""
PATIENCE = 10.0


@pytest.fixture
def flushes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Each flush leaves a copy of what a power cut right after it would leave."""
    kept: list[Path] = []
    flush = os.fsync

    def keep_a_copy(handle: int) -> None:
        flush(handle)
        copy = tmp_path / f"copy-{len(kept)}"
        copy.mkdir()
        for name in ("ramah.db", "ramah.db-wal"):
            shutil.copyfile(tmp_path / name, copy / name)
        kept.append(copy)

    monkeypatch.setattr(os, "fsync", keep_a_copy)
    return kept


def opened(folder: Path, query: str = "") -> Database:
    database = Database(f"sqlite:///{folder / 'ramah.db'}{query}")
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE words (word TEXT)"))
    return database


def write(database: Database, word: str, *, lasting: bool = True) -> None:
    with database.every_organisation(lasting=lasting) as session:
        session.connection().execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


def words_in(copy: Path) -> list[str]:
    with sqlite3.connect(copy / "ramah.db") as connection:
        return [row[0] for row in connection.execute("SELECT word FROM words")]


@pytest.mark.parametrize("query", WAYS)
def test_a_commit_itself_waits_as_little_as_the_url_allows(tmp_path: Path, query: str) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ramah.db'}{query}")
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == WAYS[query]
    database.close()
    assert (tmp_path / "ramah.db").exists()


def test_a_durability_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="full, normal, off"):
        Database(f"sqlite:///{tmp_path / 'ramah.db'}?synchronous=sometimes")


def test_what_was_committed_is_on_the_disk_when_the_session_ends(tmp_path: Path, flushes: list[Path]) -> None:
    database = opened(tmp_path)
    for number in range(3):
        write(database, f"word {number}")
        assert words_in(flushes[-1]) == [f"word {one}" for one in range(number + 1)]
    database.close()


def test_what_need_not_last_waits_for_nothing_and_lasts_with_the_next(tmp_path: Path, flushes: list[Path]) -> None:
    database = opened(tmp_path)
    write(database, "first", lasting=False)
    assert flushes == []
    write(database, "second")
    assert words_in(flushes[-1]) == ["first", "second"]
    database.close()


@pytest.mark.parametrize("query", ["?synchronous=normal", "?synchronous=off"])
def test_who_gives_it_up_waits_for_no_flush(tmp_path: Path, flushes: list[Path], query: str) -> None:
    database = opened(tmp_path, query)
    write(database, "word")
    database.close()
    assert flushes == []


class SlowLog:
    """A flush that ends when it is told to, and counts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun: list[threading.Event] = []
        self.fails = False
        self._more = threading.Semaphore(0)
        self._may_end = threading.Semaphore(0)
        monkeypatch.setattr(LogFlusher, "_flush", lambda _flusher: self._flush())

    def _flush(self) -> None:
        self.begun.append(threading.Event())
        self._more.release()
        assert self._may_end.acquire(timeout=PATIENCE)
        if self.fails:
            raise OSError("the disk is gone")

    def wait_for_next(self) -> None:
        assert self._more.acquire(timeout=PATIENCE)

    def let_one_end(self) -> None:
        self._may_end.release()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowLog:
    """The log's flush, under the test's control."""
    return SlowLog(monkeypatch)


def queued(flusher: LogFlusher, count: int) -> Callable[[], bool]:
    """Whether so many threads wait for the flusher."""
    return lambda: len(flusher._changed._waiters) == count  # type: ignore[attr-defined]


def test_all_who_wait_at_the_moment_share_one_flush(slow: SlowLog, tmp_path: Path) -> None:
    flusher = LogFlusher(tmp_path / "ramah.db")
    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(flusher.wait)
        slow.wait_for_next()
        others = [pool.submit(flusher.wait) for _ in range(20)]
        settle(queued(flusher, 20))
        slow.let_one_end()
        first.result(PATIENCE)
        slow.wait_for_next()
        assert not any(one.done() for one in others), "a flush that began before a commit does not cover it"
        slow.let_one_end()
        for one in others:
            one.result(PATIENCE)
    assert len(slow.begun) == 2


def test_a_flush_that_fails_is_told_to_everybody_who_waits(slow: SlowLog, tmp_path: Path) -> None:
    flusher = LogFlusher(tmp_path / "ramah.db")
    slow.fails = True
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(flusher.wait) for _ in range(3)]
        for _ in waiting:
            slow.let_one_end()
        for one in waiting:
            with pytest.raises(OSError, match="the disk is gone"):
                one.result(PATIENCE)
    slow.fails = False
    slow.let_one_end()
    flusher.wait()


def settle(condition: Callable[[], bool]) -> None:
    """Wait until something that threads do has happened."""
    ticking = threading.Event()
    for _ in range(int(PATIENCE * 100)):
        if condition():
            return
        ticking.wait(0.01)
    raise AssertionError("it did not happen")
