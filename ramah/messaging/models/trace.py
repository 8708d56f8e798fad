"""What is kept of a turn so that one can see why it said what it said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, utc_now


class TurnTrace(TenantRow, Base):
    """One turn that is kept: its spans from the claim on, and what the interaction does not say of the dialogue.

    ``micros`` is how long the customer waited for the answer to be written, from the message's arrival on.
    ``explained`` holds rules, responses with their variables and slots before and after (`ramah.messaging.tracing`).
    What was sent, and how often it was tried, stands in the outbox. ``exports``: it waits to be sent to a collector."""

    __tablename__ = "turn_traces"
    __table_args__ = (
        Index("ix_turn_traces_trace", "trace_id"),
        Index("ix_turn_traces_age", "started_at"),
        Index(
            "ix_turn_traces_export",
            "started_at",
            sqlite_where=text("exports = 1"),
            postgresql_where=text("exports = true"),
        ),
    )

    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(36))
    trace_id: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    micros: Mapped[int] = mapped_column(BigInteger, default=0)
    failed: Mapped[bool] = mapped_column(default=False)
    slow: Mapped[bool] = mapped_column(default=False)
    spans: Mapped[list[Any]] = mapped_column(default=list)
    explained: Mapped[dict[str, Any]] = mapped_column(default=dict)
    exports: Mapped[bool] = mapped_column(default=False)
