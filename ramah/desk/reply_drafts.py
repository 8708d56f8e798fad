"""Drafts of replies: what a person has typed and not sent, kept so that another browser of theirs has it too."""

from __future__ import annotations

import stamina
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ramah.desk.models import ReplyDraft
from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.models import Conversation
from ramah.store import Database, utc_now

LONGEST = 4096


def draft_of(session: Session, conversation_id: str, staff_id: str) -> str:
    """What this person has written in the conversation; empty for nothing. One query."""
    found = select(ReplyDraft.text).where(
        ReplyDraft.conversation_id == conversation_id, ReplyDraft.staff_id == staff_id
    )
    return session.scalar(found) or ""


# Two windows of one person may keep their first draft at once; the loser's second look finds the winner's row.
@stamina.retry(on=IntegrityError, attempts=3, wait_initial=0.02)
def keep_draft(database: Database, organisation_id: str, conversation_id: str, staff_id: str, text: str) -> None:
    """Keep the draft; an empty one is forgotten. Raises BadInput and NotFound."""
    if len(text) > LONGEST:
        raise BadInput(f"the message is longer than {LONGEST} characters")
    with database.tenant(organisation_id) as session:
        if session.scalar(select(Conversation.id).where(Conversation.id == conversation_id)) is None:
            raise NotFound(f"no conversation {conversation_id}")
        if not text.strip():
            forget_draft(session, conversation_id, staff_id)
            return
        row = session.get(ReplyDraft, (conversation_id, staff_id))
        if row is None:
            session.add(ReplyDraft(conversation_id=conversation_id, staff_id=staff_id, text=text))
        else:
            row.text, row.updated_at = text, utc_now()


def forget_draft(session: Session, conversation_id: str, staff_id: str) -> None:
    """It was sent, or emptied."""
    session.execute(
        delete(ReplyDraft)
        .where(ReplyDraft.conversation_id == conversation_id, ReplyDraft.staff_id == staff_id)
        .execution_options(synchronize_session=False)
    )
