"""Commits that outlive a power cut, waited for together.

SQLite's own way (`synchronous=FULL`) waits for the disk inside the commit, one commit after the other, with the write
lock held: at five milliseconds a wait nobody writes more than 200 times a second. Here a commit only appends to the
write-ahead log; whoever must not lose it then waits for the next flush of that log, and everybody who waits at the
moment shares one. A flush covers all that was appended before it began, whoever appended it (a WAL is a sequence: its
beginning is whole when its end is), so nothing that others could already see is less safe than what was waited for.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path


class LogFlusher:
    """Flushes the write-ahead log of one SQLite database, one flush for all threads that wait at the same time."""

    def __init__(self, database: Path) -> None:
        self._log = database.with_name(database.name + "-wal")
        self._changed = threading.Condition()
        self._begun = 0
        self._ended = 0
        self._busy = False

    def wait(self) -> None:
        """Return once all that was committed before the call is on the disk. Raises OSError when it cannot be."""
        with self._changed:
            # A flush that is under way may have begun before the caller's commit.
            wanted = self._begun + 1
            self._changed.wait_for(lambda: self._ended >= wanted or not self._busy)
            if self._ended >= wanted:
                return
            self._busy, self._begun = True, self._begun + 1
            number = self._begun
        flushed = False
        try:
            self._flush()
            flushed = True
        finally:
            with self._changed:
                self._busy = False
                self._ended = number if flushed else self._ended
                self._changed.notify_all()

    def _flush(self) -> None:
        """SQLite locks the database and the shared-memory file, never the log, so opening it takes no lock away."""
        try:
            handle = os.open(self._log, os.O_RDONLY)
        except FileNotFoundError:
            # The last connection has closed: the log was copied into the database and flushed there.
            return
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
