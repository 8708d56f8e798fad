"""Messages that are to be sent later: a row with its time, put into the outbox when it is due like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from ramah.channels.content import Outgoing
from ramah.desk.holding import held_by
from ramah.desk.lines import add_line
from ramah.desk.models import ScheduledMessage, ScheduledStatus
from ramah.desk.writing import Reply
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.messaging.conversations import locked
from ramah.messaging.inbox import SAY
from ramah.messaging.models import Author, ChannelAccount, Conversation, HandledBy, Inbound
from ramah.messaging.outbox import Writer, write_outbound
from ramah.messaging.registry import channel_for
from ramah.messaging.window import Window, refusal
from ramah.people import Staff
from ramah.store import Database, utc_now

LONGEST = timedelta(days=90)
CLOSED, ANSWERED = "the conversation was closed", "the customer wrote first"


@dataclass(frozen=True)
class Later:
    """When to send, and whether a message of the customer before that cancels it."""

    at: datetime
    unless_answered: bool = False


@dataclass(frozen=True)
class Planned:
    """A scheduled message as the thread shows it. ``answered``: the customer wrote first, it will not be sent."""

    id: str
    text: str
    due_at: datetime
    by: str
    unless_answered: bool
    answered: bool


def schedule(
    database: Database,
    organisation_id: str,
    conversation_id: str,
    staff_id: str,
    text: str,
    send_key: str,
    later: Later,
) -> str:
    """Keep a message for later, once per ``send_key``; returns its id.

    Raises Refused unless this person has the conversation and the reply window will still be open then, BadInput for
    a moment that is past or too far away and for an empty or overlong text."""
    text = Reply(text).checked().text
    if not utc_now() < later.at < utc_now() + LONGEST:
        raise BadInput(f"choose a moment within the next {LONGEST.days} days")
    with database.tenant(organisation_id) as session:
        conversation = held_by(session, conversation_id, staff_id)
        known = session.scalar(
            select(ScheduledMessage.id).where(
                ScheduledMessage.conversation_id == conversation_id, ScheduledMessage.send_key == send_key
            )
        )
        if known is not None:
            return known
        message = Outgoing(text=text)
        _refuse_closed_by_then(session, conversation, message, later.at)
        row = ScheduledMessage(
            conversation_id=conversation_id,
            staff_id=staff_id,
            send_key=send_key,
            content=message.model_dump(mode="json", exclude_defaults=True),
            due_at=later.at,
            unless_answered=later.unless_answered,
            after_position=conversation.next_position,
        )
        session.add(row)
        add_line(session, conversation, "scheduled", staff_id, later.at.isoformat())
        return row.id


def _refuse_closed_by_then(session: Session, conversation: Conversation, message: Outgoing, at: datetime) -> None:
    account = session.get_one(ChannelAccount, conversation.channel_account_id)
    window = Window.of(channel_for(account.kind), account, conversation.last_inbound_at)
    refused = refusal(window, account, Author.STAFF, message, at)
    if refused is not None:
        raise Refused(f"it could not be sent then: {refused}; choose an earlier time", code="window")


def planned(session: Session, conversation_id: str) -> Sequence[Planned]:
    """What is still to be sent in a conversation, the next first. One query."""
    rows = session.execute(
        select(ScheduledMessage, Staff.name, _answered_since())
        .join(Staff, Staff.id == ScheduledMessage.staff_id)
        .where(ScheduledMessage.conversation_id == conversation_id, ScheduledMessage.status == ScheduledStatus.WAITING)
        .order_by(ScheduledMessage.due_at)
    )
    return [
        Planned(
            row.id, row.content.get("text", ""), row.due_at, name, row.unless_answered, row.unless_answered and answered
        )
        for row, name, answered in rows
    ]


def cancel(database: Database, organisation_id: str, conversation_id: str, staff_id: str, message_id: str) -> None:
    """Do not send it. Repeating it changes nothing; raises NotFound, and Refused when it is on its way already."""
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        row = session.scalar(
            select(ScheduledMessage).where(
                ScheduledMessage.id == message_id, ScheduledMessage.conversation_id == conversation_id
            )
        )
        if row is None:
            raise NotFound("There is no such message.")
        if row.status == ScheduledStatus.SENT:
            raise Refused("it has been sent already")
        if row.status == ScheduledStatus.WAITING:
            _settle(row, ScheduledStatus.CANCELLED, None)
            add_line(session, conversation, "schedule_cancelled", staff_id)


def send_due(database: Database) -> bool:
    """Put one message that is due into the outbox, or note why it cannot go. False when none was due."""
    with database.every_organisation_reading() as session:
        found = session.execute(
            select(ScheduledMessage.id, ScheduledMessage.conversation_id, ScheduledMessage.organisation_id)
            .where(ScheduledMessage.status == ScheduledStatus.WAITING, ScheduledMessage.due_at <= utc_now())
            .order_by(ScheduledMessage.due_at)
            .limit(1)
        ).first()
    if found is None:
        return False
    with database.tenant(found.organisation_id) as session:
        # The conversation's lock: of two workers that saw it one sends, the other finds it settled.
        conversation = locked(session, found.conversation_id)
        row = session.get_one(ScheduledMessage, found.id)
        if row.status == ScheduledStatus.WAITING:
            _send(session, conversation, row)
    return True


def _send(session: Session, conversation: Conversation, row: ScheduledMessage) -> None:
    if conversation.handled_by == HandledBy.CLOSED:
        _refuse(session, conversation, row, CLOSED)
        return
    if row.unless_answered and session.scalar(select(_answered_since()).where(ScheduledMessage.id == row.id)):
        _settle(row, ScheduledStatus.CANCELLED, ANSWERED)
        add_line(session, conversation, "schedule_answered", row.staff_id)
        return
    writer = Writer(Author.STAFF, conversation.epoch, row.staff_id)
    try:
        write_outbound(session, conversation, writer, Outgoing.model_validate(row.content), f"scheduled-{row.id}")
    except Refused as refused:
        _refuse(session, conversation, row, str(refused))
        return
    _settle(row, ScheduledStatus.SENT, None)


def _refuse(session: Session, conversation: Conversation, row: ScheduledMessage, reason: str) -> None:
    _settle(row, ScheduledStatus.REFUSED, reason[:200])
    conversation.unread += 1
    add_line(session, conversation, "schedule_refused", row.staff_id, reason[:200])


def _settle(row: ScheduledMessage, status: ScheduledStatus, reason: str | None) -> None:
    row.status, row.reason, row.settled_at = status, reason, utc_now()


def _answered_since() -> ColumnElement[bool]:
    """Whether the customer has written since the message was planned."""
    return exists().where(
        Inbound.conversation_id == ScheduledMessage.conversation_id,
        Inbound.position >= ScheduledMessage.after_position,
        Inbound.kind != SAY,
        ~Inbound.automatic,
    )
