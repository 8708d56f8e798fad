"""Bills, and the proofs of payment that customers send for them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ramah.messaging.outlets import limit_by_conversation
from ramah.store import Base, TenantRow, new_id, utc_now


class BillStatus(StrEnum):
    """The life of a bill. ``claimed``: a slip for it waits for a person."""

    OPEN = "open"
    CLAIMED = "claimed"
    PAID = "paid"
    VOID = "void"


class ProofStatus(StrEnum):
    """The life of a proof. ``reading``: its file is not there or not read yet. ``repeated`` and ``lost`` were told
    to the customer and wait for nobody: the same slip again, and a file that never came."""

    READING = "reading"
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    REPEATED = "repeated"
    LOST = "lost"


class Bill(TenantRow, Base):
    """What somebody owes: a contact, or whoever proves this phone number (E.164)."""

    __tablename__ = "bills"
    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index("ix_bills_phone", "organisation_id", "phone"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(60))
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    due_on: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(10), default=BillStatus.OPEN)
    booking_reference: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    paid_at: Mapped[datetime | None] = mapped_column()


class Proof(TenantRow, Base):
    """One slip that a customer sent. ``bill_id`` is a proposal until a person decides.

    ``said`` is the text that came with it; ``amount_minor`` and ``reference`` were read from there or from the file.
    ``likeness`` and ``fingerprint`` are of the picture (ramah.billing.likeness), ``alike_id`` is an earlier slip that
    shows the same; ``compared_at`` is when that was looked for.
    ``certainty`` is one of ramah.billing.matching, ``flags`` are names of ramah.billing.flags.
    """

    __tablename__ = "payment_proofs"
    __table_args__ = (
        # Made once for a message or an upload, however often its turn runs.
        UniqueConstraint("organisation_id", "source"),
        Index("ix_payment_proofs_queue", "organisation_id", "status", "created_at"),
        Index("ix_payment_proofs_reading", "status", "next_try_at"),
        Index("ix_payment_proofs_slip", "organisation_id", "sha256"),
        Index("ix_payment_proofs_likeness", "organisation_id", "created_at"),
        Index(
            "ix_payment_proofs_uncompared",
            "next_try_at",
            sqlite_where=text("compared_at IS NULL"),
            postgresql_where=text("compared_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    source: Mapped[str] = mapped_column(String(60))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    media_id: Mapped[str] = mapped_column(ForeignKey("media_files.id", ondelete="CASCADE"))
    sha256: Mapped[str | None] = mapped_column(String(64))
    likeness: Mapped[str | None] = mapped_column(String(16))
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    alike_id: Mapped[str | None] = mapped_column(ForeignKey("payment_proofs.id"))
    compared_at: Mapped[datetime | None] = mapped_column()
    bill_id: Mapped[str | None] = mapped_column(ForeignKey("bills.id"), index=True)
    said: Mapped[str] = mapped_column(Text, default="")
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    reference: Mapped[str | None] = mapped_column(String(60))
    certainty: Mapped[str] = mapped_column(String(12), default="none")
    flags: Mapped[list[Any]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(String(10), default=ProofStatus.READING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now)
    reason: Mapped[str | None] = mapped_column(String(300))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


limit_by_conversation(Proof)
