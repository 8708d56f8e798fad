"""Tickets: what a customer complains of, kept word by word until people have settled it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.messaging.models.serial import Serial
from ramah.messaging.outlets import limit_by_conversation
from ramah.store import Base, TenantRow, new_id, utc_now


class Category(StrEnum):
    """What a complaint is about."""

    QUALITY = "quality"
    LATENESS = "lateness"
    DAMAGE = "damage"
    BILLING = "billing"
    STAFF = "staff"
    SUBSCRIPTION = "subscription"  # somebody wants to end one
    OTHER = "other"


class TicketPriority(StrEnum):
    """How soon a person must look."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class TicketStatus(StrEnum):
    """The life of a ticket. ``working``: somebody is on it; ``waiting`` is for the customer's answer; a solved one may
    be taken up again."""

    OPEN = "open"
    WORKING = "working"
    WAITING = "waiting"
    SOLVED = "solved"
    REOPENED = "reopened"


class Ticket(TenantRow, Base):
    """One complaint. ``description`` is what the customer wrote, verbatim, a line for each message.

    ``messages`` and ``photos`` are ids of inbound rows: those whose words it holds, and those that bring files.
    ``facts`` are what we know of the matter beside that, by name; ``assigned_to`` is who works on it.
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
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    assigned_to: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)
    solved_at: Mapped[datetime | None] = mapped_column()
    handed_over_at: Mapped[datetime | None] = mapped_column()


class TicketEntryKind(StrEnum):
    """What somebody did with a ticket."""

    NOTE = "note"
    TAKEN = "taken"
    STATUS = "status"


class TicketEntry(TenantRow, Base):
    """One line of a ticket's history: a note among colleagues, who took it, a change of status (``text`` names it).

    ``send_key`` makes writing a note idempotent."""

    __tablename__ = "ticket_entries"
    __table_args__ = (UniqueConstraint("ticket_id", "send_key"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")
    send_key: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


limit_by_conversation(Ticket)
