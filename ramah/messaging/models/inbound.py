"""What came in: raw envelopes first, then one row per message, then what the bot understood."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ramah.messaging.models.serial import Serial
from ramah.store import Base, TenantRow, new_id, utc_now

SAY = "say"
"""The kind of a notice that the bot shall say by itself."""


class InboundStatus(StrEnum):
    """The life of an inbound row."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class EnvelopeStatus(StrEnum):
    """The life of a raw body. ``failed`` is kept for a person to look at; a replay may still read it."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Envelope(TenantRow, Base):
    """A verified body as it arrived, stored before anything is read from it. ``headers`` are those that verified it.

    The same bytes on the same account are the same event: ``digest`` (sha256) is unique, ``repeats`` counts."""

    __tablename__ = "envelopes"
    __table_args__ = (
        UniqueConstraint("channel_account_id", "digest"),
        Index(
            "ix_envelopes_waiting",
            "next_try_at",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index(
            "ix_envelopes_stuck",
            "channel_account_id",
            "received_at",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_envelopes_day", "organisation_id", "received_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"))
    digest: Mapped[str] = mapped_column(String(64))
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(10), default=EnvelopeStatus.WAITING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now)
    messages: Mapped[int] = mapped_column(Integer, default=0)
    receipts: Mapped[int] = mapped_column(Integer, default=0)
    notices: Mapped[int] = mapped_column(Integer, default=0)
    repeats: Mapped[int] = mapped_column(Integer, default=0)
    error_text: Mapped[str | None] = mapped_column(String(400))
    received_at: Mapped[datetime] = mapped_column(default=utc_now)


class EnvelopeTally(TenantRow, Base):
    """How many envelopes were stored on a day (UTC), written with each of them, so that a lost one shows.

    Sixteen rows a day share the counting, so that two webhooks seldom wait for one another."""

    __tablename__ = "envelope_tallies"

    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    shard: Mapped[int] = mapped_column(Integer, primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=0)


class Inbound(TenantRow, Base):
    """One message from a person (or one notice for the bot to say: kind ``say``), in arrival order.

    ``envelope_id`` is the raw body that it came in (None for what our own pages and processes wrote). ``joined_to`` is
    the earlier message of the same burst in whose turn this one is answered. ``trace_id`` names the trace of its turn,
    ``arrival`` are the spans until it was stored."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel_account_id", "external_id"),
        # In the order in which turns are claimed: with many waiting, a claim still reads only the first few.
        Index(
            "ix_inbound_waiting",
            "received_at",
            "next_try_at",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index(
            "ix_inbound_lane",
            "conversation_id",
            "position",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_inbound_thread", "conversation_id", "position"),
        Index("ix_inbound_day", "organisation_id", "received_at"),
        Index("ix_inbound_account", "channel_account_id", "organisation_id", "received_at"),
        Index(
            "ix_inbound_failed",
            "organisation_id",
            "received_at",
            sqlite_where=text("status = 'failed'"),
            postgresql_where=text("status = 'failed'"),
        ),
        # A number is never given twice, not even after somebody removed the row by hand: what is left of it shows.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    external_id: Mapped[str] = mapped_column(String(200))
    envelope_id: Mapped[str | None] = mapped_column(ForeignKey("envelopes.id"), index=True)
    joined_to: Mapped[int | None] = mapped_column(ForeignKey("inbound.id"))
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[str | None] = mapped_column(Text)
    reply_to: Mapped[str | None] = mapped_column(String(200))
    media: Mapped[list[Any]] = mapped_column(default=list)
    place: Mapped[dict[str, Any] | None] = mapped_column()
    edit_of: Mapped[str | None] = mapped_column(String(200))
    automatic: Mapped[bool] = mapped_column(default=False)
    raw: Mapped[dict[str, Any]] = mapped_column(default=dict)
    trace_id: Mapped[str | None] = mapped_column(String(32))
    arrival: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    status: Mapped[str] = mapped_column(String(10), default=InboundStatus.WAITING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now)
    sent_at: Mapped[datetime | None] = mapped_column()
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    done_at: Mapped[datetime | None] = mapped_column()


class Interaction(TenantRow, Base):
    """What the bot understood and did in one turn.

    ``watched`` is what whoever watches turns noted for the next look; ``doctor`` names what was found stuck and was
    freed in this turn."""

    __tablename__ = "interactions"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound.id", ondelete="CASCADE"), unique=True)
    intent: Mapped[str | None] = mapped_column(String(80))
    confidence: Mapped[float | None] = mapped_column(Float)
    language: Mapped[str | None] = mapped_column(String(2))
    understood: Mapped[dict[str, Any]] = mapped_column(default=dict)
    did: Mapped[list[Any]] = mapped_column(default=list)
    model: Mapped[str | None] = mapped_column(String(120))
    milliseconds: Mapped[int] = mapped_column(Integer, default=0)
    mood: Mapped[str | None] = mapped_column(String(10))
    mood_score: Mapped[float | None] = mapped_column(Float)
    urgent: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    stage: Mapped[str | None] = mapped_column(String(20))
    doctor: Mapped[str | None] = mapped_column(String(30))
    watched: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
