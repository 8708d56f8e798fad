"""Weekly hours of whatever keeps some: the bot on an account, a division of the queue."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramah.messaging.models.serial import Serial
from ramah.store import Base, TenantRow, utc_now


class HoursOwner(StrEnum):
    """What keeps hours."""

    BOT = "bot"
    DIVISION = "division"


class Hours(TenantRow, Base):
    """The hours of one owner and what happens outside of them. Nothing kept means: open always.

    ``owner_id`` is the id of the channel account or division, or ``default`` for all that keep none of their own.
    ``messages`` are the organisation's own words by language; a language without any gets the usual ones."""

    __tablename__ = "hours"
    __table_args__ = (UniqueConstraint("organisation_id", "owner_kind", "owner_id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    owner_kind: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[str] = mapped_column(String(36))
    enabled: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    timezone: Mapped[str] = mapped_column(String(60))
    tells: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    needs_human: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    messages: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    windows: Mapped[list[HoursWindow]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="HoursWindow.weekday, HoursWindow.opens"
    )
    special_days: Mapped[list[HoursSpecialDay]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="HoursSpecialDay.day"
    )
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class HoursWindow(TenantRow, Base):
    """One span of a weekday; two on a day make a break. Weekday 0 is Monday.

    ``closes`` at or before ``opens`` means after midnight, so that 00:00 is also the end of the day."""

    __tablename__ = "hours_windows"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    hours_id: Mapped[int] = mapped_column(ForeignKey("hours.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int] = mapped_column(Integer)
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class HoursSpecialDay(TenantRow, Base):
    """A local day that is not like its weekday. ``windows`` are pairs of clock times; none means closed."""

    __tablename__ = "hours_special_days"
    __table_args__ = (UniqueConstraint("hours_id", "day"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    hours_id: Mapped[int] = mapped_column(ForeignKey("hours.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(140), default="")
    windows: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
