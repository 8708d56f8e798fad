"""Divisions and their queue: whom a customer may choose, who serves there, who waited how long."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.messaging.models.serial import Serial
from ramah.store import Base, TenantRow, new_id, utc_now


class QueueMode(StrEnum):
    """What divisions do in an organisation.

    ``queue``: a chat begins with the menu of divisions. ``choose``: the assistant answers first, and the menu comes
    when a person is wanted."""

    OFF = "off"
    QUEUE = "queue"
    CHOOSE = "choose"


class WaitStatus(StrEnum):
    """How a wait stands, or how it ended."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    CANCELLED = "cancelled"


class Division(TenantRow, Base):
    """A team that customers may ask for. ``position`` orders the menu.

    ``avg_handling_time_minutes`` is the organisation's own estimate for one customer, told until enough waits are
    known. ``hours`` are its own hours as the menu and each assignment read them, written with their rows
    (ramah.messaging.hours); None: it is open always."""

    __tablename__ = "divisions"
    __table_args__ = (Index("ix_divisions_menu", "organisation_id", "position"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(String(200), default="")
    keyword_triggers: Mapped[list[Any]] = mapped_column(default=list)
    is_active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    avg_handling_time_minutes: Mapped[int | None] = mapped_column(Integer)
    show_wait_time: Mapped[bool] = mapped_column(default=True)
    auto_detect_keywords: Mapped[bool] = mapped_column(default=True)
    hours: Mapped[dict[str, Any] | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class DivisionAgent(TenantRow, Base):
    """One person serves in one division; both may have several of the other."""

    __tablename__ = "division_agents"
    __table_args__ = (UniqueConstraint("division_id", "staff_id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    division_id: Mapped[str] = mapped_column(ForeignKey("divisions.id", ondelete="CASCADE"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class QueueWait(TenantRow, Base):
    """One wait of one conversation, from its beginning to the person who took it.

    There is no queue number here: a place is counted when somebody asks, as a stored one lies once others leave.
    ``place_at_start`` is history, from which waits are estimated; ``promised_from`` and ``promised_to`` (seconds) are
    what the customer was told, ``kept`` that it took no longer. ``offered`` are the divisions of the last menu, in its
    order; ``tries`` counts answers to it that nobody understood. ``division_id`` outlives its division."""

    __tablename__ = "chat_queues"
    __table_args__ = (
        Index(
            "uq_chat_queues_conversation",
            "conversation_id",
            unique=True,
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_chat_queues_recent", "organisation_id", "division_id", "assigned_at"),
        Index("ix_chat_queues_staff", "staff_id", "status"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    division_id: Mapped[str | None] = mapped_column(String(36))
    status: Mapped[str] = mapped_column(String(12), default=WaitStatus.WAITING)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    offered: Mapped[list[Any]] = mapped_column(default=list)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    queued_at: Mapped[datetime] = mapped_column(default=utc_now)
    assigned_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    place_at_start: Mapped[int | None] = mapped_column(Integer)
    promised_from: Mapped[int | None] = mapped_column(Integer)
    promised_to: Mapped[int | None] = mapped_column(Integer)
    kept: Mapped[bool | None] = mapped_column()
    told_place: Mapped[int | None] = mapped_column(Integer)
    told_at: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class QueueSettings(TenantRow, Base):
    """How an organisation's queue works. Whether it does is ``Organisation.queue_mode``, read with every message.

    Its row is the lock of all decisions on who serves whom. ``texts`` are the organisation's own words by language and
    name; what is not there is the default. Times are minutes."""

    __tablename__ = "queue_settings"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    check_queue_keyword: Mapped[str] = mapped_column(String(10), default="#")
    capacity: Mapped[int] = mapped_column(Integer, default=3)
    idle_after: Mapped[int] = mapped_column(Integer, default=10)
    reassign_after: Mapped[int] = mapped_column(Integer, default=5)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)


class StaffPresence(TenantRow, Base):
    """When a person's page was last heard of, and when they last did something in it.

    ``away_since``: they chose to be away. ``capacity`` is how many chats they have at once by assignment (None: the
    organisation's)."""

    __tablename__ = "staff_presence"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime | None] = mapped_column()
    active_at: Mapped[datetime | None] = mapped_column()
    away_since: Mapped[datetime | None] = mapped_column()
    capacity: Mapped[int | None] = mapped_column(Integer)
    last_assigned_at: Mapped[datetime | None] = mapped_column()
