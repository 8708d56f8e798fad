"""SQLite files that tests of one process use one after the other, each time with fresh content.

The engine over a file outlives the test: what SQLAlchemy has worked out for a statement it need not work out again,
which took longer than most tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from ramah.store import Database

COMPANIONS = ("-wal", "-shm", "-journal")


@dataclass
class LentFiles:
    """Lends databases over files in a folder. They need not survive a power cut."""

    folder: Path
    _free: list[tuple[Path, Database]] = field(default_factory=list)

    @contextmanager
    def lend(self, content: bytes) -> Iterator[Database]:
        """A database that holds what an SQLite file with this content holds."""
        path, database = self._free.pop() if self._free else self._made()
        # A new file under the old name: a connection that a test left behind still has the old one.
        for name in (path.name, *(path.name + companion for companion in COMPANIONS)):
            path.with_name(name).unlink(missing_ok=True)
        path.write_bytes(content)
        try:
            yield database
        finally:
            database.close()
            self._free.append((path, database))

    def _made(self) -> tuple[Path, Database]:
        path = self.folder / f"{uuid4().hex}.db"
        return path, Database(f"sqlite:///{path}?synchronous=off")
