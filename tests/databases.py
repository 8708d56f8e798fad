"""Throw-away databases for tests: SQLite always, PostgreSQL when it answers (or when it is required)."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import psycopg2
from psycopg2 import OperationalError, sql

from ramah.cli.tables import metadata
from ramah.store import Database
from ramah.store.migrate import upgrade
from tests.lent_databases import LentDatabases
from tests.lent_files import LentFiles

ADMIN_URL = os.environ.get("RAMAH_TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/postgres")
REQUIRED = os.environ.get("RAMAH_TEST_REQUIRE_SERVICES") == "1"


@lru_cache(maxsize=1)
def backends() -> list[str]:
    """The databases that tests run on here."""
    try:
        psycopg2.connect(ADMIN_URL, connect_timeout=2).close()
    except OperationalError:
        if REQUIRED:
            raise
        return ["sqlite"]
    return ["sqlite", "postgresql"]


@contextmanager
def fresh_url(backend: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database that is gone afterwards."""
    if backend == "sqlite":
        yield f"sqlite:///{folder / (uuid4().hex + '.db')}"
        return
    with _postgres_copy("template1") as url:
        yield url


@contextmanager
def fresh_database(backend: str, folder: Path) -> Iterator[Database]:
    """A migrated, empty database. Migrating takes longer than most tests, so it is done once: the file is copied, the
    PostgreSQL database emptied."""
    if backend == "sqlite":
        with lent_file(_sqlite_template()) as database:
            yield database
        return
    with _lent_databases().lend() as name, closing(_known(_url_of(name))) as database:
        yield database


@contextmanager
def lent_file(content: bytes) -> Iterator[Database]:
    """A database on SQLite with the content of a file."""
    with _lent_files().lend(content) as database:
        yield database


@lru_cache(maxsize=8)
def _known(url: str) -> Database:
    """Closing it gives its connections back; it may be used again, and still knows the statements it has seen."""
    return Database(url)


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _postgres_copy(template: str) -> Iterator[str]:
    name = f"ramah_test_{uuid4().hex[:12]}"
    _create(name, template)
    try:
        yield _url_of(name)
    finally:
        _drop(name)


@lru_cache(maxsize=1)
def _sqlite_template() -> bytes:
    """A migrated file."""
    path = _folder() / "template.db"
    with _opened(f"sqlite:///{path}") as database:
        upgrade(database, metadata())
    # The last connection to close has written the log into the file.
    return path.read_bytes()


@lru_cache(maxsize=1)
def _folder() -> Path:
    """A folder of this process."""
    folder = Path(tempfile.mkdtemp(prefix="ramah-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@lru_cache(maxsize=1)
def _lent_files() -> LentFiles:
    return LentFiles(_folder())


@lru_cache(maxsize=1)
def _lent_databases() -> LentDatabases:
    """The databases of this process, one unless tests use two at once."""
    lent = LentDatabases(_made, _drop, _url_of)
    atexit.register(lent.drop_all)
    return lent


def _made() -> str:
    """The name of a migrated database. It need not survive a power cut, so that a commit need not wait for the disk."""
    name = f"ramah_test_{uuid4().hex[:12]}"
    _create(name, "template1")
    _administer(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name)))
    with _opened(_url_of(name)) as database:
        upgrade(database, metadata())
    return name


def _url_of(name: str) -> str:
    return ADMIN_URL.rsplit("/", 1)[0] + f"/{name}"


def _create(name: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _administer(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _drop(name: str) -> None:
    _administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _administer(statement: sql.Composable) -> None:
    connection = psycopg2.connect(ADMIN_URL)
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()
