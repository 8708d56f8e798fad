"""What watches over the path: the ledger's kept days and alerts to administrators."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ramah.messaging.models.serial import Serial
from ramah.store import Base, TenantRow, new_id, utc_now


class LedgerDay(TenantRow, Base):
    """The kept result of proving one day (in the organisation's zone). ``missing`` lists what is not accounted for."""

    __tablename__ = "ledger_days"
    __table_args__ = (UniqueConstraint("organisation_id", "day"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    missing: Mapped[list[Any]] = mapped_column(default=list)
    checked_at: Mapped[datetime] = mapped_column(default=utc_now)


class WebhookRefusal(TenantRow, Base):
    """How often posts to an account's address were refused in one hour (UTC) for their signature."""

    __tablename__ = "webhook_refusals"

    channel_account_id: Mapped[str] = mapped_column(ForeignKey("channel_accounts.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=0)
    last_at: Mapped[datetime] = mapped_column(default=utc_now)


class Alert(TenantRow, Base):
    """What administrators must hear of: one open alert per ``kind`` and ``subject``, closed when it is over."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index(
            "uq_alerts_open",
            "organisation_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(Text, default="")
    link_url: Mapped[str | None] = mapped_column(String(300))
    opened_at: Mapped[datetime] = mapped_column(default=utc_now)
    told_at: Mapped[datetime | None] = mapped_column()
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    closed_at: Mapped[datetime | None] = mapped_column()
