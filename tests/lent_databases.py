"""PostgreSQL databases that tests of one process use one after the other.

To empty one takes a fraction of the time that making and dropping one takes, and no checkpoint of the whole server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

PATIENCE = 5000
"""How long another session of the database may take to end, milliseconds."""

SHAPE = """
    SELECT md5(string_agg(c.relname || '.' || a.attname || a.atttypid::text, ',' ORDER BY c.relname, a.attnum))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
"""
END_OTHERS = """
    SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
RESTART_SEQUENCES = """
    SELECT setval(s.seqrelid, s.seqstart, false) FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
    WHERE c.relnamespace = 'public'::regnamespace
"""


@dataclass
class LentDatabases:
    """Lends databases made by ``make``, empties them when they come back, and drops those that were altered.

    Args:
        make: Makes a migrated database and says its name.
        drop: Drops the one of this name.
        url_of: Where the one of this name is.
    """

    make: Callable[[], str]
    drop: Callable[[str], None]
    url_of: Callable[[str], str]
    _free: list[str] = field(default_factory=list)
    _shape: str | None = None
    _seeded: frozenset[str] = frozenset()

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The name of a migrated database that holds no rows of anybody."""
        name = self._free.pop() if self._free else self._made()
        try:
            yield name
        finally:
            self._take_back(name)

    def drop_all(self) -> None:
        """Drop what is not lent."""
        while self._free:
            self.drop(self._free.pop())

    def _made(self) -> str:
        name = self.make()
        if self._shape is None:
            with self._connected(name) as connection:
                self._shape = _shape(connection)
                self._seeded = frozenset(_filled(connection, frozenset()))
        return name

    def _take_back(self, name: str) -> None:
        with self._connected(name) as connection:
            # A thread that a test left behind must not write into the next one's rows.
            connection.cursor().execute(END_OTHERS, (PATIENCE,))
            is_whole = _shape(connection) == self._shape
            if is_whole:
                _empty(connection, self._seeded)
        if is_whole:
            self._free.append(name)
        else:
            self.drop(name)

    @contextmanager
    def _connected(self, name: str) -> Iterator[Connection]:
        connection = psycopg2.connect(self.url_of(name))
        try:
            yield connection
            connection.commit()
        finally:
            connection.close()


def _shape(connection: Connection) -> str:
    cursor = connection.cursor()
    cursor.execute(SHAPE)
    (shape,) = cursor.fetchone() or ("",)
    return str(shape)


def _filled(connection: Connection, seeded: frozenset[str]) -> list[str]:
    """The tables with rows, without those that the migrations filled."""
    cursor = connection.cursor()
    cursor.execute(TABLES)
    tables = [name for (name,) in cursor.fetchall() if name not in seeded]
    looks = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(name), sql.Identifier(name))
        for name in tables
    ]
    cursor.execute(sql.SQL(" UNION ALL ").join(looks))
    return [name for (name,) in cursor.fetchall()]


def _empty(connection: Connection, seeded: frozenset[str]) -> None:
    cursor = connection.cursor()
    filled = _filled(connection, seeded)
    # No foreign key is looked at: all rows that could point at one go as well.
    cursor.execute("SET LOCAL session_replication_role = replica")
    for name in filled:
        cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
    cursor.execute(RESTART_SEQUENCES)
