"""The embedded ERP's offers: what costs less for a while."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, new_id


class Offer(TenantRow, Base):
    """One offer; names and descriptions by language. Both days count, in the organisation's zone.

    It is for one service or (``service_code`` None) for all, at these outlets or (None) at all of them.
    ``discount_percent`` comes off the price, or ``amount_minor`` of a currency does; a gift has neither."""

    __tablename__ = "offers"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer, default=0)
    names: Mapped[dict[str, Any]] = mapped_column()
    descriptions: Mapped[dict[str, Any]] = mapped_column()
    service_code: Mapped[str | None] = mapped_column(String(60))
    discount_percent: Mapped[int | None] = mapped_column(Integer)
    amount_minor: Mapped[int | None] = mapped_column(Integer)
    currency: Mapped[str | None] = mapped_column(String(3))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    outlets: Mapped[list[Any] | None] = mapped_column()
    active: Mapped[bool] = mapped_column(default=True)
