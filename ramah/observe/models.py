"""Incidents: failures that somebody should look at, grouped by their place."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, new_id, utc_now


class IncidentState(StrEnum):
    """How far an incident is: nobody looked, somebody looked, it was put right, and it came back after that."""

    NEW = "new"
    SEEN = "seen"
    FIXED = "fixed"
    BACK = "back"


class Incident(TenantRow, Base):
    """One kind of failure. ``fingerprint`` groups repetitions; ``place`` is of our own code, ``release`` the commit
    that ran when it happened last. ``untold``: administrators have not heard of it since it is new, or back."""

    __tablename__ = "incidents"
    __table_args__ = (
        UniqueConstraint("organisation_id", "fingerprint"),
        Index(
            "ix_incidents_untold", "last_at", sqlite_where=text("untold = 1"), postgresql_where=text("untold = true")
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    fingerprint: Mapped[str] = mapped_column(String(64))
    subsystem: Mapped[str] = mapped_column(String(40))
    operation: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(300))
    message: Mapped[str] = mapped_column(Text)
    conversation_id: Mapped[str | None] = mapped_column(String(36))
    count: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(10), default=IncidentState.NEW, server_default=text("'seen'"))
    untold: Mapped[bool] = mapped_column(default=True, server_default=text("false"))
    release: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))
    first_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_at: Mapped[datetime] = mapped_column(default=utc_now)


class TouchedConversation(TenantRow, Base):
    """A conversation in which an incident happened, once, however often it did."""

    __tablename__ = "incident_conversations"

    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class ProcessBeat(Base):
    """A process of the platform and when it was last heard of. Belongs to no organisation, and holds nothing of any."""

    __tablename__ = "processes"

    name: Mapped[str] = mapped_column(String(160), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    host: Mapped[str] = mapped_column(String(80))
    pid: Mapped[int] = mapped_column(Integer)
    ready: Mapped[bool] = mapped_column()
    troubles: Mapped[list[Any]] = mapped_column(default=list)
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    release: Mapped[str] = mapped_column(String(40), default="")
    started_at: Mapped[datetime] = mapped_column()
    beat_at: Mapped[datetime] = mapped_column()
