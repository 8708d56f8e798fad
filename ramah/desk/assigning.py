"""Giving a conversation to a colleague, who is told, and opening a closed one again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ramah.desk.people import Operator, active_colleague, name_of
from ramah.lib.errors import Refused
from ramah.messaging.conversations import locked
from ramah.messaging.hands import change_hands
from ramah.messaging.live import announce
from ramah.messaging.models import Conversation, HandledBy
from ramah.people import Contact
from ramah.store import Database

BLOCKED = "this customer is blocked; unblock them on their page first"
GOES_ON = "the customer has written since; the conversation goes on in a later one"


def assign(database: Database, organisation_id: str, conversation_id: str, by: Operator, to: str) -> bool:
    """Give the conversation to a colleague; returns whether that changed anything.

    Raises NotFound for somebody who left, Refused for a closed conversation and for one that a colleague has, unless
    ``by`` may take from others."""
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        colleague = active_colleague(session, to)
        if conversation.handled_by == HandledBy.CLOSED:
            raise Refused("this conversation is closed")
        held = conversation.handled_by == HandledBy.HUMAN and conversation.staff_id is not None
        if held and conversation.staff_id == to:
            return False
        if held and conversation.staff_id != by.staff_id and not by.may_take_from_others:
            raise Refused(f"{name_of(session, conversation.staff_id or '')} has this conversation")
        change_hands(session, conversation, HandledBy.HUMAN, to, "assigned", by=by.staff_id, about=colleague.name)
        if to != by.staff_id:
            giver = name_of(session, by.staff_id)
            announce(session, organisation_id, conversation_id, "assigned", staff_ids=[to], by=giver)
        return True


def reopen(database: Database, organisation_id: str, conversation_id: str, staff_id: str) -> None:
    """Open a closed conversation again, in the hands of this person. Repeating it changes nothing.

    There is one open conversation per customer's address and account, and only the latest one goes on: raises Refused
    where a later one exists, also when the customer opens it at this very moment, and for a customer who is blocked."""
    try:
        with database.tenant(organisation_id) as session:
            conversation = locked(session, conversation_id)
            if conversation.handled_by == HandledBy.HUMAN and conversation.staff_id == staff_id:
                return
            if conversation.handled_by != HandledBy.CLOSED:
                raise Refused("this conversation is open")
            if session.get_one(Contact, conversation.contact_id).blocked_at is not None:
                raise Refused(BLOCKED)
            newest = session.scalar(
                select(Conversation.id)
                .where(
                    Conversation.contact_id == conversation.contact_id,
                    Conversation.channel_account_id == conversation.channel_account_id,
                    Conversation.recipient == conversation.recipient,
                )
                .order_by(Conversation.created_at.desc(), Conversation.next_position.desc())
                .limit(1)
            )
            if newest != conversation_id:
                raise Refused(GOES_ON)
            change_hands(session, conversation, HandledBy.HUMAN, staff_id, "reopened")
    except IntegrityError as error:
        raise Refused(GOES_ON) from error
