"""Throw-away databases for tests: SQLite always, PostgreSQL when it answers (or when it is required)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import psycopg2
from psycopg2 import OperationalError, sql

from ramah.cli.tables import metadata
from ramah.store import Database
from ramah.store.migrate import upgrade

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
    name = f"ramah_test_{uuid4().hex[:12]}"
    _administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield ADMIN_URL.rsplit("/", 1)[0] + f"/{name}"
    finally:
        _administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def fresh_database(backend: str, folder: Path) -> Iterator[Database]:
    """A migrated, empty database."""
    with fresh_url(backend, folder) as url:
        database = Database(url)
        upgrade(database, metadata())
        try:
            yield database
        finally:
            database.close()


def _administer(statement: sql.Composable) -> None:
    connection = psycopg2.connect(ADMIN_URL)
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()
