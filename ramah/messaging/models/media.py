"""Files of messages: fetched apart from the message, kept under their sha256, shown by signed address."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, new_id, utc_now


class MediaStatus(StrEnum):
    """The life of a file. ``refused`` was fetched or offered and may not be kept (type, size)."""

    WAITING = "waiting"
    STORED = "stored"
    REFUSED = "refused"
    FAILED = "failed"


class MediaFile(TenantRow, Base):
    """One file of one message. ``remote`` is the ``RemoteMedia`` to fetch it by; None for what was uploaded here.

    ``mime_type`` is what the content proves, ``claimed_type`` what somebody said. ``storage_key`` and
    ``thumbnail_key`` name objects in the media store; ``size`` is bytes."""

    __tablename__ = "media_files"
    __table_args__ = (Index("ix_media_files_waiting", "status", "next_try_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    remote: Mapped[dict[str, Any] | None] = mapped_column()
    status: Mapped[str] = mapped_column(String(10), default=MediaStatus.WAITING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now)
    claimed_type: Mapped[str | None] = mapped_column(String(120))
    mime_type: Mapped[str | None] = mapped_column(String(120))
    filename: Mapped[str | None] = mapped_column(String(200))
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    storage_key: Mapped[str | None] = mapped_column(String(200))
    thumbnail_key: Mapped[str | None] = mapped_column(String(200))
    error_text: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None] = mapped_column()
