"""Delivery: outbound rows are leased, sent by their channel, and settled. Uncertain is a state, not a retry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from ramah.channels.content import Outgoing, Sent
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.messaging.accounts import access_of
from ramah.messaging.conversations import locked
from ramah.messaging.live import announce
from ramah.messaging.models import (
    Author,
    ChannelAccount,
    Conversation,
    Outbound,
    OutboundStatus,
    SendAttempt,
)
from ramah.messaging.receipts import apply_parked
from ramah.messaging.registry import channel_for
from ramah.store import Database, utc_now

FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0


@dataclass(frozen=True)
class Parcel:
    """One outbound row, leased to this worker, ready to be sent."""

    organisation_id: str
    outbound_id: str
    attempt_id: int
    attempts: int
    channel: str
    access: AccountAccess
    recipient: str
    message: Outgoing
    last_inbound_at: datetime | None


def claim_parcel(database: Database, owner: str, lease_seconds: float) -> Parcel | None:
    """Lease the next due row; the earlier messages of its conversation have left before it."""
    with database.every_organisation_reading() as session:
        due = session.execute(_due(utc_now())).all()
    for outbound_id, conversation_id in due:
        with database.every_organisation() as session:
            parcel = _claim(session, outbound_id, conversation_id, owner, lease_seconds)
        if parcel is not None:
            return parcel
    return None


def _due(now: datetime) -> Any:
    earlier = aliased(Outbound)
    return (
        select(Outbound.id, Outbound.conversation_id)
        .where(
            Outbound.status == OutboundStatus.QUEUED,
            Outbound.next_try_at <= now,
            ~exists().where(
                earlier.conversation_id == Outbound.conversation_id,
                earlier.position < Outbound.position,
                earlier.status.in_((OutboundStatus.QUEUED, OutboundStatus.SENDING)),
            ),
        )
        .order_by(Outbound.created_at)
        .limit(8)
    )


def _claim(session: Session, outbound_id: str, conversation_id: str, owner: str, lease_seconds: float) -> Parcel | None:
    # The conversation's lock makes the last gate and a takeover happen one after the other.
    conversation = locked(session, conversation_id)
    row = session.get_one(Outbound, outbound_id)
    account = session.get_one(ChannelAccount, row.channel_account_id)
    if row.status != OutboundStatus.QUEUED or not account.active:
        return None
    if row.author == Author.BOT and row.epoch < conversation.epoch:
        row.status, row.settled_at = OutboundStatus.DROPPED, utc_now()
        return None
    row.status, row.lease_owner = OutboundStatus.SENDING, owner
    row.lease_until = utc_now() + timedelta(seconds=lease_seconds)
    row.attempts += 1
    attempt = SendAttempt(organisation_id=row.organisation_id, outbound_id=row.id)
    session.add(attempt)
    session.flush()
    return _parcel(row, attempt, account, conversation)


def _parcel(row: Outbound, attempt: SendAttempt, account: ChannelAccount, conversation: Conversation) -> Parcel:
    return Parcel(
        organisation_id=row.organisation_id,
        outbound_id=row.id,
        attempt_id=attempt.id,
        attempts=row.attempts,
        channel=account.kind,
        access=access_of(account),
        recipient=conversation.recipient,
        message=Outgoing.model_validate(row.content),
        last_inbound_at=conversation.last_inbound_at,
    )


def send(parcel: Parcel) -> Sent:
    """Hand a parcel to its channel. Raises ChannelError."""
    channel = channel_for(parcel.channel)
    window = channel.abilities.window_hours
    if window is not None and (
        parcel.last_inbound_at is None or utc_now() - parcel.last_inbound_at > timedelta(hours=window)
    ):
        raise ChannelError("the reply window is closed", SendOutcome.WINDOW_CLOSED, code="window")
    return channel.send(parcel.access, parcel.recipient, parcel.message, parcel.outbound_id)


def settle_sent(database: Database, parcel: Parcel, sent: Sent) -> None:
    """The provider accepted it."""
    with database.tenant(parcel.organisation_id) as session:
        row = _row(session, parcel)
        row.provider_id = sent.provider_id
        if row.status in (OutboundStatus.SENDING, OutboundStatus.UNCERTAIN):
            _move(session, row, OutboundStatus.SENT)
        apply_parked(session, row)
        _end_attempt(session, parcel, "sent", None)


def settle_failed(database: Database, parcel: Parcel, error: ChannelError, most_attempts: int, wait: float) -> None:
    """The provider refused or did not answer; do what the outcome says. ``wait`` is for uncertain sends."""
    with database.tenant(parcel.organisation_id) as session:
        row = _row(session, parcel)
        _end_attempt(session, parcel, error.outcome, error)
        if row.status != OutboundStatus.SENDING:
            return
        row.error_code, row.error_text = error.code, str(error)[:400]
        if error.outcome is SendOutcome.UNCERTAIN:
            row.next_try_at = utc_now() + timedelta(seconds=wait)
            _move(session, row, OutboundStatus.UNCERTAIN)
        elif not error.permanent and parcel.attempts < min(most_attempts, error.most_attempts or most_attempts):
            row.next_try_at = utc_now() + timedelta(seconds=_wait(error, parcel.attempts))
            _move(session, row, OutboundStatus.QUEUED)
        else:
            _move(session, row, OutboundStatus.FAILED)
        if error.outcome is SendOutcome.CONFIGURATION:
            session.get_one(ChannelAccount, row.channel_account_id).trouble = str(error)[:300]


def sweep(database: Database, most_attempts: int, wait: float) -> int:
    """Rows whose sender died become uncertain; uncertain rows that no receipt settled are tried again."""
    now = utc_now()
    with database.every_organisation() as session:
        rows = session.scalars(
            select(Outbound)
            .where(
                or_(
                    and_(Outbound.status == OutboundStatus.SENDING, Outbound.lease_until < now),
                    and_(Outbound.status == OutboundStatus.UNCERTAIN, Outbound.next_try_at < now),
                )
            )
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            _sweep_row(session, row, most_attempts, now + timedelta(seconds=wait))
        return len(rows)


def _sweep_row(session: Session, row: Outbound, most_attempts: int, later: datetime) -> None:
    if row.status == OutboundStatus.SENDING:
        row.next_try_at = later
        _move(session, row, OutboundStatus.UNCERTAIN)
    elif row.attempts < most_attempts:
        _move(session, row, OutboundStatus.QUEUED)
    else:
        _move(session, row, OutboundStatus.FAILED)


def _row(session: Session, parcel: Parcel) -> Outbound:
    row = session.get_one(Outbound, parcel.outbound_id)
    locked(session, row.conversation_id)
    session.refresh(row)
    return row


def _move(session: Session, row: Outbound, status: OutboundStatus) -> None:
    row.status, row.settled_at = status, utc_now()
    row.lease_owner = row.lease_until = None
    announce(session, row.organisation_id, row.conversation_id, "status", position=row.position, status=status)


def _end_attempt(session: Session, parcel: Parcel, outcome: str, error: ChannelError | None) -> None:
    attempt = session.get_one(SendAttempt, parcel.attempt_id)
    attempt.ended_at, attempt.outcome = utc_now(), outcome
    if error is not None:
        attempt.error_code, attempt.error_text = error.code, str(error)[:400]


def _wait(error: ChannelError, attempts: int) -> float:
    """The wait that the provider asks for, else our own back-off. Seconds."""
    if error.retry_after is not None:
        return float(error.retry_after * error.growth ** (attempts - 1))
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 20))
