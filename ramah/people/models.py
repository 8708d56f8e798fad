"""Organisations, their outlets and staff; contacts and the addresses that reach them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramah.store import Base, TenantRow, new_id, utc_now
from ramah.store.trigrams import WORDS, Words

NAMES = ("first_name", "last_name", "profile_name")


class Organisation(Base):
    """The tenant. ``profile`` holds what an administrator may set freely: assistant name, ERP kind, brand.
    ``security`` says how staff log in (ramah.people.security). ``bot_mode`` says whether the bot answers, drafts for
    approval or is off; ``bot_hours`` are its hours where an account keeps none, as each turn reads them (both:
    ramah.messaging.hours). ``queue_mode`` is a QueueMode of ramah.messaging.models, here for the same reason."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(140))
    country: Mapped[str] = mapped_column(String(2))
    timezone: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2), default="id")
    assistant_name: Mapped[str] = mapped_column(String(60), default="Ramah")
    erp_kind: Mapped[str] = mapped_column(String(20), default="embedded")
    erp_access: Mapped[str | None] = mapped_column(Text)
    booking_horizon_days: Mapped[int] = mapped_column(Integer, default=60)
    queue_mode: Mapped[str] = mapped_column(String(10), default="off", server_default="off")
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict)
    security: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    bot_mode: Mapped[str] = mapped_column(String(10), default="answers", server_default="answers")
    bot_hours: Mapped[dict[str, Any] | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Outlet(TenantRow, Base):
    """A place of the organisation; ``code`` is its OID, ``franchise`` the FID it belongs to.
    ``areas`` are the cities its home service reaches; ``bays`` and ``crews`` are how many
    visits may overlap at the outlet and at homes."""

    __tablename__ = "outlets"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(30))
    franchise: Mapped[str | None] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(140))
    street: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    timezone: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(String(20))
    map_url: Mapped[str | None] = mapped_column(String(300))
    areas: Mapped[list[Any]] = mapped_column(default=list)
    bays: Mapped[int] = mapped_column(Integer, default=2)
    crews: Mapped[int] = mapped_column(Integer, default=1)
    slot_minutes: Mapped[int] = mapped_column(Integer, default=60)
    active: Mapped[bool] = mapped_column(default=True)
    hours: Mapped[list[OpeningHours]] = relationship(
        lazy="selectin", order_by="OpeningHours.weekday, OpeningHours.opens"
    )
    closed_days: Mapped[list[ClosedDay]] = relationship(lazy="selectin", order_by="ClosedDay.day")


class OpeningHours(TenantRow, Base):
    """One span in which an outlet is open; two rows on a day make a break. Weekday 0 is Monday.

    ``closes`` at or before ``opens`` means after midnight."""

    __tablename__ = "opening_hours"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int] = mapped_column(Integer)
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)


class ClosedDay(TenantRow, Base):
    """A local day on which an outlet stays closed (public holiday, stocktaking)."""

    __tablename__ = "closed_days"
    __table_args__ = (UniqueConstraint("outlet_id", "day"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(140))


class Staff(TenantRow, Base):
    """A person inside. ``roles`` are names of ramah.people.roles; no ``password_hash`` means invited only.
    ``second_factor_at`` is since when a code is asked at each login. ``limited``: to the outlets of their scopes."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(140))
    password_hash: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[Any]] = mapped_column(default=list)
    language: Mapped[str] = mapped_column(String(2), default="en")
    active: Mapped[bool] = mapped_column(default=True)
    limited: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    second_factor_at: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class StaffSession(TenantRow, Base):
    """A login. Only the hash of the cookie's token is kept. ``pending``: the password was right, the code is awaited.
    ``address`` and ``device`` are those of the login, ``last_seen_at`` is kept to the minute."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    pending: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    address: Mapped[str | None] = mapped_column(String(45))
    device: Mapped[str | None] = mapped_column(String(200))
    last_seen_at: Mapped[datetime | None] = mapped_column(default=utc_now)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Contact(TenantRow, Base):
    """A person outside. Names and number are what they told us or the channel proved.

    ``email``, ``policy_number`` and ``plate`` are what staff wrote down. ``opted_out_at``: since then they want no
    promotions and reminders (None: they may get them). ``blocked_at``: since then nobody answers them."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_phone", "organisation_id", "phone"),
        Index("ix_contacts_latest", "organisation_id", "created_at", "id"),
        {"info": {WORDS: Words((*NAMES, "phone", "email", "policy_number", "plate"), closed_up=("plate",))}},
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    first_name: Mapped[str | None] = mapped_column(String(140))
    last_name: Mapped[str | None] = mapped_column(String(140))
    profile_name: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(20))
    phone_proved: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(String(200))
    policy_number: Mapped[str | None] = mapped_column(String(40))
    plate: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(2))
    opted_out_at: Mapped[datetime | None] = mapped_column()
    blocked_at: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class ConsentRecord(TenantRow, Base):
    """One change of what a contact allows us to send unasked. Rows are only added; the last one counts.

    ``source`` tells how it reached us (ramah.people.consent), ``evidence`` names the message, ``words`` are its own."""

    __tablename__ = "consent_records"
    __table_args__ = (UniqueConstraint("contact_id", "evidence"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    allowed: Mapped[bool] = mapped_column()
    channel: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Identity(TenantRow, Base):
    """The channel address that reaches a contact."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("organisation_id", "platform_type", "platform_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    platform_type: Mapped[str] = mapped_column(String(20))
    platform_id: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
