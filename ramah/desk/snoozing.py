"""Snooze: out of the list until a time, or until the customer writes; whichever comes first wakes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from ramah.desk.lines import add_line
from ramah.lib.errors import BadInput, Refused
from ramah.messaging.conversations import locked, touch
from ramah.messaging.models import Conversation, HandledBy
from ramah.store import Database, utc_now

UNTIL_WRITTEN = datetime(9999, 1, 1, tzinfo=UTC)
"""Only the customer wakes it."""
LONGEST = timedelta(days=180)


def snooze(
    database: Database, organisation_id: str, conversation_id: str, staff_id: str, until: datetime = UNTIL_WRITTEN
) -> bool:
    """Keep the conversation out of the list; returns whether that changed anything.

    Raises BadInput for a moment that is past or too far away, Refused for a closed conversation and one that waits for
    a person, who would then wait unseen, and one that a colleague has."""
    if until != UNTIL_WRITTEN and not utc_now() < until < utc_now() + LONGEST:
        raise BadInput(f"choose a moment within the next {LONGEST.days} days")
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        if conversation.handled_by == HandledBy.CLOSED:
            raise Refused("this conversation is closed")
        if conversation.handled_by == HandledBy.QUEUE:
            raise Refused("the customer is waiting for a person; take the conversation over first")
        if conversation.handled_by == HandledBy.HUMAN and conversation.staff_id not in (None, staff_id):
            raise Refused("a colleague has this conversation")
        if conversation.snoozed_until == until:
            return False
        conversation.snoozed_until = until
        if until == UNTIL_WRITTEN:
            add_line(session, conversation, "snoozed", staff_id)
        else:
            add_line(session, conversation, "snoozed_until", staff_id, until.isoformat())
        return True


def wake(database: Database, organisation_id: str, conversation_id: str, staff_id: str) -> bool:
    """Take it back into the list before its time; returns whether it was snoozed."""
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        if conversation.snoozed_until is None:
            return False
        conversation.snoozed_until = None
        add_line(session, conversation, "woken", staff_id)
        return True


def wake_due(database: Database) -> bool:
    """Wake one conversation whose time has come; it stands at the top of the list then. False when none was due."""
    due = Conversation.snoozed_until <= utc_now()
    with database.every_organisation_reading() as session:
        found = session.execute(
            select(Conversation.id, Conversation.organisation_id)
            .where(due)
            .order_by(Conversation.snoozed_until)
            .limit(1)
        ).first()
    if found is None:
        return False
    with database.tenant(found.organisation_id) as session:
        conversation = locked(session, found.id)
        if conversation.snoozed_until is not None and conversation.snoozed_until <= utc_now():
            conversation.snoozed_until = None
            add_line(session, conversation, "awake", None)
            touch(session, conversation)
    return True
