"""Takeover and release: one database write that raises the epoch, so that the bot never talks over a person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramah.channels.content import Outgoing
from ramah.lib.errors import BadInput, Refused
from ramah.messaging.conversations import locked
from ramah.messaging.hands import change_hands
from ramah.messaging.inbox import request_say
from ramah.messaging.leaving import leave_with_person
from ramah.messaging.live import announce
from ramah.messaging.models import Author, Conversation, HandledBy, Outbound
from ramah.messaging.outbox import Writer, write_outbound
from ramah.store import Database

LONGEST_TEXT = 4096


def take_over(database: Database, organisation_id: str, conversation_id: str, staff_id: str) -> None:
    """A person takes the conversation. Repeating it changes nothing; raises Refused when a colleague has it.

    Somebody who answered elsewhere (on the phone itself) is nobody whom we know: the conversation is free to take.
    """
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        if conversation.handled_by == HandledBy.HUMAN and conversation.staff_id is not None:
            if conversation.staff_id == staff_id:
                return
            raise Refused("a colleague has this conversation")
        if conversation.handled_by == HandledBy.CLOSED:
            raise Refused("this conversation is closed")
        change_hands(session, conversation, HandledBy.HUMAN, staff_id, "taken_over")


def release(database: Database, organisation_id: str, conversation_id: str, staff_id: str) -> None:
    """The person gives the conversation back; the bot says so and goes on where it was."""
    with database.tenant(organisation_id) as session:
        conversation = held_by(session, conversation_id, staff_id)
        leave_with_person(session, conversation)
        change_hands(session, conversation, HandledBy.BOT, staff_id, "released")
        request_say(session, conversation, f"back-{conversation.id}-{conversation.epoch}", "utter_handed_back", {})


def close(database: Database, organisation_id: str, conversation_id: str, staff_id: str) -> None:
    """End the conversation; the next message of the customer opens a new one."""
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        if conversation.handled_by == HandledBy.CLOSED:
            return
        if conversation.handled_by == HandledBy.HUMAN and conversation.staff_id not in (None, staff_id):
            raise Refused("a colleague has this conversation")
        change_hands(session, conversation, HandledBy.CLOSED, staff_id, "closed")


def write(
    database: Database, organisation_id: str, conversation_id: str, staff_id: str, text: str, send_key: str
) -> list[Outbound]:
    """Send a person's message, once per ``send_key``. Raises Refused unless this person has the conversation."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise BadInput("the message is empty")
    if len(text) > LONGEST_TEXT:
        raise BadInput(f"the message is longer than {LONGEST_TEXT} characters")
    with database.tenant(organisation_id) as session:
        conversation = held_by(session, conversation_id, staff_id)
        writer = Writer(Author.STAFF, conversation.epoch, staff_id)
        return write_outbound(session, conversation, writer, Outgoing(text=text), send_key)


def mark_read(database: Database, organisation_id: str, conversation_id: str) -> None:
    """An operator has seen the thread; the unread count goes to zero."""
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        if conversation.unread:
            conversation.unread = 0
            announce(session, organisation_id, conversation.id, "conversation", position=conversation.next_position - 1)


def held_by(session: Session, conversation_id: str, staff_id: str) -> Conversation:
    """The conversation, locked, for the person who has it. Raises Refused for anybody else."""
    conversation = locked(session, conversation_id)
    if conversation.handled_by != HandledBy.HUMAN or conversation.staff_id != staff_id:
        raise Refused("take the conversation over first")
    return conversation
