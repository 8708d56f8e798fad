"""Receipts: the provider's word on what we sent. Ticks never run backwards."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from ramah.channels.content import Receipt, ReceiptStatus
from ramah.lib.text import without_nulls
from ramah.messaging.conversations import locked
from ramah.messaging.live import announce
from ramah.messaging.models import (
    ChannelAccount,
    Outbound,
    OutboundStatus,
    ParkedReceipt,
)
from ramah.store import Database

RANK = {
    OutboundStatus.QUEUED: 0,
    OutboundStatus.SENDING: 1,
    OutboundStatus.UNCERTAIN: 1,
    OutboundStatus.FAILED: 2,
    OutboundStatus.SENT: 3,
    OutboundStatus.DELIVERED: 4,
    OutboundStatus.READ: 5,
}
"""A failure outranks only what is not yet proved; a later delivery overrules it, never a mere ``sent``."""


@dataclass(frozen=True)
class Applied:
    """What became of a receipt."""

    changed: bool
    parked: bool


def apply_receipt(database: Database, account: ChannelAccount, receipt: Receipt) -> Applied:
    """Move a message's tick, or park the receipt until its message is known. Safe to repeat."""
    receipt = Receipt.model_validate(without_nulls(receipt.model_dump()))
    with database.tenant(account.organisation_id) as session:
        row = _find(session, account.id, receipt)
        if row is None:
            # The send may be recorded at this very moment; that transaction holds the same lock.
            session.get(ChannelAccount, account.id, with_for_update=True)
            row = _find(session, account.id, receipt)
        if row is None:
            return Applied(changed=False, parked=_park(session, account.id, receipt))
        locked(session, row.conversation_id)
        session.refresh(row)
        row.provider_id = row.provider_id or receipt.provider_id
        return Applied(changed=climb(session, row, receipt), parked=False)


def apply_parked(session: Session, row: Outbound) -> None:
    """Apply receipts that came before the send was recorded."""
    session.get(ChannelAccount, row.channel_account_id, with_for_update=True)
    parked = session.scalars(
        select(ParkedReceipt).where(
            ParkedReceipt.channel_account_id == row.channel_account_id, ParkedReceipt.provider_id == row.provider_id
        )
    ).all()
    for item in parked:
        climb(
            session,
            row,
            Receipt(
                provider_id=item.provider_id,
                status=ReceiptStatus(item.status),
                at=item.at,
                error_code=item.error_code,
                error_text=item.error_text,
            ),
        )
    session.execute(
        delete(ParkedReceipt).where(
            ParkedReceipt.channel_account_id == row.channel_account_id, ParkedReceipt.provider_id == row.provider_id
        )
    )


def climb(session: Session, row: Outbound, receipt: Receipt) -> bool:
    """Apply one receipt to its row; returns whether anything moved."""
    wanted = OutboundStatus(receipt.status.value)
    if not _may_follow(OutboundStatus(row.status), wanted):
        return False
    row.status, row.settled_at = wanted, receipt.at
    row.error_code, row.error_text = receipt.error_code, receipt.error_text and receipt.error_text[:400]
    row.lease_owner = row.lease_until = None
    announce(session, row.organisation_id, row.conversation_id, "status", position=row.position, status=wanted)
    return True


def _may_follow(current: OutboundStatus, wanted: OutboundStatus) -> bool:
    if current is OutboundStatus.DROPPED:
        return False
    if current is OutboundStatus.FAILED:
        return wanted in (OutboundStatus.DELIVERED, OutboundStatus.READ)
    if wanted is OutboundStatus.FAILED:
        return RANK[current] <= RANK[OutboundStatus.SENT]
    return RANK[wanted] > RANK[current]


def _find(session: Session, account_id: str, receipt: Receipt) -> Outbound | None:
    matches = [Outbound.provider_id == receipt.provider_id]
    if receipt.reference:
        matches.append(Outbound.id == receipt.reference)
    return session.scalar(select(Outbound).where(Outbound.channel_account_id == account_id, or_(*matches)).limit(1))


def _park(session: Session, account_id: str, receipt: Receipt) -> bool:
    known = session.scalar(
        select(ParkedReceipt.id).where(
            ParkedReceipt.channel_account_id == account_id,
            ParkedReceipt.provider_id == receipt.provider_id,
            ParkedReceipt.status == receipt.status,
        )
    )
    if known is None:
        session.add(
            ParkedReceipt(
                channel_account_id=account_id,
                provider_id=receipt.provider_id,
                status=receipt.status,
                at=receipt.at,
                error_code=receipt.error_code,
                error_text=receipt.error_text and receipt.error_text[:400],
            )
        )
    return known is None
