"""Parcels: the next message that may leave, leased to one worker, through the last gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from ramah.channels.content import Outgoing
from ramah.channels.port import Abilities, AccountAccess
from ramah.messaging.accounts import access_of
from ramah.messaging.conversations import locked
from ramah.messaging.inbox import SAY
from ramah.messaging.models import (
    Author,
    ChannelAccount,
    Conversation,
    Inbound,
    Outbound,
    OutboundStatus,
    SendAttempt,
)
from ramah.messaging.pacing import Pacer, Toll
from ramah.messaging.registry import channel_for
from ramah.messaging.telling import tell_writer
from ramah.store import Database, utc_now

CANDIDATES = 8
UNSETTLED = (OutboundStatus.QUEUED, OutboundStatus.SENDING, OutboundStatus.UNCERTAIN)


@dataclass(frozen=True)
class Parcel:
    """One outbound row, leased to this worker, ready to be sent."""

    organisation_id: str
    outbound_id: str
    send_key: str
    attempt_id: int
    attempts: int
    channel: str
    account_id: str
    access: AccountAccess
    recipient: str
    message: Outgoing
    last_inbound_at: datetime | None
    author: Author


class ParcelClaimer:
    """Leases what is due. One per delivery thread; remembers for how long an account's pace is used up."""

    def __init__(self, database: Database, pacer: Pacer, owner: str, lease_seconds: float) -> None:
        self._database = database
        self._pacer = pacer
        self._owner = owner
        self._lease = timedelta(seconds=lease_seconds)
        self._full: dict[str, datetime] = {}

    def claim(self) -> Parcel | None:
        """The next due message; the earlier ones of its conversation have left before it."""
        now = utc_now()
        self._full = {account: until for account, until in self._full.items() if until > now}
        with self._database.every_organisation_reading() as session:
            due = session.execute(_due(now, list(self._full))).all()
        for outbound_id, conversation_id in due:
            with self._database.every_organisation() as session:
                parcel = self._claim(session, outbound_id, conversation_id)
            if parcel is not None:
                return parcel
        return None

    def _claim(self, session: Session, outbound_id: str, conversation_id: str) -> Parcel | None:
        # The conversation's lock makes the last gate and a takeover happen one after the other.
        conversation = locked(session, conversation_id)
        row = session.get_one(Outbound, outbound_id)
        account = session.get_one(ChannelAccount, row.channel_account_id)
        if not _may_leave(session, row, conversation, account) or not self._passes(session, row, conversation, account):
            return None
        row.status, row.lease_owner = OutboundStatus.SENDING, self._owner
        row.lease_until = utc_now() + self._lease
        row.attempts += 1
        attempt = SendAttempt(organisation_id=row.organisation_id, outbound_id=row.id)
        session.add(attempt)
        session.flush()
        return _parcel(session, row, attempt, account, conversation)

    def _passes(self, session: Session, row: Outbound, conversation: Conversation, account: ChannelAccount) -> bool:
        """Whether the account's and the person's pace let it go; else it waits just so long."""
        tolls = _tolls(channel_for(account.kind).abilities, account, conversation)
        hold = self._pacer.pass_all(session, tolls)
        if hold is None:
            return True
        until = utc_now() + timedelta(seconds=hold.seconds)
        if hold.key == account_key(account):
            # All its other messages would hear the same: they are not even looked at, and no row is touched.
            self._full[account.id] = until
        else:
            row.next_try_at = until
        return False


def account_key(account: ChannelAccount) -> str:
    """The bucket of an account's own pace."""
    return f"account:{account.id}"


def _tolls(abilities: Abilities, account: ChannelAccount, conversation: Conversation) -> list[Toll]:
    tolls = []
    if abilities.account_pace is not None:
        tolls.append(Toll(account.organisation_id, account_key(account), abilities.account_pace))
    if abilities.recipient_pace is not None:
        key = f"recipient:{account.id}:{conversation.recipient}"
        tolls.append(Toll(account.organisation_id, key, abilities.recipient_pace))
    return tolls


def _due(now: datetime, full_accounts: list[str]) -> Select[str, str]:
    earlier = aliased(Outbound)
    return (
        select(Outbound.id, Outbound.conversation_id)
        .join(ChannelAccount, ChannelAccount.id == Outbound.channel_account_id)
        .where(
            Outbound.status == OutboundStatus.QUEUED,
            Outbound.next_try_at <= now,
            ChannelAccount.active,
            or_(ChannelAccount.paused_until.is_(None), ChannelAccount.paused_until <= now),
            Outbound.channel_account_id.not_in(full_accounts),
            ~exists().where(*_before(earlier, Outbound)),
        )
        .order_by(Outbound.priority, Outbound.next_try_at, Outbound.created_at)
        .limit(CANDIDATES)
    )


def _before(earlier: Any, row: Any) -> tuple[Any, ...]:
    """Earlier messages of the conversation that must be settled first; less urgent ones need not be."""
    return (
        earlier.conversation_id == row.conversation_id,
        earlier.position < row.position,
        earlier.priority <= row.priority,
        earlier.status.in_(UNSETTLED),
    )


def _may_leave(session: Session, row: Outbound, conversation: Conversation, account: ChannelAccount) -> bool:
    """The last gate, under the conversation's lock."""
    now = utc_now()
    if row.status != OutboundStatus.QUEUED or not account.active:
        return False
    if account.paused_until is not None and account.paused_until > now:
        return False
    if row.author == Author.BOT and row.epoch < conversation.epoch:
        row.status, row.settled_at = OutboundStatus.DROPPED, now
        return False
    if row.expires_at is not None and row.expires_at < now:
        row.status, row.settled_at, row.error_code = OutboundStatus.FAILED, now, "too_old"
        row.error_text = "it could not be sent for so long that it would only confuse now"
        tell_writer(session, row)
        return False
    earlier = aliased(Outbound)
    return not session.scalar(select(exists().where(*_before(earlier, row))))


def _parcel(
    session: Session, row: Outbound, attempt: SendAttempt, account: ChannelAccount, conversation: Conversation
) -> Parcel:
    message = Outgoing.model_validate(row.content)
    if channel_for(account.kind).abilities.quotes and message.reply_to is None:
        message = _following(session, conversation, message)
    return Parcel(
        organisation_id=row.organisation_id,
        outbound_id=row.id,
        send_key=row.send_key,
        attempt_id=attempt.id,
        attempts=row.attempts,
        channel=account.kind,
        account_id=account.id,
        access=access_of(account),
        recipient=conversation.recipient,
        message=message,
        last_inbound_at=conversation.last_inbound_at,
        author=Author(row.author),
    )


def _following(session: Session, conversation: Conversation, message: Outgoing) -> Outgoing:
    """The message as an answer to the newest one of the person: its id, and its subject."""
    last = session.scalar(
        select(Inbound)
        .where(Inbound.conversation_id == conversation.id, Inbound.kind != SAY, ~Inbound.automatic)
        .order_by(Inbound.position.desc())
        .limit(1)
    )
    if last is None:
        return message
    subject = message.subject or last.raw.get("subject")
    return message.model_copy(update={"reply_to": last.external_id, "subject": subject})
