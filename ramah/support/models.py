"""Tickets: what a customer complains of, kept word by word until people have settled it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, new_id, utc_now


class Category(StrEnum):
    """What a complaint is about."""

    QUALITY = "quality"
    LATENESS = "lateness"
    DAMAGE = "damage"
    BILLING = "billing"
    STAFF = "staff"
    OTHER = "other"


class TicketPriority(StrEnum):
    """How soon a person must look."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class TicketStatus(StrEnum):
    """The life of a ticket. ``waiting`` is for the customer's answer; a solved one may be taken up again."""

    OPEN = "open"
    WAITING = "waiting"
    SOLVED = "solved"
    REOPENED = "reopened"


class Ticket(TenantRow, Base):
    """One complaint. ``description`` is what the customer wrote, verbatim, a line for each message.

    ``messages`` and ``photos`` are ids of inbound rows: those whose words it holds, and those that bring files.
    ``handed_over_at`` is when its conversation was first seen with people, or given to them."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_status", "organisation_id", "status", "created_at"),
        Index(
            "ix_tickets_unseen",
            "updated_at",
            sqlite_where=text("handed_over_at IS NULL"),
            postgresql_where=text("handed_over_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    booking_reference: Mapped[str | None] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(12), default=Category.OTHER)
    priority: Mapped[str] = mapped_column(String(8), default=TicketPriority.NORMAL)
    status: Mapped[str] = mapped_column(String(10), default=TicketStatus.OPEN)
    description: Mapped[str] = mapped_column(Text)
    messages: Mapped[list[Any]] = mapped_column(default=list)
    photos: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)
    solved_at: Mapped[datetime | None] = mapped_column()
    handed_over_at: Mapped[datetime | None] = mapped_column()
