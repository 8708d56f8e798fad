"""Who reads and who writes in the same conversation just now: short-lived rows, so that it works over all consoles.

A page says so when it opens, every few seconds while it is shown, when writing begins and when it leaves; never for
each key. Colleagues' pages hear of it only when something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import stamina
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ramah.desk.models import ThreadWatcher
from ramah.lib.errors import NotFound
from ramah.messaging.live import announce
from ramah.messaging.models import Conversation
from ramah.people import Staff
from ramah.store import Database, utc_now

READS_FOR = timedelta(seconds=45)
WRITES_FOR = timedelta(seconds=12)


class Doing(StrEnum):
    """What a person does in a conversation that is open before them."""

    READING = "reading"
    WRITING = "writing"
    GONE = "gone"


@dataclass(frozen=True)
class Watcher:
    """A colleague in the conversation; ``seconds`` is for how long this counts without being said again."""

    name: str
    writing: bool
    seconds: int


# Two windows of one person may open at once; the loser's second look finds the winner's row.
@stamina.retry(on=IntegrityError, attempts=3, wait_initial=0.02)
def note_doing(
    database: Database, organisation_id: str, conversation_id: str, staff_id: str, doing: Doing
) -> list[Watcher]:
    """Note what this person does here; returns the colleagues who are there too. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        if session.scalar(select(Conversation.id).where(Conversation.id == conversation_id)) is None:
            raise NotFound(f"no conversation {conversation_id}")
        row = session.get(ThreadWatcher, (conversation_id, staff_id))
        before = _doing(row)
        if doing is Doing.GONE:
            if row is not None:
                session.delete(row)
        else:
            row = row or ThreadWatcher(conversation_id=conversation_id, staff_id=staff_id)
            row.reading_until = utc_now() + READS_FOR
            row.writing_until = utc_now() + WRITES_FOR if doing is Doing.WRITING else None
            session.add(row)
        if before is not doing:
            announce(session, organisation_id, conversation_id, "presence", by=staff_id)
        return watchers(session, conversation_id, staff_id)


def watchers(session: Session, conversation_id: str, but: str) -> list[Watcher]:
    """The colleagues who have the conversation open, but for this person; who writes comes first. One query."""
    now = utc_now()
    rows = session.execute(
        select(ThreadWatcher, Staff.name)
        .join(Staff, Staff.id == ThreadWatcher.staff_id)
        .where(
            ThreadWatcher.conversation_id == conversation_id,
            ThreadWatcher.staff_id != but,
            ThreadWatcher.reading_until > now,
        )
    ).all()
    found = []
    for row, name in rows:
        writes = row.writing_until is not None and row.writing_until > now
        until = row.writing_until if writes and row.writing_until else row.reading_until
        found.append(Watcher(name, writes, max(1, round((until - now).total_seconds()))))
    return sorted(found, key=lambda one: (not one.writing, one.name))


def forget_watchers(database: Database) -> int:
    """Delete rows that count no more; returns how many."""
    with database.every_organisation() as session:
        gone = session.execute(
            delete(ThreadWatcher)
            .where(ThreadWatcher.reading_until < utc_now() - timedelta(hours=1))
            .execution_options(synchronize_session=False)
        )
        return gone.rowcount  # type: ignore[attr-defined, no-any-return]  # a DELETE gives a CursorResult


def _doing(row: ThreadWatcher | None) -> Doing:
    now = utc_now()
    if row is None or row.reading_until <= now:
        return Doing.GONE
    return Doing.WRITING if row.writing_until is not None and row.writing_until > now else Doing.READING
