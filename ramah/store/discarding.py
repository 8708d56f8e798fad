"""Sessions of a sandbox: each commits into one outer transaction, which is always rolled back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Delete, Engine, Insert, Update, event
from sqlalchemy.orm import Session, sessionmaker

from ramah.lib.sandbox import LeavesSandbox, current_sandbox

LOCK_SECONDS = 2
STATEMENT_SECONDS = 5
_current: ContextVar[Discarding | None] = ContextVar("discarding", default=None)


class Discarding:
    """A connection for each database that is used inside, opened with its first session and seen by all later ones.

    On SQLite it holds the write lock from then on until the end: whoever opens it, bounds it."""

    def __init__(self) -> None:
        self._connections: dict[Engine, Connection] = {}
        self._lock = threading.RLock()

    @contextmanager
    def session(self, engine: Engine, maker: sessionmaker[Session]) -> Iterator[Session]:
        """A session that sees what the earlier ones wrote; its commit ends a savepoint. One thread at a time."""
        with self._lock:
            connection = self._connections.get(engine) or self._connect(engine)
            joined = maker(bind=connection, join_transaction_mode="create_savepoint")
            with joined as session, session.begin():
                yield session

    def holds(self, connection: Connection) -> bool:
        """Whether it is one of those that are rolled back."""
        return any(mine is connection for mine in self._connections.values())

    def discard(self) -> None:
        """Roll everything back, and close the connections."""
        with self._lock:
            for connection in self._connections.values():
                # Of the driver itself, whatever SQLAlchemy believes of the transaction; and nobody gets it after us.
                connection.connection.rollback()
                connection.invalidate()
                connection.close()
            self._connections.clear()

    def _connect(self, engine: Engine) -> Connection:
        connection = engine.connect()
        event.listen(connection, "after_execute", _note_write)
        self._connections[engine] = connection
        connection.begin()
        if engine.dialect.name == "postgresql":
            # Rows that are locked in here must not keep a customer's turn waiting.
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'")
        return connection


@contextmanager
def discarding() -> Iterator[None]:
    """Every session of every database that is opened in the block is rolled back at its end."""
    kept_apart = Discarding()
    token = _current.set(kept_apart)
    try:
        yield
    finally:
        _current.reset(token)
        kept_apart.discard()


def current_discarding() -> Discarding | None:
    """What sessions belong to in a sandbox. Raises LeavesSandbox in one whose sessions would stay."""
    found = _current.get()
    if found is None and current_sandbox() is not None:
        raise LeavesSandbox("a session in a sandbox without a transaction to be rolled back")
    return found


def fence(engine: Engine) -> None:
    """Let nothing of this database be changed from inside a sandbox by any other connection, nor be committed by it."""
    event.listen(engine, "begin", _refuse_strangers, insert=True)
    event.listen(engine, "commit", _refuse_commits)


def _refuse_strangers(connection: Connection) -> None:
    kept_apart = current_discarding()
    if kept_apart is not None and not kept_apart.holds(connection):
        raise LeavesSandbox("a connection beside those that are rolled back")


def _refuse_commits(_connection: Connection) -> None:
    if _current.get() is not None:
        raise LeavesSandbox("a commit in a sandbox")


def _note_write(_connection: Connection, statement: Any, _many: Any, _values: Any, _options: Any, result: Any) -> None:
    sandbox = current_sandbox()
    if sandbox is not None and isinstance(statement, Insert | Update | Delete):
        table = getattr(statement.table, "name", "")
        sandbox.written[type(statement).__name__.lower(), str(table)] += max(1, result.rowcount)
