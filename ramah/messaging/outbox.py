"""The outbox: messages to people are rows first. Written once per key, claimed by lease, gated by epoch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.channels.content import Outgoing
from ramah.messaging.conversations import take_position, touch
from ramah.messaging.models import (
    Author,
    ChannelAccount,
    Conversation,
    Outbound,
    OutboundStatus,
    Priority,
)
from ramah.messaging.registry import channel_for
from ramah.messaging.telling import tell_writer
from ramah.messaging.window import WINDOW_CODE, Window, WindowClosed, refusal
from ramah.messaging.wishes import refuse_unwanted
from ramah.settings import settings
from ramah.store import utc_now


@dataclass(frozen=True)
class Writer:
    """Who writes. ``epoch`` is the conversation's epoch that the text was made under."""

    author: Author
    epoch: int
    staff_id: str | None = None


@dataclass(frozen=True)
class Schedule:
    """When a message may leave (None: now), and what goes before it."""

    at: datetime | None = None
    priority: Priority = Priority.REPLY


AT_ONCE = Schedule()


def write_outbound(
    session: Session,
    conversation: Conversation,
    writer: Writer,
    message: Outgoing,
    send_key: str,
    schedule: Schedule = AT_ONCE,
) -> list[Outbound]:
    """Put a message into the thread and the outbox, split into what the channel takes at once.

    The caller holds the conversation's lock. A repeated ``send_key`` writes nothing and returns the first rows.
    A bot message of an older epoch is recorded as dropped. What would not pass the reply window at the scheduled time
    is refused now: to a person by WindowClosed; the bot's is recorded as failed, and a person is asked to look.
    Raises OptedOut for a reminder or promotion to somebody who wants none.
    """
    known = _stored(session, conversation.id, send_key)
    if known:
        return known
    refuse_unwanted(session, conversation, schedule.priority)
    account = session.get_one(ChannelAccount, conversation.channel_account_id)
    channel = channel_for(account.kind)
    at = schedule.at or utc_now()
    window = Window.of(channel, account, conversation.last_inbound_at)
    refused = refusal(window, account, writer.author, message, at)
    if refused is not None and writer.author is Author.STAFF:
        raise refused
    parts = channel.split(message, conversation.language or "id")
    status = OutboundStatus.SENT if channel.abilities.fetched_by_reader else OutboundStatus.QUEUED
    if writer.author is Author.BOT and writer.epoch < conversation.epoch:
        status = OutboundStatus.DROPPED
    rows = [_new_row(conversation, writer, part, f"{send_key}#{index}", status) for index, part in enumerate(parts)]
    for row in rows:
        row.priority, row.next_try_at = schedule.priority, at
        row.expires_at = at + timedelta(seconds=settings().send_patience)
    session.add_all(rows)
    if refused is not None and status is OutboundStatus.QUEUED:
        _fail_at_once(session, rows, refused)
    if status is not OutboundStatus.DROPPED:
        touch(session, conversation, message.text)
    session.flush()
    return rows


def _fail_at_once(session: Session, rows: list[Outbound], refused: WindowClosed) -> None:
    for row in rows:
        row.status, row.settled_at = OutboundStatus.FAILED, utc_now()
        row.error_code, row.error_text = WINDOW_CODE, str(refused)
        tell_writer(session, row)


def take_place(session: Session, conversation: Conversation, text: str) -> int:
    """The next position for something that was said elsewhere, shown as the newest activity."""
    position = take_position(conversation)
    touch(session, conversation, text)
    return position


def drop_queued_bot_messages(session: Session, conversation: Conversation) -> int:
    """Drop what the bot still wanted to say; part of every change of hands. Returns how many."""
    rows = session.scalars(
        select(Outbound).where(
            Outbound.conversation_id == conversation.id,
            Outbound.author == Author.BOT,
            Outbound.status == OutboundStatus.QUEUED,
        )
    ).all()
    for row in rows:
        row.status, row.settled_at = OutboundStatus.DROPPED, utc_now()
    return len(rows)


def _stored(session: Session, conversation_id: str, send_key: str) -> list[Outbound]:
    rows = session.scalars(
        select(Outbound)
        .where(
            Outbound.conversation_id == conversation_id,
            Outbound.send_key.startswith(f"{send_key}#", autoescape=True),
        )
        .order_by(Outbound.position)
    )
    return list(rows)


def _new_row(
    conversation: Conversation, writer: Writer, part: Outgoing, send_key: str, status: OutboundStatus
) -> Outbound:
    return Outbound(
        channel_account_id=conversation.channel_account_id,
        conversation_id=conversation.id,
        send_key=send_key,
        position=take_position(conversation),
        epoch=writer.epoch,
        author=writer.author,
        staff_id=writer.staff_id,
        content=part.model_dump(mode="json", exclude_defaults=True),
        status=status,
    )
