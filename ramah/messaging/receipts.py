"""Receipts: the provider's word on what we sent. Ticks never run backwards."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from ramah.channels.content import Receipt, ReceiptStatus, Watermark
from ramah.lib.text import storable
from ramah.messaging.conversations import locked
from ramah.messaging.live import announce
from ramah.messaging.models import (
    ChannelAccount,
    Conversation,
    Outbound,
    OutboundStatus,
    ParkedReceipt,
    SendAttempt,
)
from ramah.messaging.telling import tell_writer
from ramah.store import Database

RANK = {
    OutboundStatus.QUEUED: 0,
    OutboundStatus.SENDING: 1,
    OutboundStatus.UNCERTAIN: 1,
    OutboundStatus.UNPROVED: 1,
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
    with database.tenant(account.organisation_id) as session:
        return apply_receipt_in(session, account, receipt)


def apply_receipt_in(session: Session, account: ChannelAccount, receipt: Receipt) -> Applied:
    """The same in a running transaction."""
    receipt = storable(receipt)
    row = _find(session, account.id, receipt)
    if row is None:
        # The send may be recorded at this very moment; that transaction holds the same lock.
        lock_account(session, account.id)
        row = _find(session, account.id, receipt)
    if row is None:
        return Applied(changed=False, parked=_park(session, account.id, receipt))
    locked(session, row.conversation_id)
    session.refresh(row)
    row.provider_id = row.provider_id or receipt.provider_id
    return Applied(changed=climb(session, row, receipt), parked=False)


def apply_watermark_in(session: Session, account: ChannelAccount, mark: Watermark) -> int:
    """Everything sent to the recipient up to the mark has its status; returns how many ticks moved.

    The provider's clock may be ahead of ours or behind: what was handed over later than the mark stays as it is.
    """
    conversations = session.scalars(
        select(Conversation.id).where(
            Conversation.channel_account_id == account.id, Conversation.recipient == mark.recipient
        )
    ).all()
    moved = 0
    for conversation_id in conversations:
        locked(session, conversation_id)
        for row in session.scalars(_sent_up_to(conversation_id, mark)):
            receipt = Receipt(provider_id=row.provider_id or row.id, status=mark.status, at=mark.up_to)
            moved += climb(session, row, receipt)
    return moved


def _sent_up_to(conversation_id: str, mark: Watermark) -> Select[Outbound]:
    below = [status for status, rank in RANK.items() if RANK[OutboundStatus.SENT] <= rank < RANK[_wanted(mark)]]
    # What counts is when it left, not when we heard that it did: the mark may be the message's own moment.
    left = exists().where(SendAttempt.outbound_id == Outbound.id, SendAttempt.started_at <= mark.up_to)
    return select(Outbound).where(
        Outbound.conversation_id == conversation_id,
        Outbound.status.in_(below),
        or_(left, Outbound.settled_at <= mark.up_to),
    )


def _wanted(mark: Watermark) -> OutboundStatus:
    return OutboundStatus(mark.status.value)


def lock_account(session: Session, account_id: str) -> None:
    """Sends and receipts of one account pass here one by one. The key stays readable: rows that refer to the account
    are written meanwhile."""
    session.execute(select(ChannelAccount.id).where(ChannelAccount.id == account_id).with_for_update(key_share=True))


def apply_parked(session: Session, row: Outbound) -> None:
    """Apply receipts that came before the send was recorded."""
    lock_account(session, row.channel_account_id)
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
    if wanted is OutboundStatus.FAILED:
        tell_writer(session, row)
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
    """Two look-ups rather than one with OR, for which SQLite would read the whole day."""
    own = select(Outbound).where(Outbound.channel_account_id == account_id)
    found = session.scalar(own.where(Outbound.id == receipt.reference)) if receipt.reference else None
    return found or session.scalar(own.where(Outbound.provider_id == receipt.provider_id).limit(1))


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
