"""What operators keep beside conversations: labels, filters, canned replies, drafts, scheduled messages, mentions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.messaging.models.serial import Serial
from ramah.store import Base, TenantRow, new_id, utc_now


class Label(TenantRow, Base):
    """A mark that an organisation puts on conversations. ``colour`` is one of ``ramah.desk.labels.COLOURS``."""

    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(40))
    colour: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class ConversationLabel(TenantRow, Base):
    """One label on one conversation."""

    __tablename__ = "conversation_labels"
    __table_args__ = (Index("ix_conversation_labels_label", "label_id", "conversation_id"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    label_id: Mapped[str] = mapped_column(ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class SavedFilter(TenantRow, Base):
    """A search under a name. ``query`` is what the list is asked for; a shared one is seen by all colleagues."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[dict[str, Any]] = mapped_column(default=dict)
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Mention(TenantRow, Base):
    """A colleague named in an internal note; ``seen_at`` is when they opened the conversation."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("note_id", "staff_id"),
        Index("ix_mentions_person", "staff_id", "conversation_id"),
        Index(
            "ix_mentions_unseen",
            "staff_id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("thread_notes.id", ondelete="CASCADE"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class CannedReply(TenantRow, Base):
    """A text that is put into the reply by ``/shortcut``, one per language; its variables are checked when saved."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("organisation_id", "shortcut", "language"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    shortcut: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    updated_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)


class ReplyDraft(TenantRow, Base):
    """What a person has written in a conversation and not sent yet."""

    __tablename__ = "reply_drafts"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)


class ScheduledStatus(StrEnum):
    """The life of a message that is to be sent later. ``refused``: it could not go when its time came."""

    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class ScheduledMessage(TenantRow, Base):
    """A message that goes into the outbox at ``due_at``. ``after_position`` is where the thread stood when it was
    written: with ``unless_answered``, a later message of the customer cancels it. ``reason`` says why it did not go."""

    __tablename__ = "scheduled_messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "send_key"),
        Index(
            "ix_scheduled_messages_due",
            "due_at",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    send_key: Mapped[str] = mapped_column(String(60))
    content: Mapped[dict[str, Any]] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    unless_answered: Mapped[bool] = mapped_column(default=False)
    after_position: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(10), default=ScheduledStatus.WAITING)
    reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None] = mapped_column()


class ThreadWatcher(TenantRow, Base):
    """Who has a conversation open just now, and until when this counts; written every few seconds, not per key."""

    __tablename__ = "thread_watchers"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    reading_until: Mapped[datetime] = mapped_column()
    writing_until: Mapped[datetime | None] = mapped_column()
