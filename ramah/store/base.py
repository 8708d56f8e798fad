"""The declarative base, its column types, and the mixin of every row that belongs to a tenant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ramah.lib.sandbox import current_sandbox, moment_now

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


def utc_now() -> datetime:
    """The present moment, aware, in UTC; that of a sandbox inside of one."""
    return moment_now()


def new_id() -> str:
    """A fresh UUID as text, the primary key of most rows."""
    sandbox = current_sandbox()
    return sandbox.next_id() if sandbox else str(uuid4())


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. Refuses naive values; SQLite forgets zones, so UTC is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime may not be stored; use an aware one")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True)


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


class TenantRow:
    """A row that belongs to one organisation. Sessions filter, fill and guard ``organisation_id``."""

    organisation_id: Mapped[str] = mapped_column(String(36), ForeignKey("organisations.id"))
