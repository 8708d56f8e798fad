"""Proposals: what the bot would say, waiting for a person's word."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, new_id, utc_now


class ProposalStatus(StrEnum):
    """The life of a proposal. ``stale``: a person took over, or the customer went on, before anybody decided."""

    OPEN = "open"
    APPROVED = "approved"
    DISCARDED = "discarded"
    STALE = "stale"


class Proposal(TenantRow, Base):
    """The bot's replies of one turn (``contents``: a list of ``Outgoing``), shown to operators only.

    ``epoch`` is the conversation's epoch that they were made under, ``after_position`` the place of the newest
    message that they answer. It has no place of its own in the thread: what was never said is no part of it."""

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("conversation_id", "inbound_id"),
        Index(
            "ix_proposals_open",
            "conversation_id",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound.id", ondelete="CASCADE"))
    after_position: Mapped[int] = mapped_column(Integer)
    epoch: Mapped[int] = mapped_column(Integer)
    contents: Mapped[list[Any]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(String(10), default=ProposalStatus.OPEN)
    edited: Mapped[bool] = mapped_column(default=False)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None] = mapped_column()
