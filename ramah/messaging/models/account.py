"""Channel accounts: the connected numbers, bots, pages, mailboxes and web chats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, new_id, utc_now


class ChannelAccount(TenantRow, Base):
    """One connected number, bot, page, mailbox or web chat. ``secrets`` is encrypted JSON.

    ``public_key`` is the unguessable name in public addresses (web chat page, webhook path). ``options`` are settings
    that are no secret. ``paused_until`` holds all sends back (the provider asked for it, or somebody must act first).
    Health is what was last proved: ``link`` (since ``link_since``) by ``proved_by`` at ``proved_at``; ``trouble`` says
    in words what is wrong, since when. ``cursor`` is how far a mailbox was read. ``fallback_url`` is offered to people
    while it is down. ``bot_hours`` are the bot's own hours here as each turn reads them, written with their rows
    (ramah.messaging.hours); None: the default's.
    """

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
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fallback_url: Mapped[str | None] = mapped_column(String(300))
    bot_hours: Mapped[dict[str, Any] | None] = mapped_column()
    cursor: Mapped[str | None] = mapped_column(String(200))
    paused_until: Mapped[datetime | None] = mapped_column()
    link: Mapped[str] = mapped_column(String(20), default="unknown")
    link_since: Mapped[datetime | None] = mapped_column()
    link_detail: Mapped[str | None] = mapped_column(String(300))
    linked_phone: Mapped[str | None] = mapped_column(String(20))
    qr_code: Mapped[str | None] = mapped_column(Text)
    qr_expires_at: Mapped[datetime | None] = mapped_column()
    proved_at: Mapped[datetime | None] = mapped_column()
    proved_by: Mapped[str | None] = mapped_column(String(20))
    check_at: Mapped[datetime] = mapped_column(default=utc_now)
    trouble: Mapped[str | None] = mapped_column(String(300))
    trouble_since: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
