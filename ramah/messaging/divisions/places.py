"""Places in the queue, counted when somebody asks: urgent ones first, then who waits longest."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from ramah.messaging.models import Conversation, HandledBy

IN_TURN = (Conversation.queue_rank, Conversation.queued_at, Conversation.id)
"""The order in which customers are served; ``id`` decides between equal moments."""


def waits() -> ColumnElement[bool]:
    """Whether a conversation waits for somebody of ours, its division chosen or none asked for.

    Written out in the statement, so that SQLite too sees that an index of the few is enough."""
    queued = literal(HandledBy.QUEUE.value, literal_execute=True)
    return and_(Conversation.handled_by == queued, Conversation.awaiting_division_selection.is_(False))


def same_line(division_id: str | None) -> ColumnElement[bool]:
    """The line of a division; None is the line of those who may be served by anybody."""
    return Conversation.division_id.is_(None) if division_id is None else Conversation.division_id == division_id


def place_of(session: Session, conversation: Conversation) -> int:
    """The place in the line right now; 1 is served next."""
    rank, began, key = IN_TURN
    earlier = or_(
        rank < conversation.queue_rank,
        and_(rank == conversation.queue_rank, began < conversation.queued_at),
        and_(rank == conversation.queue_rank, began == conversation.queued_at, key < conversation.id),
    )
    ahead = select(func.count(Conversation.id)).where(waits(), same_line(conversation.division_id), earlier)
    return (session.scalar(ahead) or 0) + 1


def lengths(session: Session) -> dict[str | None, int]:
    """How many wait in each line that has anybody."""
    rows = session.execute(
        select(Conversation.division_id, func.count(Conversation.id)).where(waits()).group_by(Conversation.division_id)
    )
    return {row[0]: row[1] for row in rows}
