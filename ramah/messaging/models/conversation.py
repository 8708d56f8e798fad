"""Conversations: who talks with whom over which account, and who answers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ramah.messaging.models.serial import Serial
from ramah.store import Base, TenantRow, new_id, utc_now
from ramah.store.trigrams import WORDS, Words


class HandledBy(StrEnum):
    """Who answers in a conversation."""

    BOT = "bot"
    QUEUE = "queue"
    HUMAN = "human"
    CLOSED = "closed"


class Conversation(TenantRow, Base):
    """The thread of one contact on one channel account.

    ``epoch`` rises at each change of hands; a bot message of an older epoch is never sent.
    ``lease_owner``/``lease_until`` make one worker at a time run its turns; ``fence`` rises with each lease, and
    whoever comes back with an older one writes nothing. ``quiet_until`` is when a burst of messages counts as
    finished; it began at ``burst_began_at``. ``mood`` (with ``mood_score`` and ``urgent``) is that of the customer's
    last message, ``stage`` how far the booking is. ``queued_at`` is when it last began to wait for a person; a lower
    ``queue_rank`` is served first (0: an urgent ticket is open). ``outlet`` is the code of the outlet
    that it is about, once that is known (ramah.messaging.outlets). ``told_outside_at`` is when the message
    arrived that was last answered by the hours, ``proposed_at`` since when the bot's words wait for approval;
    ``unheard``: what the dialogue said last was shown to nobody outside. ``division_id`` is the division it was put
    into (a deleted one is taken out of here; a foreign key would rewrite the table).
    ``awaiting_division_selection``: it is in nobody's queue yet, as the customer was asked where to.
    Until ``snoozed_until`` it is kept out of the list, unless the customer writes before."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index(
            # A contact may write from several addresses of one channel: each has its own thread.
            "uq_conversations_open",
            "channel_account_id",
            "contact_id",
            "recipient",
            unique=True,
            sqlite_where=text("handled_by != 'closed'"),
            postgresql_where=text("handled_by != 'closed'"),
        ),
        Index("ix_conversations_list", "organisation_id", "last_activity_at"),
        # The list's filters that few conversations pass; the bot's many cost no entry here.
        Index(
            "ix_conversations_queued",
            "organisation_id",
            "queue_rank",
            "queued_at",
            sqlite_where=text("handled_by = 'queue'"),
            postgresql_where=text("handled_by = 'queue'"),
        ),
        Index(
            "ix_conversations_held",
            "staff_id",
            "last_activity_at",
            sqlite_where=text("handled_by = 'human'"),
            postgresql_where=text("handled_by = 'human'"),
        ),
        Index(
            "ix_conversations_closed",
            "organisation_id",
            "last_activity_at",
            sqlite_where=text("handled_by = 'closed'"),
            postgresql_where=text("handled_by = 'closed'"),
        ),
        Index(
            "ix_conversations_proposed",
            "organisation_id",
            "proposed_at",
            sqlite_where=text("proposed_at IS NOT NULL"),
            postgresql_where=text("proposed_at IS NOT NULL"),
        ),
        Index("ix_conversations_recipient", "channel_account_id", "recipient"),
        Index(
            "ix_conversations_division",
            "organisation_id",
            "division_id",
            "queue_rank",
            "queued_at",
            sqlite_where=text("handled_by = 'queue'"),
            postgresql_where=text("handled_by = 'queue'"),
        ),
        Index(
            "ix_conversations_snoozed",
            "organisation_id",
            "snoozed_until",
            sqlite_where=text("snoozed_until IS NOT NULL"),
            postgresql_where=text("snoozed_until IS NOT NULL"),
        ),
        Index(
            "ix_conversations_unread",
            "organisation_id",
            "last_activity_at",
            sqlite_where=text("unread > 0"),
            postgresql_where=text("unread > 0"),
        ),
        Index(
            "ix_conversations_human",
            "organisation_id",
            "last_activity_at",
            "id",
            sqlite_where=text("handled_by = 'human'"),
            postgresql_where=text("handled_by = 'human'"),
        ),
        {"info": {WORDS: Words(("preview",))}},
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"))
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
    queued_at: Mapped[datetime] = mapped_column(default=utc_now)
    queue_rank: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    told_waiting_at: Mapped[datetime | None] = mapped_column()
    told_outside_at: Mapped[datetime | None] = mapped_column()
    proposed_at: Mapped[datetime | None] = mapped_column()
    unheard: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    division_id: Mapped[str | None] = mapped_column(String(36))
    awaiting_division_selection: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    lease_owner: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None] = mapped_column()
    fence: Mapped[int] = mapped_column(Integer, default=0)
    quiet_until: Mapped[datetime | None] = mapped_column()
    burst_began_at: Mapped[datetime | None] = mapped_column()
    mood: Mapped[str | None] = mapped_column(String(10))
    mood_score: Mapped[float | None] = mapped_column(Float)
    urgent: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    stage: Mapped[str | None] = mapped_column(String(20))
    outlet: Mapped[str | None] = mapped_column(String(30))
    snoozed_until: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class ThreadNote(TenantRow, Base):
    """A line in the thread that nobody outside sees: somebody took over, released, closed, or wrote a note.

    ``text`` is the note, or whom or what the line is about; ``send_key`` makes writing it idempotent."""

    __tablename__ = "thread_notes"
    __table_args__ = (Index("ix_thread_notes_thread", "conversation_id", "position"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(30))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str | None] = mapped_column(Text)
    send_key: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
