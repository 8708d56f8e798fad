"""Claims: one worker at a time answers in a conversation, oldest message first, a burst of them as one thought."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from ramah.channels.content import IncomingKind
from ramah.messaging.arrivals import LONGEST_BURST
from ramah.messaging.hours.bot import BotRules, rules_of
from ramah.messaging.inbox import SAY
from ramah.messaging.models import (
    ChannelAccount,
    Conversation,
    HandledBy,
    Inbound,
    InboundStatus,
    QueueMode,
)
from ramah.people import Contact, Organisation
from ramah.settings import settings
from ramah.store import Database, utc_now

MOST_JOINED = 20
NO_RULES = BotRules()
MOST_CHARACTERS = 4000


@dataclass(frozen=True)
class Claim:
    """One inbound message, leased to this worker, with all that its turn must know.

    ``text`` is that of the whole burst; ``joined`` are the ids of its further messages. ``fence`` is the lease's
    number: whoever comes back with an older one writes nothing. ``files`` are the kinds of the message's files.
    ``bot`` says what the bot may do, as it was when the message was claimed; ``last_position`` is the burst's end;
    ``unheard``: what the dialogue said before was shown to nobody; ``asked``: the dialogue has a part in this turn.
    ``blocked``: whoever wrote it is answered by nobody.
    ``trace_id`` names the turn's trace.
    """

    organisation_id: str
    conversation_id: str
    contact_id: str
    inbound_id: int
    joined: tuple[int, ...]
    external_id: str
    recipient: str
    kind: str
    text: str
    payload: str | None
    edit_of: str | None
    reply_to: str | None
    automatic: bool
    raw: dict[str, Any]
    channel: str
    account_id: str
    handled_by: HandledBy
    epoch: int
    language: str | None
    organisation_language: str
    attempts: int
    received_at: datetime
    told_waiting_at: datetime | None
    fence: int
    newest: bool
    files: tuple[str, ...] = ()
    bot: BotRules = NO_RULES
    last_position: int = 0
    unheard: bool = False
    asked: bool = True
    queue_mode: QueueMode = QueueMode.OFF
    blocked: bool = False
    trace_id: str | None = None


def claim_turn(
    database: Database, owner: str, lease_seconds: float, full: Collection[str] = (), *, fresh_first: bool = False
) -> Claim | None:
    """Lease the conversation whose oldest waiting message is due, or None when nothing is. ``full`` are organisations
    whose messages wait until others of theirs are done. ``fresh_first``: one that was never tried before the others."""
    if fresh_first:
        claim = _claim(database, owner, lease_seconds, full, Inbound.attempts == 0)
        if claim is not None:
            return claim
    return _claim(database, owner, lease_seconds, full)


def _claim(
    database: Database, owner: str, lease_seconds: float, full: Collection[str], *wanted: ColumnElement[bool]
) -> Claim | None:
    if full:
        wanted = (*wanted, Inbound.organisation_id.not_in(full))
    with database.every_organisation_reading() as session:
        candidates = session.execute(_due(utc_now(), *wanted)).all()
    for conversation_id, inbound_id in candidates:
        # A lease that a power cut takes back goes with its holder; nothing has left the house under it.
        with database.every_organisation(lasting=False) as session:
            fence = _lease(session, conversation_id, owner, lease_seconds)
            if fence is not None:
                claim = _read(session, conversation_id, inbound_id, fence)
                if claim is not None:
                    return claim
                _give_back(session, conversation_id, fence)
    return None


def _due(now: datetime, *wanted: ColumnElement[bool]) -> Any:
    earlier = aliased(Inbound)
    held = and_(earlier.kind == SAY, Conversation.handled_by == HandledBy.HUMAN)
    return (
        select(Inbound.conversation_id, Inbound.id)
        .join(Conversation, Conversation.id == Inbound.conversation_id)
        .where(
            Inbound.status == InboundStatus.WAITING,
            Inbound.next_try_at <= now,
            or_(Conversation.lease_until.is_(None), Conversation.lease_until < now),
            or_(
                Conversation.quiet_until.is_(None),
                Conversation.quiet_until <= now,
                Inbound.received_at <= now - timedelta(seconds=LONGEST_BURST * settings().burst_window),
            ),
            # What the bot wants to say by itself waits until the person gives the chat back.
            or_(Inbound.kind != SAY, Conversation.handled_by != HandledBy.HUMAN),
            ~exists().where(
                earlier.conversation_id == Inbound.conversation_id,
                earlier.status == InboundStatus.WAITING,
                earlier.position < Inbound.position,
                ~held,
            ),
            *wanted,
        )
        .order_by(Inbound.received_at)
        .limit(8)
    )


def _lease(session: Session, conversation_id: str, owner: str, lease_seconds: float) -> int | None:
    """The number of the lease, or None when somebody else has it."""
    now = utc_now()
    return session.scalar(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            or_(Conversation.lease_until.is_(None), Conversation.lease_until < now),
        )
        .values(lease_owner=owner, lease_until=now + timedelta(seconds=lease_seconds), fence=Conversation.fence + 1)
        .returning(Conversation.fence)
        .execution_options(synchronize_session=False)
    )


def _read(session: Session, conversation_id: str, inbound_id: int, fence: int) -> Claim | None:
    inbound = session.get_one(Inbound, inbound_id)
    if inbound.status != InboundStatus.WAITING:
        return None
    with_contact = select(Conversation, Contact.blocked_at).join(Contact, Contact.id == Conversation.contact_id)
    conversation, blocked_at = session.execute(with_contact.where(Conversation.id == conversation_id)).one()
    burst = _burst(session, inbound)
    inbound.attempts += 1
    account = session.get_one(ChannelAccount, conversation.channel_account_id)
    organisation = session.get_one(Organisation, conversation.organisation_id)
    last = burst[-1] if burst else inbound
    return Claim(
        organisation_id=conversation.organisation_id,
        conversation_id=conversation_id,
        contact_id=conversation.contact_id,
        inbound_id=inbound.id,
        joined=tuple(row.id for row in burst),
        external_id=last.external_id,
        recipient=conversation.recipient,
        kind=inbound.kind,
        text="\n".join(row.text for row in (inbound, *burst)),
        payload=inbound.payload,
        edit_of=inbound.edit_of,
        reply_to=inbound.reply_to,
        automatic=inbound.automatic,
        raw=inbound.raw,
        channel=account.kind,
        account_id=account.id,
        handled_by=HandledBy(conversation.handled_by),
        epoch=conversation.epoch,
        language=conversation.language,
        organisation_language=organisation.language,
        attempts=inbound.attempts,
        received_at=inbound.received_at,
        told_waiting_at=conversation.told_waiting_at,
        fence=fence,
        newest=last.position == conversation.next_position - 1,
        files=tuple(str(media.get("kind")) for media in inbound.media),
        bot=rules_of(organisation, account, conversation),
        last_position=last.position,
        unheard=conversation.unheard,
        queue_mode=QueueMode(organisation.queue_mode),
        blocked=blocked_at is not None,
        trace_id=inbound.trace_id,
    )


def _burst(session: Session, first: Inbound) -> list[Inbound]:
    """The further messages of the same thought. They are joined once, before the engine hears of them: a turn that
    runs again must say the same thing to the engine under the same id."""
    if first.kind != IncomingKind.TEXT or first.automatic:
        return []
    later = session.scalars(
        select(Inbound)
        .where(
            Inbound.conversation_id == first.conversation_id,
            Inbound.status == InboundStatus.WAITING,
            Inbound.position > first.position,
        )
        .order_by(Inbound.position)
        .limit(MOST_JOINED)
    ).all()
    if first.attempts:
        return [row for row in later if row.joined_to == first.id]
    burst = _same_thought(first, list(later))
    for row in burst:
        row.joined_to = first.id
    return burst


def _same_thought(first: Inbound, later: list[Inbound]) -> list[Inbound]:
    """Typed messages that follow one another closely, until something else comes or it gets too long for one turn."""
    burst: list[Inbound] = []
    room = MOST_CHARACTERS - len(first.text)
    window = timedelta(seconds=settings().burst_window)
    for row in later:
        room -= len(row.text) + 1
        pause = row.received_at - (burst[-1] if burst else first).received_at
        if row.kind != IncomingKind.TEXT or row.automatic or row.attempts or pause >= window or room < 0:
            break
        burst.append(row)
    return burst


def _give_back(session: Session, conversation_id: str, fence: int) -> None:
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.fence == fence)
        .values(lease_owner=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
