"""The embedded ERP's tables: services with prices, plans, customers with cars and addresses, bookings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ramah.store import Base, TenantRow, new_id, utc_now


class Service(TenantRow, Base):
    """One service on offer; names and descriptions by language."""

    __tablename__ = "erp_services"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer, default=0)
    names: Mapped[dict[str, Any]] = mapped_column()
    descriptions: Mapped[dict[str, Any]] = mapped_column()
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    minutes: Mapped[int] = mapped_column(Integer)
    home_service: Mapped[bool] = mapped_column(default=True)
    subscribable: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    prices: Mapped[list[Price]] = relationship(lazy="selectin", order_by="Price.currency, Price.amount_minor")


class Price(TenantRow, Base):
    """Price of one visit by car size and currency, in minor units."""

    __tablename__ = "erp_prices"
    __table_args__ = (UniqueConstraint("service_id", "size", "currency"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("erp_services.id", ondelete="CASCADE"))
    size: Mapped[str] = mapped_column(String(10))
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int] = mapped_column(Integer)


class Plan(TenantRow, Base):
    """One subscription rhythm."""

    __tablename__ = "erp_plans"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer, default=0)
    names: Mapped[dict[str, Any]] = mapped_column()
    interval: Mapped[str] = mapped_column(String(10))
    interval_count: Mapped[int] = mapped_column(Integer)
    discount_percent: Mapped[int] = mapped_column(Integer, default=0)


class ErpCustomer(TenantRow, Base):
    """A customer of the embedded ERP, one per phone number."""

    __tablename__ = "erp_customers"
    __table_args__ = (UniqueConstraint("organisation_id", "phone"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    first_name: Mapped[str] = mapped_column(String(140))
    last_name: Mapped[str | None] = mapped_column(String(140))
    phone: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    vehicles: Mapped[list[ErpVehicle]] = relationship(lazy="selectin", order_by="ErpVehicle.used_at.desc()")
    addresses: Mapped[list[ErpAddress]] = relationship(lazy="selectin", order_by="ErpAddress.used_at.desc()")


class ErpVehicle(TenantRow, Base):
    """A customer's car, one per plate."""

    __tablename__ = "erp_vehicles"
    __table_args__ = (UniqueConstraint("customer_id", "plate"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    customer_id: Mapped[str] = mapped_column(ForeignKey("erp_customers.id", ondelete="CASCADE"))
    make: Mapped[str] = mapped_column(String(140))
    model: Mapped[str] = mapped_column(String(140))
    year: Mapped[int] = mapped_column(Integer)
    plate: Mapped[str] = mapped_column(String(20))
    size: Mapped[str] = mapped_column(String(10))
    colour: Mapped[str | None] = mapped_column(String(140))
    used_at: Mapped[datetime] = mapped_column(default=utc_now)


class ErpAddress(TenantRow, Base):
    """A customer's address for home service."""

    __tablename__ = "erp_addresses"
    __table_args__ = (UniqueConstraint("customer_id", "street", "postcode"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    customer_id: Mapped[str] = mapped_column(ForeignKey("erp_customers.id", ondelete="CASCADE"))
    street: Mapped[str] = mapped_column(String(140))
    city: Mapped[str] = mapped_column(String(140))
    postcode: Mapped[str] = mapped_column(String(5))
    landmark: Mapped[str | None] = mapped_column(String(140))
    unit: Mapped[str | None] = mapped_column(String(140))
    neighbourhood: Mapped[str | None] = mapped_column(String(140))
    district: Mapped[str | None] = mapped_column(String(140))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    country: Mapped[str] = mapped_column(String(2))
    used_at: Mapped[datetime] = mapped_column(default=utc_now)


class Subscription(TenantRow, Base):
    """A standing order: the same service at a rhythm."""

    __tablename__ = "erp_subscriptions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(30))
    booking_id: Mapped[str] = mapped_column(String(36), unique=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("erp_customers.id"), index=True)
    plan_code: Mapped[str] = mapped_column(String(60))
    start_date: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(12), default="active")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Booking(TenantRow, Base):
    """One visit. ``document`` is the whole booking document as received; of the time and status the columns tell.

    ``status`` is one of the port's BookingStatus, ``status_note`` what staff noted for the customer or, once it is
    called off, the customer's reason; ``ready_at`` is when the work is or was finished."""

    __tablename__ = "erp_bookings"
    __table_args__ = (Index("ix_erp_bookings_times", "organisation_id", "outlet_code", "starts_at"),)

    booking_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    customer_id: Mapped[str] = mapped_column(ForeignKey("erp_customers.id"), index=True)
    subscription_id: Mapped[str | None] = mapped_column(ForeignKey("erp_subscriptions.id"))
    service_code: Mapped[str] = mapped_column(String(60))
    outlet_code: Mapped[str] = mapped_column(String(30))
    place: Mapped[str] = mapped_column(String(10))
    starts_at: Mapped[datetime] = mapped_column()
    ends_at: Mapped[datetime] = mapped_column()
    status: Mapped[str] = mapped_column(String(12), default="booked")
    status_note: Mapped[str | None] = mapped_column(Text)
    ready_at: Mapped[datetime | None] = mapped_column()
    document: Mapped[dict[str, Any]] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
