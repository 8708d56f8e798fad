"""Connections and sessions. Code asks for a session of one organisation; nothing else sees its rows."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from ramah.lib.errors import BadInput
from ramah.store.behalf import BEHALF, Behalf
from ramah.store.discarding import current_discarding, fence
from ramah.store.durability import LogFlusher
from ramah.store.tenancy import EVERY_ORGANISATION, TENANT, guard
from ramah.store.write_line import WriteLine

BUSY_TIMEOUT_MS = 15_000
ROWS_COUNTED = 1000
STATISTICS_ARE_OLD = 3600
"""Seconds after which a connection to SQLite is opened anew: only then does it learn what was counted since."""

SYNCHRONOUS = "synchronous"
"""The word in an SQLite URL, with one of `DURABILITIES`."""

DURABILITIES = ("full", "normal", "off")


def _open_engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    return create_engine(
        parsed.set(drivername="postgresql+psycopg2"), pool_size=16, max_overflow=32, pool_pre_ping=True
    )


def _durability(url: URL) -> str:
    durability = str(url.query.get(SYNCHRONOUS, "full")).lower()
    if durability not in DURABILITIES:
        raise BadInput(f"{SYNCHRONOUS}={durability} in the database URL: write one of {', '.join(DURABILITIES)}.")
    return durability


def _flusher(url: URL) -> LogFlusher | None:
    """A provider is told that we have its message once it is committed: by default a commit waits for the disk, so that
    it outlives a power cut and not only a killed process. PostgreSQL does that itself."""
    waits = url.get_backend_name() == "sqlite" and _durability(url) == "full"
    return LogFlusher(Path(str(url.database))) if waits else None


def _open_sqlite(url: URL) -> Engine:
    # What waits for the disk waits outside of the commit, together with others: see LogFlusher.
    level = "off" if _durability(url) == "off" else "normal"
    url = url.difference_update_query([SYNCHRONOUS])
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=16,
        max_overflow=32,
        pool_recycle=STATISTICS_ARE_OLD,
        connect_args={"check_same_thread": False},
    )
    event.listen(engine, "connect", lambda connection, _record: _prepare_sqlite(connection, level))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, level: str) -> None:
    # The driver's own transaction handling begins too late for us; we say BEGIN ourselves.
    connection.isolation_level = None
    timeout = f"busy_timeout={BUSY_TIMEOUT_MS}"
    for pragma in ("journal_mode=WAL", f"synchronous={level}", "foreign_keys=ON", timeout):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that later writes may fail with "locked" and cannot be retried in
    # place, so writers take the write lock at once; readers do not wait for anybody.
    read_only = connection.get_execution_options().get("ramah_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


class Database:
    """One database, SQLite or PostgreSQL, by URL."""

    def __init__(self, url: str) -> None:
        self.engine = _open_engine(url)
        fence(self.engine)
        self._flusher = _flusher(make_url(url))
        self._line = WriteLine() if self.is_sqlite else None
        self._write = sessionmaker(self.engine, expire_on_commit=False)
        reader = self.engine.execution_options(ramah_read_only=True)
        self._read = sessionmaker(reader, expire_on_commit=False)
        self._behalf: Behalf | None = None
        for maker in (self._write, self._read):
            guard(maker)

    def on_behalf(self, behalf: Behalf) -> Database:
        """The same database for one person: sessions of an organisation see only what lies in their scope, and the
        audit log names them."""
        theirs = copy.copy(self)
        theirs._behalf = behalf
        return theirs

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def glances(self) -> Iterator[Callable[[], int]]:
        """A number that changes with every commit of others, asked as often as one likes; of SQLite only."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101 - the connection is open
            yield lambda: int(driver.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def tenant(self, organisation_id: str, *, lasting: bool = True) -> Iterator[Session]:
        """A writing session of one organisation; commits at the end, rolls back on an exception.

        ``lasting=False`` does not wait until the commit would outlive a power cut: for what is done again by itself
        when it is lost."""
        with self._turn(), self._opened(self._write) as session:
            session.info[TENANT], session.info[BEHALF] = organisation_id, self._behalf
            yield session
        if lasting:
            self._make_lasting()

    @contextmanager
    def tenant_reading(self, organisation_id: str) -> Iterator[Session]:
        """A reading session of one organisation; takes no write lock."""
        with self._opened(self._read) as session:
            session.info[TENANT], session.info[BEHALF] = organisation_id, self._behalf
            yield session

    @contextmanager
    def every_organisation(self, *, lasting: bool = True) -> Iterator[Session]:
        """A writing session over all tenants: claims, migrations, look-ups by secret. Use it rarely."""
        with self._turn(), self._opened(self._write) as session:
            session.info[TENANT] = EVERY_ORGANISATION
            yield session
        if lasting:
            self._make_lasting()

    @contextmanager
    def every_organisation_reading(self) -> Iterator[Session]:
        """A reading session over all tenants."""
        with self._opened(self._read) as session:
            session.info[TENANT] = EVERY_ORGANISATION
            yield session

    def count_rows(self) -> None:
        """Let SQLite learn how its tables have grown, or its planner takes every organisation for a small one and reads
        all of it. Milliseconds, as only so many rows are read. PostgreSQL does it by itself.
        See https://www.sqlite.org/lang_analyze.html on approximate statistics."""
        if not self.is_sqlite:
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101 - the connection is open
            driver.execute(f"PRAGMA analysis_limit={ROWS_COUNTED}")
            driver.execute("ANALYZE")

    @contextmanager
    def _opened(self, maker: sessionmaker[Session]) -> Iterator[Session]:
        kept_apart = current_discarding()
        opened = maker.begin() if kept_apart is None else kept_apart.session(self.engine, maker)
        with opened as session:
            yield session

    def _turn(self) -> AbstractContextManager[None]:
        # What is rolled back keeps SQLite's lock from its first session to its last, and stands in no line for each.
        if self._line is None or current_discarding() is not None:
            return nullcontext()
        return self._line.turn(BUSY_TIMEOUT_MS / 1000)

    def _make_lasting(self) -> None:
        if self._flusher is not None and current_discarding() is None:
            self._flusher.wait()

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()
