"""Live events and their numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from ramah.messaging.models.serial import Serial
from ramah.store import Base, TenantRow, utc_now


class LiveEvent(TenantRow, Base):
    """Something that open pages want to know; written in the transaction that made it true.

    ``sequence`` counts without gaps within the organisation, so that a reader notices what it missed."""

    __tablename__ = "live_events"
    __table_args__ = (UniqueConstraint("organisation_id", "sequence"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    conversation_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class LiveSequence(TenantRow, Base):
    """The newest event number of an organisation."""

    __tablename__ = "live_sequences"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    newest: Mapped[int] = mapped_column(BigInteger, default=0)
