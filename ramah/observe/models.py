"""Incidents: failures that somebody should look at, grouped by their place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, new_id, utc_now


class Incident(TenantRow, Base):
    """One kind of failure. ``fingerprint`` groups repetitions; the place is of our own code."""

    __tablename__ = "incidents"
    __table_args__ = (UniqueConstraint("organisation_id", "fingerprint"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    fingerprint: Mapped[str] = mapped_column(String(64))
    subsystem: Mapped[str] = mapped_column(String(40))
    operation: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(300))
    message: Mapped[str] = mapped_column(Text)
    conversation_id: Mapped[str | None] = mapped_column(String(36))
    count: Mapped[int] = mapped_column(Integer, default=1)
    first_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_at: Mapped[datetime] = mapped_column(default=utc_now)
