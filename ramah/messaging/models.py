"""Accounts, conversations, and the rows that a message lives in from webhook to receipt."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, new_id, utc_now

# SQLite numbers rows by itself only for a column of type INTEGER.
Serial = BigInteger().with_variant(Integer(), "sqlite")


class HandledBy(StrEnum):
    """Who answers in a conversation."""

    BOT = "bot"
    QUEUE = "queue"
    HUMAN = "human"
    CLOSED = "closed"


class InboundStatus(StrEnum):
    """The life of an inbound row."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class OutboundStatus(StrEnum):
    """The life of an outbound row; sent < delivered < read is a ladder."""

    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    DROPPED = "dropped"


class Author(StrEnum):
    """Who wrote an outbound message."""

    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


class ChannelAccount(TenantRow, Base):
    """One connected number, bot, page, mailbox or web chat. ``secrets`` is encrypted JSON.

    ``public_key`` is the unguessable name in public addresses (web chat page, webhook path)."""

    __tablename__ = "channel_accounts"
    __table_args__ = (UniqueConstraint("kind", "external_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(140))
    external_id: Mapped[str] = mapped_column(String(120))
    public_key: Mapped[str] = mapped_column(String(64), unique=True)
    secrets: Mapped[str | None] = mapped_column(Text)
    base_url: Mapped[str | None] = mapped_column(String(300))
    active: Mapped[bool] = mapped_column(default=True)
    trouble: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Conversation(TenantRow, Base):
    """The thread of one contact on one channel account.

    ``epoch`` rises at each change of hands; a bot message of an older epoch is never sent.
    ``lease_owner``/``lease_until`` make one worker at a time run its turns."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index(
            "uq_conversations_open",
            "channel_account_id",
            "contact_id",
            unique=True,
            sqlite_where=text("handled_by != 'closed'"),
            postgresql_where=text("handled_by != 'closed'"),
        ),
        Index("ix_conversations_list", "organisation_id", "last_activity_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"), index=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(200))
    handled_by: Mapped[str] = mapped_column(String(10), default=HandledBy.BOT)
    handover_reason: Mapped[str | None] = mapped_column(String(60))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    epoch: Mapped[int] = mapped_column(Integer, default=0)
    language: Mapped[str | None] = mapped_column(String(2))
    next_position: Mapped[int] = mapped_column(Integer, default=1)
    unread: Mapped[int] = mapped_column(Integer, default=0)
    preview: Mapped[str] = mapped_column(String(160), default="")
    last_inbound_at: Mapped[datetime | None] = mapped_column()
    last_activity_at: Mapped[datetime] = mapped_column(default=utc_now)
    told_waiting_at: Mapped[datetime | None] = mapped_column()
    lease_owner: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Inbound(TenantRow, Base):
    """One message from a person (or one notice for the bot to say: kind ``say``), in arrival order."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel_account_id", "external_id"),
        Index("ix_inbound_waiting", "status", "next_try_at"),
        Index("ix_inbound_thread", "conversation_id", "position"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    external_id: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[str | None] = mapped_column(Text)
    reply_to: Mapped[str | None] = mapped_column(String(200))
    raw: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(String(10), default=InboundStatus.WAITING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now)
    sent_at: Mapped[datetime | None] = mapped_column()
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    done_at: Mapped[datetime | None] = mapped_column()


class Outbound(TenantRow, Base):
    """One message to a person. ``content`` is an ``Outgoing``; ``send_key`` makes writing it idempotent."""

    __tablename__ = "outbound"
    __table_args__ = (
        UniqueConstraint("conversation_id", "send_key"),
        Index("ix_outbound_due", "status", "next_try_at"),
        Index("ix_outbound_thread", "conversation_id", "position"),
        Index("ix_outbound_provider", "channel_account_id", "provider_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    send_key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(Integer)
    epoch: Mapped[int] = mapped_column(Integer)
    author: Mapped[str] = mapped_column(String(10))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    content: Mapped[dict[str, Any]] = mapped_column()
    status: Mapped[str] = mapped_column(String(10), default=OutboundStatus.QUEUED)
    provider_id: Mapped[str | None] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now)
    lease_owner: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None] = mapped_column()
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_text: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None] = mapped_column()


class SendAttempt(TenantRow, Base):
    """One try to send, written before the try so that it is always visible."""

    __tablename__ = "send_attempts"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    outbound_id: Mapped[str] = mapped_column(ForeignKey("outbound.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(String(20))
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_text: Mapped[str | None] = mapped_column(String(400))


class ParkedReceipt(TenantRow, Base):
    """A receipt that came before we knew its message; applied when the send is recorded."""

    __tablename__ = "parked_receipts"
    __table_args__ = (UniqueConstraint("channel_account_id", "provider_id", "status"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"))
    provider_id: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column()
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_text: Mapped[str | None] = mapped_column(String(400))


class Interaction(TenantRow, Base):
    """What the bot understood and did in one turn."""

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
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class ThreadNote(TenantRow, Base):
    """A line in the thread that nobody outside sees: somebody took over, released, closed."""

    __tablename__ = "thread_notes"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(30))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class LiveEvent(TenantRow, Base):
    """Something that open pages want to know, numbered; written in the transaction that made it true."""

    __tablename__ = "live_events"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(36), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
