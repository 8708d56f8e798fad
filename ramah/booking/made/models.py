"""What customers want changed of their bookings, kept until the ERP has taken it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, new_id, utc_now


class ChangeKind(StrEnum):
    """What is to happen to a booking."""

    MOVE = "move"
    CANCEL = "cancel"


class ChangeStatus(StrEnum):
    """The life of a wish: pending until an end. A later wish for the same booking supersedes an earlier one."""

    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    SUPERSEDED = "superseded"


class BookingChange(TenantRow, Base):
    """One confirmed wish. ``booking`` is the booking as it was then (a BookingSummary), ``starts_at`` the new time
    of a move, ``reason`` the customer's words for a cancellation."""

    __tablename__ = "booking_changes"
    __table_args__ = (
        Index("ix_booking_changes_due", "status", "next_try_at"),
        Index("ix_booking_changes_booking", "organisation_id", "booking_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    booking_id: Mapped[str] = mapped_column(String(140))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    booking: Mapped[dict[str, Any]] = mapped_column()
    starts_at: Mapped[datetime | None] = mapped_column()
    reason: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(12), default=ChangeStatus.PENDING)
    told_pending: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime | None] = mapped_column()
    lease_until: Mapped[datetime | None] = mapped_column()
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)
