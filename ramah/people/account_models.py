"""What protects the logins of staff and tells of their acts: links by mail, second factors, scopes, the audit log."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, utc_now

Serial = BigInteger().with_variant(Integer(), "sqlite")


class LinkPurpose(StrEnum):
    """What a link by mail is for."""

    INVITATION = "invitation"
    RESET = "reset"


class StaffLink(TenantRow, Base):
    """A link by mail that sets a password, once. Only the hash of its token is kept; ``sealed`` holds the token,
    encrypted, until the mail server took the letter. ``next_try_at`` is when to hand the letter in (again)."""

    __tablename__ = "staff_links"
    __table_args__ = (
        Index(
            "ix_staff_links_unsent",
            "next_try_at",
            sqlite_where=text("sealed IS NOT NULL"),
            postgresql_where=text("sealed IS NOT NULL"),
        ),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    sealed: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now)
    sent_at: Mapped[datetime | None] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class SecondFactor(TenantRow, Base):
    """The secret that an authenticator app shares with us (RFC 6238), encrypted. It counts once ``confirmed``;
    ``last_step`` is the time step of the last code that was taken, so that none is taken twice."""

    __tablename__ = "second_factors"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    confirmed: Mapped[bool] = mapped_column(default=False)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class RecoveryCode(TenantRow, Base):
    """A code for whoever lost the app; it works once. Only its hash is kept."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime | None] = mapped_column()


class StaffScope(TenantRow, Base):
    """One place that a limited person works for: a franchise (``fid``) with all its outlets, or an outlet (``oid``)."""

    __tablename__ = "staff_scopes"
    __table_args__ = (UniqueConstraint("staff_id", "fid", "oid"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    fid: Mapped[str | None] = mapped_column(String(30))
    oid: Mapped[str | None] = mapped_column(String(30))


class AuditEntry(TenantRow, Base):
    """One act of somebody. Rows are only added: the database refuses to change or delete them.

    ``action`` is a name such as ``staff.roles``; ``subject_kind`` and ``subject_id`` say what it was done to and
    ``subject`` how that was called then. ``staff_id`` is None for an act of nobody whom we know."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_time", "organisation_id", "id"),
        Index("ix_audit_entries_person", "organisation_id", "staff_id", "id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    action: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20), default="")
    subject_id: Mapped[str] = mapped_column(String(36), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    old: Mapped[dict[str, Any] | None] = mapped_column()
    new: Mapped[dict[str, Any] | None] = mapped_column()
    address: Mapped[str] = mapped_column(String(45), default="")
