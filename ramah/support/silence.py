"""Complaints that nobody finished: who falls silent over a question gets a person all the same."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from ramah.messaging.conversations import locked
from ramah.messaging.inbox import request_say
from ramah.messaging.models import Conversation, HandledBy
from ramah.messaging.queueing import ask_for_person
from ramah.store import Database, utc_now
from ramah.support.models import Ticket
from ramah.support.tickets import OPEN

QUIET_FOR = timedelta(minutes=10)
"""How long a customer may think about a question before the complaint goes to a person as it is."""


def hand_over_silent(database: Database) -> bool:
    """Give one open complaint to people, or note that they have it already. False when there was none."""
    due = _due(database)
    if due is None:
        return False
    organisation_id, ticket_id = due
    with database.tenant(organisation_id) as session:
        ticket = session.get_one(Ticket, ticket_id)
        conversation = locked(session, ticket.conversation_id)
        if ticket.handed_over_at is None and conversation.handled_by == HandledBy.BOT:
            key = f"ticket-{ticket.reference}"
            request_say(session, conversation, key, "utter_complaint_passed_on", {"ticket": ticket.reference})
            ask_for_person(session, conversation, "complaint")
        ticket.handed_over_at = ticket.handed_over_at or utc_now()
    return True


def _due(database: Database) -> tuple[str, str] | None:
    """An open ticket that no person was told of: its conversation is with people, or silent."""
    before = utc_now() - QUIET_FOR
    statement = (
        select(Ticket.organisation_id, Ticket.id)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .where(
            Ticket.handed_over_at.is_(None),
            Ticket.status.in_(OPEN),
            or_(
                Conversation.handled_by != HandledBy.BOT,
                (Ticket.updated_at < before) & (Conversation.last_activity_at < before),
            ),
        )
    )
    with database.every_organisation_reading() as session:
        found = session.execute(statement.order_by(Ticket.updated_at).limit(1)).first()
        return (found[0], found[1]) if found else None
