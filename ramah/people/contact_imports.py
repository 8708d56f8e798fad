"""Files of contacts that staff bring: each a job that the worker does piece by piece."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, new_id, utc_now


class ImportStatus(StrEnum):
    """The life of an import. ``uploaded``: its columns are being chosen."""

    UPLOADED = "uploaded"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"


class ContactImport(TenantRow, Base):
    """One file. ``columns`` maps the number of a column to the field it fills; ``existing`` says what happens to
    contacts that are there already. ``done`` of ``total`` rows are imported: it rises in the transaction that writes
    them, so that no row is imported twice. Until ``lease_until`` one worker has it."""

    __tablename__ = "contact_imports"
    __table_args__ = (
        Index(
            "ix_contact_imports_waiting",
            "created_at",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_contact_imports_list", "organisation_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    filename: Mapped[str] = mapped_column(String(140))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    existing: Mapped[str] = mapped_column(String(10), default="fill")
    status: Mapped[str] = mapped_column(String(10), default=ImportStatus.UPLOADED)
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    added: Mapped[int] = mapped_column(Integer, default=0)
    changed: Mapped[int] = mapped_column(Integer, default=0)
    unchanged: Mapped[int] = mapped_column(Integer, default=0)
    rejected: Mapped[int] = mapped_column(Integer, default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column()


class RejectedRow(TenantRow, Base):
    """A row of a file that became no contact. ``number`` is its line, counted as a spreadsheet does; ``reason`` is a
    name of ``ramah.desk.importing.rows``, ``cells`` is what stood there."""

    __tablename__ = "rejected_rows"

    import_id: Mapped[str] = mapped_column(ForeignKey("contact_imports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    reason: Mapped[str] = mapped_column(String(30))
    cells: Mapped[list[Any]] = mapped_column(default=list)
