"""Proposals: the bot's replies of a turn wait for a person's word before anybody outside reads them.

The dialogue has gone on as if they had been said. So the conversation remembers that its last words were never read
(``unheard``) until a proposal is approved, and the dialogue takes no "yes" for them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from ramah.channels.content import IncomingKind, Outgoing
from ramah.lib.errors import NotFound, Refused
from ramah.messaging.conversations import touch
from ramah.messaging.models import (
    Author,
    Conversation,
    HandledBy,
    Inbound,
    Outbound,
    Proposal,
    ProposalStatus,
)
from ramah.messaging.models.inbound import SAY
from ramah.messaging.outbox import Writer, write_outbound
from ramah.people import Staff
from ramah.store import utc_now

WANTS_NO_ANSWER = (SAY, IncomingKind.REACTION, IncomingKind.SYSTEM)
TOO_LATE = "The customer has written again, or somebody has taken over: this draft is out of date."


@dataclass(frozen=True)
class Origin:
    """The turn that a proposal comes from: its message, the place of the newest message that it answers, its epoch."""

    inbound_id: int
    after_position: int
    epoch: int


def propose(session: Session, conversation: Conversation, origin: Origin, messages: list[Outgoing]) -> Proposal:
    """Keep a turn's replies for a person to decide. The caller holds the conversation's lock."""
    expire_outdated(session, conversation)
    proposal = Proposal(
        organisation_id=conversation.organisation_id,
        conversation_id=conversation.id,
        inbound_id=origin.inbound_id,
        after_position=origin.after_position,
        epoch=origin.epoch,
        contents=[message.model_dump(mode="json", exclude_defaults=True) for message in messages],
        status=ProposalStatus.OPEN,
    )
    session.add(proposal)
    conversation.unheard = True
    if _is_fresh(session, conversation, proposal):
        conversation.proposed_at = utc_now()
    else:
        _settle(proposal, ProposalStatus.STALE)
    touch(session, conversation)
    session.flush()
    return proposal


def open_proposal(session: Session, conversation: Conversation) -> Proposal | None:
    """What may be approved now. No statement for a conversation in which nothing waits."""
    if conversation.proposed_at is None:
        return None
    waiting = session.scalars(_open_in(conversation)).all()
    return next((one for one in waiting if _is_fresh(session, conversation, one)), None)


def approve(
    session: Session, conversation: Conversation, proposal_id: str, staff_id: str, texts: list[str] | None = None
) -> list[Outbound]:
    """Send a proposal as the bot's words, once; ``texts`` replace its own, an empty one leaves its message out.

    The caller holds the conversation's lock. Raises Refused where it is out of date or a colleague was faster, or
    where nothing would be left to send."""
    proposal = _decidable(session, conversation, proposal_id, staff_id, ProposalStatus.APPROVED)
    if proposal is None:
        return []
    messages = _with_texts(proposal, texts)
    if not messages:
        raise Refused("Nothing is left to send; discard the draft instead.")
    writer, rows = Writer(Author.BOT, proposal.epoch, staff_id), list[Outbound]()
    for index, message in messages.items():
        rows += write_outbound(session, conversation, writer, message, f"turn-{proposal.inbound_id}-{index}")
    proposal.edited = [messages.get(index) for index in range(len(proposal.contents))] != _messages(proposal)
    proposal.staff_id = staff_id
    _settle(proposal, ProposalStatus.APPROVED)
    conversation.proposed_at, conversation.unheard = None, False
    return rows


def discard(session: Session, conversation: Conversation, proposal_id: str, staff_id: str) -> bool:
    """Nobody will read it. The caller holds the lock and cares for an answer. False: it was discarded before."""
    proposal = _decidable(session, conversation, proposal_id, staff_id, ProposalStatus.DISCARDED)
    if proposal is None:
        return False
    proposal.staff_id = staff_id
    _settle(proposal, ProposalStatus.DISCARDED)
    conversation.proposed_at = None
    return True


def expire_outdated(session: Session, conversation: Conversation) -> None:
    """Proposals that a change of hands or a newer message overtook. No statement where nothing waits."""
    if conversation.proposed_at is None:
        return
    still = None
    for proposal in session.scalars(_open_in(conversation)).all():
        if _is_fresh(session, conversation, proposal):
            still = conversation.proposed_at
        else:
            _settle(proposal, ProposalStatus.STALE)
    conversation.proposed_at = still


def _decidable(
    session: Session, conversation: Conversation, proposal_id: str, staff_id: str, decision: ProposalStatus
) -> Proposal | None:
    """The proposal, or None where this person has decided the same before (a second press of the key)."""
    proposal = session.get(Proposal, proposal_id, populate_existing=True)
    if proposal is None or proposal.conversation_id != conversation.id:
        raise NotFound("There is no such draft.")
    if proposal.status == decision and proposal.staff_id == staff_id:
        return None
    if proposal.status in (ProposalStatus.APPROVED, ProposalStatus.DISCARDED):
        name = session.scalar(select(Staff.name).where(Staff.id == proposal.staff_id))
        raise Refused(f"{name} was faster: this draft is {proposal.status} already.")
    if proposal.status != ProposalStatus.OPEN or not _is_fresh(session, conversation, proposal):
        raise Refused(TOO_LATE)
    return proposal


def _is_fresh(session: Session, conversation: Conversation, proposal: Proposal) -> bool:
    if proposal.epoch != conversation.epoch or conversation.handled_by not in (HandledBy.BOT, HandledBy.QUEUE):
        return False
    newer = exists().where(
        Inbound.conversation_id == conversation.id,
        Inbound.position > proposal.after_position,
        Inbound.kind.not_in(WANTS_NO_ANSWER),
        ~Inbound.automatic,
    )
    return not session.scalar(select(newer))


def _open_in(conversation: Conversation) -> Select[Proposal]:
    return (
        select(Proposal)
        .where(Proposal.conversation_id == conversation.id, Proposal.status == ProposalStatus.OPEN)
        .order_by(Proposal.after_position.desc())
    )


def _messages(proposal: Proposal) -> list[Outgoing]:
    return [Outgoing.model_validate(content) for content in proposal.contents]


def _with_texts(proposal: Proposal, texts: list[str] | None) -> dict[int, Outgoing]:
    """What is sent, by its number in the turn."""
    messages = dict(enumerate(_messages(proposal)))
    if texts is None:
        return messages
    worded = {
        index: message.model_copy(update={"text": texts[index].replace("\x00", "").strip()})
        for index, message in messages.items()
        if index < len(texts)
    }
    return {index: message for index, message in worded.items() if message.text or message.image_url}


def _settle(proposal: Proposal, status: ProposalStatus) -> None:
    proposal.status, proposal.settled_at = status, utc_now()
