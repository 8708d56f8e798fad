"""Drafts: bookings that are not complete, with the source and time of each fact."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.messaging.outlets import limit_by_conversation
from ramah.store import Base, TenantRow, new_id, utc_now


class DraftStatus(StrEnum):
    """The life of a draft: open while asking, submitting while the ERP is asked, then an end."""

    OPEN = "open"
    SUBMITTING = "submitting"
    BOOKED = "booked"
    DROPPED = "dropped"
    FAILED = "failed"


class Draft(TenantRow, Base):
    """One booking in the making. ``fields`` maps a field's name to {value, source, at};
    ``document`` is the validated document once it was confirmed; ``id`` is the ERP's idempotency key.

    A conversation may have several open drafts; ``current`` marks the one that is being filled. ``stage`` is the step
    that is asked next, ``quote`` the price of one visit as far as it is known: {currency, amount_minor}."""

    __tablename__ = "drafts"
    __table_args__ = (
        Index(
            "uq_drafts_current",
            "conversation_id",
            unique=True,
            sqlite_where=text("status = 'open' AND \"current\""),
            postgresql_where=text("status = 'open' AND \"current\""),
        ),
        Index("ix_drafts_due", "status", "next_try_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    status: Mapped[str] = mapped_column(String(12), default=DraftStatus.OPEN)
    # What was open before there were several was the one being filled.
    current: Mapped[bool] = mapped_column(default=False, server_default=text("true"))
    stage: Mapped[str | None] = mapped_column(String(20))
    quote: Mapped[dict[str, Any] | None] = mapped_column()
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    document: Mapped[dict[str, Any] | None] = mapped_column()
    erp_name: Mapped[str | None] = mapped_column(String(140))
    told_pending: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime | None] = mapped_column()
    lease_until: Mapped[datetime | None] = mapped_column()
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)


limit_by_conversation(Draft)
