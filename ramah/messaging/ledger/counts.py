"""The figures of a day. What came in is the sum of what became of it, and so is what went out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from ramah.channels.content import IncomingKind
from ramah.messaging.inbox import SAY
from ramah.messaging.ledger.span import Span
from ramah.messaging.models import (
    Envelope,
    Inbound,
    InboundStatus,
    Interaction,
    Outbound,
    OutboundStatus,
    Proposal,
)

NEEDS_NO_ANSWER = (IncomingKind.REACTION, IncomingKind.SYSTEM, IncomingKind.EDIT)
REPLIES_LOOKED_AT = 8
UNDER_WAY = (OutboundStatus.QUEUED, OutboundStatus.SENDING)
UNPROVED = (OutboundStatus.UNCERTAIN, OutboundStatus.UNPROVED)


def figures(session: Session, span: Span) -> dict[str, int]:
    """How many of what there were. Three statements."""
    return {"envelopes": _envelopes(session, span), **_incoming(session, span), **_outgoing(session, span)}


def _envelopes(session: Session, span: Span) -> int:
    return session.scalar(select(func.count()).select_from(Envelope).where(*in_day(Envelope.received_at, span))) or 0


def _incoming(session: Session, span: Span) -> dict[str, int]:
    done = Inbound.status == InboundStatus.DONE
    answered = _is_answered()
    row = session.execute(
        select(
            func.count().label("messages_in"),
            func.count().filter(done, answered).label("answered"),
            func.count().filter(done, ~answered).label("with_person"),
            func.count().filter(Inbound.status == InboundStatus.WAITING).label("waiting"),
            func.count().filter(Inbound.status == InboundStatus.FAILED).label("gave_up"),
        )
        .select_from(Inbound)
        .where(Inbound.organisation_id == span.organisation_id, Inbound.kind != SAY, *in_day(Inbound.received_at, span))
    ).one()
    return dict(row._mapping)


def _is_answered() -> ColumnElement[bool]:
    """It has an answer that was not dropped, or the bot rightly said nothing to it; a draft alone is no answer."""
    leader = func.coalesce(Inbound.joined_to, Inbound.id)
    reply = aliased(Outbound)
    reply_of_turn = and_(
        reply.conversation_id == Inbound.conversation_id,
        # Looked up by the whole key, since no collation of PostgreSQL lets an index find its beginning.
        reply.send_key.in_([_reply_key(leader, number) for number in range(REPLIES_LOOKED_AT)]),
    )
    understood = exists().where(Interaction.inbound_id == leader, Interaction.intent.is_not(None))
    return or_(
        Inbound.automatic,
        Inbound.kind.in_(NEEDS_NO_ANSWER),
        exists().where(reply_of_turn, reply.status != OutboundStatus.DROPPED),
        and_(understood, ~exists().where(reply_of_turn), ~exists().where(Proposal.inbound_id == leader)),
    )


def _reply_key(inbound_id: ColumnElement[int], number: int) -> ColumnElement[str]:
    return literal("turn-") + cast(inbound_id, String) + literal(f"-{number}#0")


def _outgoing(session: Session, span: Span) -> dict[str, int]:
    def having(*statuses: OutboundStatus) -> ColumnElement[int]:
        return func.count().filter(Outbound.status.in_(statuses))

    row = session.execute(
        select(
            func.count().label("messages_out"),
            having(OutboundStatus.DELIVERED, OutboundStatus.READ).label("delivered"),
            having(OutboundStatus.READ).label("read"),
            having(OutboundStatus.SENT).label("sent"),
            having(*UNDER_WAY).label("under_way"),
            having(OutboundStatus.FAILED).label("failed"),
            having(*UNPROVED).label("unproved"),
            having(OutboundStatus.DROPPED).label("dropped"),
        )
        .select_from(Outbound)
        .where(Outbound.organisation_id == span.organisation_id, *in_day(Outbound.created_at, span))
    ).one()
    return dict(row._mapping)


def in_day(column: Any, span: Span) -> tuple[ColumnElement[bool], ...]:
    """The moment lies in the day."""
    return (column >= span.begin, column < span.end)
