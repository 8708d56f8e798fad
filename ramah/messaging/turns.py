"""Turns: what a claimed message brought is written in one transaction, by whoever still holds the lease."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from ramah.channels.content import Choice, Outgoing
from ramah.lib.waits import jittered
from ramah.messaging.claims import Claim
from ramah.messaging.conversations import locked, touch
from ramah.messaging.divisions.waiting import leave_line
from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.inbox import SAY, request_say
from ramah.messaging.live import announce
from ramah.messaging.models import (
    Author,
    Conversation,
    HandledBy,
    Inbound,
    InboundStatus,
    Interaction,
)
from ramah.messaging.observing import Filing, Observation
from ramah.messaging.outbox import Writer, drop_queued_bot_messages, write_outbound
from ramah.messaging.proposals import Origin, expire_outdated, propose
from ramah.messaging.queueing import ask_for_person
from ramah.messaging.traces import keep_trace
from ramah.messaging.unasked import TOLD_OUTSIDE
from ramah.people import Contact
from ramah.store import Database, utc_now

Answer = Callable[[Session, Conversation], Sequence[Outgoing]]
"""What is answered inside the transaction that finishes a turn, where it depends on rows that others change."""


class Waits(NamedTuple):
    """Seconds between the tries of a turn: the first wait, which doubles with each try, and the longest."""

    first: float
    longest: float


FOR_ENGINE = Waits(0.5, 5.0)
FOR_SYSTEMS = Waits(4.0, 15.0)
"""Each try costs a turn in the engine, and a crowd may be waiting for the same system."""


def finish_turn(
    database: Database,
    claim: Claim,
    turn: EngineTurn,
    milliseconds: int,
    observation: Observation | None = None,
    filing: Filing | None = None,
    answer: Answer | None = None,
) -> bool:
    """Write everything a turn brought, at once. False when the lease was lost meanwhile (nothing is written)."""
    with database.tenant(claim.organisation_id) as session:
        conversation = _still_mine(session, claim)
        if conversation is None:
            return False
        _close_inbound(session, claim, InboundStatus.DONE)
        if claim.kind != SAY:
            interaction = _note_interaction(session, claim, turn, milliseconds)
            if observation is not None:
                _note_observation(session, interaction, conversation, observation)
        if filing is not None and claim.kind != SAY and conversation.handled_by == HandledBy.QUEUE:
            filing.file(session, conversation, _messages(session, claim))
        _learn_language(session, conversation, turn.language)
        _write_replies(session, conversation, claim, turn)
        if answer is not None:
            _write_answers(session, conversation, claim, answer(session, conversation))
        _obey_controls(session, conversation, claim, turn.replies)
        keep_trace(session, claim, turn)
        _release(session, conversation)
    return True


def postpone_turn(database: Database, claim: Claim, waits: Waits = FOR_ENGINE) -> float:
    """Put the message back and say how many seconds it waits. The lane waits with it: order is kept."""
    wait = jittered(min(waits.longest, waits.first * 2.0 ** min(claim.attempts - 1, 10)))
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
            _say_sorry(session, conversation, claim)
            ask_for_person(session, conversation, reason)
        keep_trace(session, claim, None)
        _release(session, conversation)
    return True


def back_to_bot(database: Database, claim: Claim) -> None:
    """The customer chose the assistant while waiting for a person."""
    with database.tenant(claim.organisation_id) as session:
        conversation = _still_mine(session, claim)
        if conversation is not None and conversation.handled_by == HandledBy.QUEUE:
            leave_line(session, conversation)
            touch(session, conversation)


def note_told_waiting(database: Database, claim: Claim) -> None:
    """Remember when the customer was last told that a person will answer."""
    with database.tenant(claim.organisation_id) as session:
        locked(session, claim.conversation_id).told_waiting_at = utc_now()


def _still_mine(session: Session, claim: Claim) -> Conversation | None:
    conversation = locked(session, claim.conversation_id)
    return conversation if conversation.fence == claim.fence else None


def _release(session: Session, conversation: Conversation) -> None:
    conversation.lease_owner = conversation.lease_until = None
    session.flush()


def _close_inbound(session: Session, claim: Claim, status: InboundStatus) -> None:
    for inbound_id in (claim.inbound_id, *claim.joined):
        inbound = session.get_one(Inbound, inbound_id)
        inbound.status, inbound.done_at = status, utc_now()


def _messages(session: Session, claim: Claim) -> list[Inbound]:
    return [session.get_one(Inbound, inbound_id) for inbound_id in (claim.inbound_id, *claim.joined)]


def _note_interaction(session: Session, claim: Claim, turn: EngineTurn, milliseconds: int) -> Interaction:
    understood = turn.understood or {}
    intent = understood.get("intent") or {}
    interaction = Interaction(
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
    session.add(interaction)
    session.add_all(
        Interaction(conversation_id=claim.conversation_id, inbound_id=joined, did=[{"joined": claim.inbound_id}])
        for joined in claim.joined
    )
    return interaction


def _note_observation(
    session: Session, interaction: Interaction, conversation: Conversation, observation: Observation
) -> None:
    shown = (conversation.mood, conversation.urgent, conversation.stage)
    for row in (interaction, conversation):
        row.mood, row.mood_score = observation.mood, observation.mood_score
        row.urgent, row.stage = observation.urgent, observation.stage
    interaction.watched = observation.watched
    interaction.doctor = observation.remedy.finding if observation.remedy else None
    if shown != (conversation.mood, conversation.urgent, conversation.stage):
        newest = conversation.next_position - 1
        announce(session, conversation.organisation_id, conversation.id, "conversation", position=newest)


def _learn_language(session: Session, conversation: Conversation, language: str | None) -> None:
    if language and language != conversation.language:
        conversation.language = language
        session.get_one(Contact, conversation.contact_id).language = language


def _write_replies(session: Session, conversation: Conversation, claim: Claim, turn: EngineTurn) -> None:
    """Into the outbox, or before a person's eyes. What the bot says by itself is a notice and needs no approval."""
    said = [reply for reply in turn.replies if reply.text or reply.image or reply.buttons]
    messages = [_outgoing(reply, turn.list_label) for reply in said]
    expire_outdated(session, conversation)
    asked = claim.asked and claim.kind != SAY
    if asked and claim.bot.mode is BotMode.DRAFTS:
        if messages:
            origin = Origin(claim.inbound_id, claim.last_position, claim.epoch)
            propose(session, conversation, origin, messages)
        return
    writer = Writer(Author.BOT, claim.epoch)
    for index, message in enumerate(messages):
        write_outbound(session, conversation, writer, message, f"turn-{claim.inbound_id}-{index}")
    if messages and asked:
        conversation.unheard = False


def _write_answers(session: Session, conversation: Conversation, claim: Claim, messages: Sequence[Outgoing]) -> None:
    writer = Writer(Author.BOT, claim.epoch)
    for index, message in enumerate(messages):
        write_outbound(session, conversation, writer, message, f"desk-{claim.inbound_id}-{index}")


def _outgoing(reply: EngineReply, list_label: str | None) -> Outgoing:
    choices = tuple(Choice(title=b.title, payload=b.payload, description=b.description) for b in reply.buttons)
    label = list_label if choices else None
    asked = (reply.custom or {}).get("ask")
    return Outgoing(
        text=reply.text or "",
        choices=choices,
        image_url=reply.image,
        list_label=label,
        contact_request=asked == "contact",
        location_request=asked == "location",
    )


def _obey_controls(session: Session, conversation: Conversation, claim: Claim, replies: list[EngineReply]) -> None:
    if claim.epoch < conversation.epoch:
        return
    for reply in replies:
        if (reply.custom or {}).get(TOLD_OUTSIDE):
            conversation.told_outside_at = claim.received_at
        handover = (reply.custom or {}).get("handover")
        if isinstance(handover, dict):
            ask_for_person(session, conversation, str(handover.get("reason", "asked")))


def _say_sorry(session: Session, conversation: Conversation, claim: Claim) -> None:
    drop_queued_bot_messages(session, conversation)
    request_say(session, conversation, f"sorry-{claim.inbound_id}", "utter_technical_trouble", {})
