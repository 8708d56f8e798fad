"""What goes out: messages, each try to send them, and receipts that came too early."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ramah.messaging.models.serial import Serial
from ramah.store import Base, TenantRow, new_id, utc_now


class OutboundStatus(StrEnum):
    """The life of an outbound row; sent < delivered < read is a ladder.

    ``uncertain`` waits for a receipt and may be sent again; ``unproved`` may have been sent, nobody can tell, and
    is never sent again by itself."""

    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    UNPROVED = "unproved"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    DROPPED = "dropped"


TROUBLED = "status IN ('failed', 'uncertain', 'unproved')"
"""The few that did not arrive, or of which nobody knows; said so in a statement, their index is used."""


class Author(StrEnum):
    """Who wrote an outbound message."""

    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


class Priority(IntEnum):
    """What leaves first when not everything may leave at once."""

    REPLY = 0
    REMINDER = 1
    PROMOTION = 2


class Outbound(TenantRow, Base):
    """One message to a person. ``content`` is an ``Outgoing``; ``send_key`` makes writing it idempotent.

    Lower ``priority`` leaves first. ``next_try_at`` in the future is a schedule or a wait; after ``expires_at`` it is
    not tried any more."""

    __tablename__ = "outbound"
    __table_args__ = (
        UniqueConstraint("conversation_id", "send_key"),
        Index("ix_outbound_due", "status", "next_try_at"),
        # In the order in which parcels are claimed: with many due, a claim still reads only the first few.
        Index(
            "ix_outbound_next",
            "priority",
            "next_try_at",
            "created_at",
            sqlite_where=text("status = 'queued'"),
            postgresql_where=text("status = 'queued'"),
        ),
        Index(
            "ix_outbound_unsettled",
            "conversation_id",
            "position",
            sqlite_where=text("status IN ('queued', 'sending', 'uncertain')"),
            postgresql_where=text("status IN ('queued', 'sending', 'uncertain')"),
        ),
        Index("ix_outbound_thread", "conversation_id", "position"),
        Index("ix_outbound_day", "organisation_id", "created_at"),
        Index("ix_outbound_account", "channel_account_id", "organisation_id", "created_at"),
        Index(
            "ix_outbound_troubled",
            "organisation_id",
            "created_at",
            sqlite_where=text(TROUBLED),
            postgresql_where=text(TROUBLED),
        ),
        # With the organisation, which each look-up names: SQLite would else take another index that begins with it.
        Index("ix_outbound_provider", "channel_account_id", "provider_id", "organisation_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    send_key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(Integer)
    epoch: Mapped[int] = mapped_column(Integer)
    author: Mapped[str] = mapped_column(String(10))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    content: Mapped[dict[str, Any]] = mapped_column()
    priority: Mapped[int] = mapped_column(Integer, default=Priority.REPLY)
    status: Mapped[str] = mapped_column(String(10), default=OutboundStatus.QUEUED)
    provider_id: Mapped[str | None] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime | None] = mapped_column()
    lease_owner: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None] = mapped_column()
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_text: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None] = mapped_column()


class SendAttempt(TenantRow, Base):
    """One try to send, written before the try so that it is always visible."""

    __tablename__ = "send_attempts"
    __table_args__ = (Index("ix_send_attempts_day", "organisation_id", "started_at"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    outbound_id: Mapped[str] = mapped_column(ForeignKey("outbound.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(String(20))
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_text: Mapped[str | None] = mapped_column(String(400))


class ParkedReceipt(TenantRow, Base):
    """A receipt that came before we knew its message; applied when the send is recorded."""

    __tablename__ = "parked_receipts"
    __table_args__ = (UniqueConstraint("channel_account_id", "provider_id", "status"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"))
    provider_id: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column()
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_text: Mapped[str | None] = mapped_column(String(400))


class RateBucket(TenantRow, Base):
    """How far a pace is used up: requests that conform may start at ``free_at``. Shared by all workers.

    ``key`` names the account, or the account and the recipient."""

    __tablename__ = "rate_buckets"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    free_at: Mapped[datetime] = mapped_column()
