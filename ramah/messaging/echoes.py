"""Echoes: a person of ours answered elsewhere (on the phone itself, in the page's own inbox), which is a takeover."""

from __future__ import annotations

import hashlib

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ramah.channels.content import Incoming, Outgoing, Receipt, ReceiptStatus
from ramah.messaging.hands import change_hands
from ramah.messaging.models import (
    Author,
    Conversation,
    HandledBy,
    Outbound,
    OutboundStatus,
    Priority,
)
from ramah.messaging.outbox import take_place
from ramah.messaging.receipts import climb
from ramah.store import utc_now

ANSWERED_ELSEWHERE = "answered_elsewhere"


def note_echo(session: Session, conversation: Conversation, incoming: Incoming) -> Outbound:
    """The row of an echoed message: ours, whose sending it proves, or a new one that a person wrote elsewhere.

    The caller holds the conversation's lock. A repetition changes nothing.
    """
    ours = _ours(session, conversation, incoming)
    if ours is not None:
        ours.provider_id = ours.provider_id or incoming.external_id
        proof = Receipt(provider_id=incoming.external_id, status=ReceiptStatus.SENT, at=incoming.sent_at or utc_now())
        climb(session, ours, proof)
        return ours
    if conversation.handled_by in (HandledBy.BOT, HandledBy.QUEUE):
        change_hands(session, conversation, HandledBy.HUMAN, None, ANSWERED_ELSEWHERE)
    return _new_row(session, conversation, incoming)


def known_echo(session: Session, account_id: str, incoming: Incoming) -> Outbound | None:
    """The row of an echo that was noted before, wherever it stands: its conversation may be closed by now."""
    names = (Outbound.provider_id == incoming.external_id, Outbound.send_key == _key(incoming))
    return session.scalar(select(Outbound).where(Outbound.channel_account_id == account_id, or_(*names)).limit(1))


def _ours(session: Session, conversation: Conversation, incoming: Incoming) -> Outbound | None:
    named = session.get(Outbound, incoming.reference) if incoming.reference else None
    if named is not None and named.conversation_id == conversation.id:
        return named
    return _on_its_way(session, conversation, incoming)


def _on_its_way(session: Session, conversation: Conversation, incoming: Incoming) -> Outbound | None:
    """An echo may overtake the answer to our own send; then only the words tell whose it is."""
    rows = session.scalars(
        select(Outbound).where(
            Outbound.conversation_id == conversation.id,
            Outbound.provider_id.is_(None),
            Outbound.status.in_((OutboundStatus.SENDING, OutboundStatus.UNCERTAIN, OutboundStatus.UNPROVED)),
        )
    )
    return next((row for row in rows if row.content.get("text", "").strip() == incoming.text.strip()), None)


def _key(incoming: Incoming) -> str:
    # Providers' ids may be longer than a send key.
    return f"echo-{hashlib.sha256(incoming.external_id.encode()).hexdigest()[:40]}"


def _new_row(session: Session, conversation: Conversation, incoming: Incoming) -> Outbound:
    content = Outgoing(text=incoming.text or f"[{incoming.kind}]")
    row = Outbound(
        channel_account_id=conversation.channel_account_id,
        conversation_id=conversation.id,
        send_key=_key(incoming),
        position=take_place(session, conversation, content.text),
        epoch=conversation.epoch,
        author=Author.STAFF,
        content=content.model_dump(mode="json", exclude_defaults=True),
        priority=Priority.REPLY,
        status=OutboundStatus.SENT,
        provider_id=incoming.external_id,
        settled_at=incoming.sent_at or utc_now(),
    )
    session.add(row)
    session.flush()
    return row
