"""Turns: one inbound message at a time per conversation, claimed by lease, finished in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from ramah.channels.content import Choice, Outgoing
from ramah.messaging.conversations import locked, touch
from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.inbox import SAY, request_say
from ramah.messaging.live import announce
from ramah.messaging.models import (
    Author,
    ChannelAccount,
    Conversation,
    HandledBy,
    Inbound,
    InboundStatus,
    Interaction,
)
from ramah.messaging.outbox import Writer, drop_queued_bot_messages, write_outbound
from ramah.people import Contact, Organisation
from ramah.store import Database, utc_now

FIRST_WAIT = 0.5
LONGEST_WAIT = 5.0


@dataclass(frozen=True)
class Claim:
    """One inbound message, leased to this worker, with all that its turn must know."""

    organisation_id: str
    conversation_id: str
    contact_id: str
    inbound_id: int
    external_id: str
    kind: str
    text: str
    payload: str | None
    raw: dict[str, Any]
    channel: str
    handled_by: HandledBy
    epoch: int
    language: str | None
    organisation_language: str
    attempts: int
    received_at: datetime
    told_waiting_at: datetime | None
    owner: str


def claim_turn(database: Database, owner: str, lease_seconds: float) -> Claim | None:
    """Lease the conversation whose oldest waiting message is due, or None when nothing is."""
    with database.every_organisation_reading() as session:
        candidates = session.execute(_due(utc_now())).all()
    for conversation_id, inbound_id in candidates:
        with database.every_organisation() as session:
            if _lease(session, conversation_id, owner, lease_seconds):
                claim = _read(session, conversation_id, inbound_id, owner)
                if claim is not None:
                    return claim
                _give_back(session, conversation_id, owner)
    return None


def _due(now: datetime) -> Any:
    earlier = aliased(Inbound)
    held = and_(earlier.kind == SAY, Conversation.handled_by == HandledBy.HUMAN)
    return (
        select(Inbound.conversation_id, Inbound.id)
        .join(Conversation, Conversation.id == Inbound.conversation_id)
        .where(
            Inbound.status == InboundStatus.WAITING,
            Inbound.next_try_at <= now,
            or_(Conversation.lease_until.is_(None), Conversation.lease_until < now),
            # What the bot wants to say by itself waits until the person gives the chat back.
            or_(Inbound.kind != SAY, Conversation.handled_by != HandledBy.HUMAN),
            ~exists().where(
                earlier.conversation_id == Inbound.conversation_id,
                earlier.status == InboundStatus.WAITING,
                earlier.position < Inbound.position,
                ~held,
            ),
        )
        .order_by(Inbound.received_at)
        .limit(8)
    )


def _lease(session: Session, conversation_id: str, owner: str, lease_seconds: float) -> bool:
    now = utc_now()
    won = session.execute(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            or_(Conversation.lease_until.is_(None), Conversation.lease_until < now),
        )
        .values(lease_owner=owner, lease_until=now + timedelta(seconds=lease_seconds))
        .execution_options(synchronize_session=False)
    )
    return bool(won.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _read(session: Session, conversation_id: str, inbound_id: int, owner: str) -> Claim | None:
    inbound = session.get_one(Inbound, inbound_id)
    if inbound.status != InboundStatus.WAITING:
        return None
    inbound.attempts += 1
    conversation = session.get_one(Conversation, conversation_id)
    account = session.get_one(ChannelAccount, conversation.channel_account_id)
    organisation = session.get_one(Organisation, conversation.organisation_id)
    return Claim(
        organisation_id=conversation.organisation_id,
        conversation_id=conversation_id,
        contact_id=conversation.contact_id,
        inbound_id=inbound.id,
        external_id=inbound.external_id,
        kind=inbound.kind,
        text=inbound.text,
        payload=inbound.payload,
        raw=inbound.raw,
        channel=account.kind,
        handled_by=HandledBy(conversation.handled_by),
        epoch=conversation.epoch,
        language=conversation.language,
        organisation_language=organisation.language,
        attempts=inbound.attempts,
        received_at=inbound.received_at,
        told_waiting_at=conversation.told_waiting_at,
        owner=owner,
    )


def _give_back(session: Session, conversation_id: str, owner: str) -> None:
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def finish_turn(database: Database, claim: Claim, turn: EngineTurn, milliseconds: int) -> bool:
    """Write everything a turn brought, at once. False when the lease was lost meanwhile (nothing is written)."""
    with database.tenant(claim.organisation_id) as session:
        conversation = _still_mine(session, claim)
        if conversation is None:
            return False
        _close_inbound(session, claim, InboundStatus.DONE)
        if claim.kind != SAY:
            _note_interaction(session, claim, turn, milliseconds)
        _learn_language(session, conversation, turn.language)
        _write_replies(session, conversation, claim, turn)
        _obey_controls(session, conversation, claim, turn.replies)
        _release(session, conversation)
    return True


def finish_silently(database: Database, claim: Claim) -> bool:
    """The message needs no answer from the bot (a person has the chat, a reaction)."""
    return finish_turn(database, claim, EngineTurn(replies=[]), 0)


def postpone_turn(database: Database, claim: Claim) -> float:
    """Put the message back and say how many seconds it waits. The lane waits with it: order is kept."""
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(claim.attempts - 1, 10))
    with database.tenant(claim.organisation_id) as session:
        conversation = _still_mine(session, claim)
        if conversation is not None:
            inbound = session.get_one(Inbound, claim.inbound_id)
            inbound.next_try_at = utc_now() + timedelta(seconds=wait)
            _release(session, conversation)
    return wait


def give_up_turn(database: Database, claim: Claim, reason: str) -> bool:
    """The turn failed for good: a person is asked to look, and the customer gets a polite line."""
    with database.tenant(claim.organisation_id) as session:
        conversation = _still_mine(session, claim)
        if conversation is None:
            return False
        _close_inbound(session, claim, InboundStatus.FAILED)
        if claim.kind != SAY:
            ask_for_person(session, conversation, reason)
            _say_sorry(session, conversation, claim)
        _release(session, conversation)
    return True


def back_to_bot(database: Database, claim: Claim) -> None:
    """The customer chose the assistant while waiting for a person."""
    with database.tenant(claim.organisation_id) as session:
        conversation = _still_mine(session, claim)
        if conversation is not None and conversation.handled_by == HandledBy.QUEUE:
            conversation.handled_by, conversation.handover_reason = HandledBy.BOT, None
            touch(session, conversation)


def note_told_waiting(database: Database, claim: Claim) -> None:
    """Remember when the customer was last told that a person will answer."""
    with database.tenant(claim.organisation_id) as session:
        locked(session, claim.conversation_id).told_waiting_at = utc_now()


def _still_mine(session: Session, claim: Claim) -> Conversation | None:
    conversation = locked(session, claim.conversation_id)
    return conversation if conversation.lease_owner == claim.owner else None


def _release(session: Session, conversation: Conversation) -> None:
    conversation.lease_owner = conversation.lease_until = None
    session.flush()


def _close_inbound(session: Session, claim: Claim, status: InboundStatus) -> None:
    inbound = session.get_one(Inbound, claim.inbound_id)
    inbound.status, inbound.done_at = status, utc_now()


def _note_interaction(session: Session, claim: Claim, turn: EngineTurn, milliseconds: int) -> None:
    understood = turn.understood or {}
    intent = understood.get("intent") or {}
    session.add(
        Interaction(
            conversation_id=claim.conversation_id,
            inbound_id=claim.inbound_id,
            intent=intent.get("name"),
            confidence=intent.get("confidence"),
            language=turn.language,
            understood=understood,
            did=turn.did,
            model=turn.model,
            milliseconds=milliseconds,
        )
    )


def _learn_language(session: Session, conversation: Conversation, language: str | None) -> None:
    if language and language != conversation.language:
        conversation.language = language
        session.get_one(Contact, conversation.contact_id).language = language


def _write_replies(session: Session, conversation: Conversation, claim: Claim, turn: EngineTurn) -> None:
    writer = Writer(Author.BOT, claim.epoch)
    for index, reply in enumerate(turn.replies):
        if reply.text or reply.image or reply.buttons:
            write_outbound(
                session, conversation, writer, _outgoing(reply, turn.list_label), f"turn-{claim.inbound_id}-{index}"
            )


def _outgoing(reply: EngineReply, list_label: str | None) -> Outgoing:
    choices = tuple(Choice(title=b.title, payload=b.payload, description=b.description) for b in reply.buttons)
    label = list_label if choices else None
    return Outgoing(text=reply.text or "", choices=choices, image_url=reply.image, list_label=label)


def _obey_controls(session: Session, conversation: Conversation, claim: Claim, replies: list[EngineReply]) -> None:
    if claim.epoch < conversation.epoch:
        return
    for reply in replies:
        handover = (reply.custom or {}).get("handover")
        if isinstance(handover, dict):
            ask_for_person(session, conversation, str(handover.get("reason", "asked")))


def ask_for_person(session: Session, conversation: Conversation, reason: str) -> None:
    """The bot hands over: the conversation waits for a person. The caller holds its lock."""
    if conversation.handled_by != HandledBy.BOT:
        return
    conversation.handled_by, conversation.handover_reason = HandledBy.QUEUE, reason[:60]
    conversation.told_waiting_at = utc_now()
    touch(session, conversation)
    announce(session, conversation.organisation_id, conversation.id, "state", handled_by=HandledBy.QUEUE)


def _say_sorry(session: Session, conversation: Conversation, claim: Claim) -> None:
    drop_queued_bot_messages(session, conversation)
    request_say(session, conversation, f"sorry-{claim.inbound_id}", "utter_technical_trouble", {})
