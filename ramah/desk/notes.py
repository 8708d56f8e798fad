"""Internal notes: lines that colleagues read and customers never; who is named with @ is told."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ramah.desk.lines import add_line
from ramah.desk.models import Mention
from ramah.desk.people import Colleague, colleagues, name_of
from ramah.lib.errors import BadInput
from ramah.messaging.conversations import locked
from ramah.messaging.live import announce
from ramah.messaging.models import ThreadNote
from ramah.store import Database, utc_now

NOTE = "note"
LONGEST_NOTE = 4000


def write_note(
    database: Database, organisation_id: str, conversation_id: str, staff_id: str, text: str, send_key: str
) -> int:
    """Write a note, once per ``send_key``, and tell those whom it mentions; returns its position.

    Anybody of the staff may, also in a colleague's conversation and in a closed one. Raises BadInput."""
    text = text.replace("\x00", "").strip()
    if not text or len(text) > LONGEST_NOTE:
        raise BadInput(f"a note has 1 to {LONGEST_NOTE} characters")
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        known = session.scalar(
            select(ThreadNote.position).where(
                ThreadNote.conversation_id == conversation_id, ThreadNote.kind == NOTE, ThreadNote.send_key == send_key
            )
        )
        if known is not None:
            return known
        row = add_line(session, conversation, NOTE, staff_id, text, send_key)
        named = [one.id for one in mentioned(text, colleagues(session)) if one.id != staff_id]
        session.add_all(Mention(note_id=row.id, conversation_id=conversation_id, staff_id=one) for one in named)
        if named:
            writer = name_of(session, staff_id)
            announce(session, organisation_id, conversation_id, "mention", staff=named, staff_ids=named, by=writer)
        return row.position


def mentioned(text: str, people: Iterable[Colleague]) -> list[Colleague]:
    """Whom a text names as ``@Name``; of names that begin alike the longest counts ("@Siti Aminah" is no "@Siti")."""
    rest, found = text.lower(), []
    for person in sorted(people, key=lambda one: len(one.name), reverse=True):
        name = f"@{person.name.lower()}"
        if name in rest:
            rest = rest.replace(name, " ")
            found.append(person)
    return found


def see_mentions(session: Session, conversation_id: str, staff_id: str) -> bool:
    """The person has opened the conversation: their mentions in it are seen. Returns whether there were any."""
    seen = session.execute(
        update(Mention)
        .where(Mention.conversation_id == conversation_id, Mention.staff_id == staff_id, Mention.seen_at.is_(None))
        .values(seen_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    return bool(seen.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
