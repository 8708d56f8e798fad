"""Delivery: a parcel is handed to its channel and settled. Uncertain is a state, not a retry."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from ramah.channels.content import Sent
from ramah.channels.errors import ChannelError, Scope, SendOutcome
from ramah.channels.port import Abilities, AnsweringLate
from ramah.lib.waits import jittered
from ramah.messaging.conversations import locked
from ramah.messaging.links import note_trouble, prove
from ramah.messaging.live import announce
from ramah.messaging.models import (
    ChannelAccount,
    Outbound,
    OutboundStatus,
    SendAttempt,
)
from ramah.messaging.parcels import Parcel
from ramah.messaging.providers import asking
from ramah.messaging.receipts import apply_parked
from ramah.messaging.registry import channel_for
from ramah.messaging.telling import tell_writer
from ramah.messaging.window import WINDOW_CODE, Passage, Window
from ramah.settings import Settings
from ramah.store import Database, utc_now

FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0


def send(parcel: Parcel) -> Sent:
    """Hand a parcel to its channel. Raises ChannelError."""
    channel = channel_for(parcel.channel)
    window = Window(channel, parcel.access.options, parcel.last_inbound_at)
    passage = window.passage(parcel.author, parcel.message, utc_now())
    if passage is Passage.CLOSED:
        raise ChannelError(window.reason(parcel.author), SendOutcome.WINDOW_CLOSED, code=WINDOW_CODE)
    with asking(parcel.channel, parcel.account_id):
        if passage is Passage.LATE and isinstance(channel, AnsweringLate):
            return channel.send_late(parcel.access, parcel.recipient, parcel.message, parcel.outbound_id)
        return channel.send(parcel.access, parcel.recipient, parcel.message, parcel.outbound_id)


def settle_sent(database: Database, parcel: Parcel, sent: Sent) -> None:
    """The provider accepted it."""
    with database.tenant(parcel.organisation_id) as session:
        row = _row(session, parcel)
        row.provider_id = sent.provider_id
        if row.status in (OutboundStatus.SENDING, OutboundStatus.UNCERTAIN, OutboundStatus.UNPROVED):
            _move(session, row, OutboundStatus.SENT)
        apply_parked(session, row)
        _end_attempt(session, parcel, "sent", None)
        prove(session, session.get_one(ChannelAccount, parcel.account_id), "send")


def settle_failed(database: Database, parcel: Parcel, error: ChannelError, config: Settings) -> None:
    """The provider refused or did not answer; do what the outcome says."""
    with database.tenant(parcel.organisation_id) as session:
        row = _row(session, parcel)
        _end_attempt(session, parcel, error.outcome, error)
        if row.status != OutboundStatus.SENDING:
            return
        row.error_code, row.error_text = error.code, str(error)[:400]
        if error.outcome is SendOutcome.UNCERTAIN:
            _leave_open(session, row, channel_for(parcel.channel).abilities, config)
        elif error.outcome is SendOutcome.CONFIGURATION:
            # The message is not at fault: it waits until somebody has put the account right.
            rest = max(config.account_pause, error.retry_after or 0.0)
            _try_later(session, row, rest)
            _pause(session, row.channel_account_id, rest, str(error))
        elif not error.permanent and _has_tries_left(parcel, error, config):
            wait = _wait(error, parcel.attempts)
            _try_later(session, row, wait)
            if error.scope is Scope.ACCOUNT:
                _pause(session, row.channel_account_id, wait, None)
        else:
            _fail(session, row)


def _has_tries_left(parcel: Parcel, error: ChannelError, config: Settings) -> bool:
    """Waits that the provider asks for are obeyed until the message is too old; failures are bounded."""
    most = error.most_attempts or (config.send_attempts if error.outcome is SendOutcome.RETRY else None)
    return most is None or parcel.attempts < most


def _leave_open(session: Session, row: Outbound, abilities: Abilities, config: Settings) -> None:
    """It may have been sent. Where a receipt will tell or repeating is safe it is tried again; else never."""
    if abilities.proves_delivery or abilities.idempotent:
        row.next_try_at = utc_now() + timedelta(seconds=config.uncertain_wait)
        _move(session, row, OutboundStatus.UNCERTAIN)
    else:
        _move(session, row, OutboundStatus.UNPROVED)
        tell_writer(session, row)


def _try_later(session: Session, row: Outbound, seconds: float) -> None:
    row.next_try_at = utc_now() + timedelta(seconds=seconds)
    _move(session, row, OutboundStatus.QUEUED)


def _fail(session: Session, row: Outbound) -> None:
    _move(session, row, OutboundStatus.FAILED)
    tell_writer(session, row)


def _pause(session: Session, account_id: str, seconds: float, trouble: str | None) -> None:
    """Nothing of this account is sent for a while; ``trouble`` says why when a person must act."""
    until = utc_now() + timedelta(seconds=seconds)
    if trouble is None:
        session.execute(
            update(ChannelAccount)
            .where(
                ChannelAccount.id == account_id,
                or_(ChannelAccount.paused_until.is_(None), ChannelAccount.paused_until < until),
            )
            .values(paused_until=until)
            .execution_options(synchronize_session=False)
        )
        return
    account = session.get_one(ChannelAccount, account_id, with_for_update={"key_share": True})
    account.paused_until = until
    note_trouble(account, trouble)


def sweep(database: Database, config: Settings) -> int:
    """Rows whose sender died become uncertain; uncertain rows that no receipt settled are tried again."""
    now = utc_now()
    with database.every_organisation_reading() as session:
        due = session.scalars(
            select(Outbound.id).where(
                or_(
                    and_(Outbound.status == OutboundStatus.SENDING, Outbound.lease_until < now),
                    and_(Outbound.status == OutboundStatus.UNCERTAIN, Outbound.next_try_at < now),
                )
            )
        ).all()
    for outbound_id in due:
        with database.every_organisation() as session:
            _sweep_row(session, outbound_id, config)
    return len(due)


def _sweep_row(session: Session, outbound_id: str, config: Settings) -> None:
    row = session.get_one(Outbound, outbound_id)
    locked(session, row.conversation_id)
    session.refresh(row)
    now = utc_now()
    if row.status == OutboundStatus.SENDING and row.lease_until is not None and row.lease_until < now:
        account = session.get_one(ChannelAccount, row.channel_account_id)
        _leave_open(session, row, channel_for(account.kind).abilities, config)
    elif row.status == OutboundStatus.UNCERTAIN and row.next_try_at < now:
        if row.attempts < config.send_attempts:
            _move(session, row, OutboundStatus.QUEUED)
        else:
            _fail(session, row)


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
    return jittered(min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 20)))
