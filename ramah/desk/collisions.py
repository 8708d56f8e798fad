"""Two people answering at once: who has just answered is known to the database, not to a page that may be stale."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.lib.errors import Refused
from ramah.messaging.models import Author, Outbound, OutboundStatus
from ramah.people import Staff
from ramah.store import utc_now


class AnsweredMeanwhile(Refused):
    """A colleague has answered since the writer last saw the thread; the writer decides. ``by`` is None for somebody
    who answered outside the console, ``seconds`` how long ago it was."""

    def __init__(self, by: str | None, seconds: int) -> None:
        who = by or "Somebody outside this console"
        super().__init__(f"{who} answered {seconds} s ago. Send anyway?")
        self.by = by
        self.seconds = seconds


def refuse_if_answered(session: Session, conversation_id: str, staff_id: str, seen: int) -> None:
    """Raises AnsweredMeanwhile where somebody else of ours answered after position ``seen``. One query.

    The caller holds the conversation's lock, so that nobody answers between this look and the writing."""
    found = session.execute(
        select(Outbound.created_at, Staff.name)
        .outerjoin(Staff, Staff.id == Outbound.staff_id)
        .where(
            Outbound.conversation_id == conversation_id,
            Outbound.position > seen,
            Outbound.author == Author.STAFF,
            Outbound.staff_id.is_distinct_from(staff_id),
            Outbound.status != OutboundStatus.DROPPED,
        )
        .order_by(Outbound.position.desc())
        .limit(1)
    ).first()
    if found is not None:
        raise AnsweredMeanwhile(found[1], max(0, round((utc_now() - found[0]).total_seconds())))
