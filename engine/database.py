"""Connecting to the tracker store's database: SQLite or PostgreSQL, from one URL."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.shared.exceptions import RasaException
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 5
STATEMENT_SECONDS = 10
POOL_SIZE = 5


class TrackerStoreError(RasaException):
    """The conversation could not be read or stored.

    Args:
        operation: What was tried.
        detail: Why it failed; holds no customer data.
    """

    def __init__(self, operation: str, detail: str) -> None:
        super().__init__(f"Tracker store: {operation}: {detail}")
        self.operation = operation
        self.detail = detail

    def __str__(self) -> str:
        return self.detail


def connect(address: str | None, metadata: sa.MetaData) -> Engine:
    """Connect and create the tables that are missing.

    Args:
        address: `sqlite:///path` or `postgresql://user:password@host/database`.
        metadata: The tables.

    Raises:
        TrackerStoreError: The URL is unusable or the database cannot be reached.
    """
    url = _checked_url(address)
    try:
        engine = sa.create_engine(url, **_options(url))
        if url.get_backend_name() == "sqlite":
            sa.event.listen(engine, "connect", _prepare_sqlite)
            sa.event.listen(engine, "begin", _begin_at_once)
        metadata.create_all(engine)
    except (sa.exc.SQLAlchemyError, ImportError, OSError) as error:
        detail = f"cannot use {url.render_as_string(hide_password=True)}: {type(error).__name__}: {error}"
        raise TrackerStoreError("connect", detail) from error
    return engine


def _checked_url(address: str | None) -> URL:
    if not address or "${" in address:
        raise TrackerStoreError("connect", "set RAMAH_ENGINE_STORE_URL to sqlite:///<file> or postgresql://...")
    try:
        url = make_url(address.replace("postgres://", "postgresql://", 1))
    except sa.exc.ArgumentError as error:
        raise TrackerStoreError("connect", "RAMAH_ENGINE_STORE_URL is not a database URL") from error
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise TrackerStoreError("connect", f"'{url.get_backend_name()}' is neither sqlite nor postgresql")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise TrackerStoreError("connect", "an in-memory SQLite database would forget every conversation")
    return url


def _options(url: URL) -> dict[str, Any]:
    connect_args: dict[str, Any]
    if url.get_backend_name() == "sqlite":
        Path(str(url.database)).expanduser().resolve().parent.mkdir(parents=True, exist_ok=True)
        connect_args = {"timeout": BUSY_SECONDS, "check_same_thread": False}
        return {"connect_args": connect_args, "poolclass": QueuePool, "pool_size": POOL_SIZE}
    limit = f"-c statement_timeout={STATEMENT_SECONDS * 1000}"
    connect_args = {"connect_timeout": BUSY_SECONDS, "options": limit}
    return {"connect_args": connect_args, "pool_size": POOL_SIZE, "pool_pre_ping": True}


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")


def _begin_at_once(connection: sa.engine.Connection) -> None:
    """Take the write lock at the start; SQLite refuses to turn a read into a write under contention."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
