"""What people decided about two contacts that look alike: one person, or two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ramah.store import Base, TenantRow, utc_now


class ContactMerge(TenantRow, Base):
    """A contact that was merged into another: the row is gone, ``gone_id`` still leads to ``survivor_id``. ``kept`` is
    what stood in it."""

    __tablename__ = "contact_merges"

    gone_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kept: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class DistinctContacts(TenantRow, Base):
    """Two contacts of whom somebody said that they are not the same person. ``first_id`` sorts before ``second_id``."""

    __tablename__ = "distinct_contacts"

    first_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
