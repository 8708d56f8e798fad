"""Takeover and release: one database write that raises the epoch, so that the bot never talks over a person."""

from __future__ import annotations

from collections.abc import Mapping

from ramah.desk.holding import held_by
from ramah.desk.learned import write_learned
from ramah.desk.lines import add_line
from ramah.desk.notes import see_mentions
from ramah.desk.people import holder_name
from ramah.desk.writing import Reply, write_reply
from ramah.lib.errors import Refused
from ramah.messaging.conversations import announce_change, locked
from ramah.messaging.divisions.assigning import serve
from ramah.messaging.hands import change_hands
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.inbox import request_say
from ramah.messaging.leaving import leave_with_person
from ramah.messaging.live import announce
from ramah.messaging.models import HandledBy, Outbound
from ramah.people import Organisation
from ramah.store import Database


def take_over(database: Database, organisation_id: str, conversation_id: str, staff_id: str) -> None:
    """A person takes the conversation. Repeating it changes nothing; raises Refused when a colleague has it.

    Somebody who answered elsewhere (on the phone itself) is nobody whom we know: the conversation is free to take.
    """
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        if conversation.handled_by == HandledBy.HUMAN and conversation.staff_id is not None:
            if conversation.staff_id == staff_id:
                return
            raise Refused(f"{holder_name(session, conversation.staff_id)} has this conversation")
        if conversation.handled_by == HandledBy.CLOSED:
            raise Refused("this conversation is closed")
        change_hands(session, conversation, HandledBy.HUMAN, staff_id, "taken_over")


def release(
    database: Database,
    organisation_id: str,
    conversation_id: str,
    staff_id: str,
    ticked: Mapping[str, str] | None = None,
) -> None:
    """The person gives the conversation back; the bot says so and goes on where it was, knowing the ticked facts.

    Raises Refused unless this person has the conversation, BadInput for a fact that cannot be kept."""
    with database.tenant(organisation_id) as session:
        conversation = held_by(session, conversation_id, staff_id)
        written = write_learned(session, conversation, ticked or {})
        if written:
            add_line(session, conversation, "learned", staff_id, ", ".join(written))
        leave_with_person(session, conversation)
        change_hands(session, conversation, HandledBy.BOT, staff_id, "released")
        if session.get_one(Organisation, organisation_id).bot_mode == BotMode.ANSWERS:
            request_say(session, conversation, f"back-{conversation.id}-{conversation.epoch}", "utter_handed_back", {})
    serve(database, organisation_id)


def close(database: Database, organisation_id: str, conversation_id: str, staff_id: str) -> bool:
    """End the conversation; the next message of the customer opens a new one. Returns whether it was open.

    Raises Refused when a colleague has it."""
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        if conversation.handled_by == HandledBy.CLOSED:
            return False
        if conversation.handled_by == HandledBy.HUMAN and conversation.staff_id not in (None, staff_id):
            raise Refused(f"{holder_name(session, conversation.staff_id)} has this conversation")
        change_hands(session, conversation, HandledBy.CLOSED, staff_id, "closed")
    serve(database, organisation_id)
    return True


def mark_read(database: Database, organisation_id: str, conversation_id: str, staff_id: str | None = None) -> None:
    """An operator has seen the thread; the unread count goes to zero, and this person's mentions are seen."""
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        if conversation.unread:
            conversation.unread = 0
            announce_change(session, conversation)
        if staff_id is not None and see_mentions(session, conversation_id, staff_id):
            announce(session, organisation_id, conversation.id, "state", handled_by=conversation.handled_by)


def write(
    database: Database, organisation_id: str, conversation_id: str, staff_id: str, text: str, send_key: str
) -> list[Outbound]:
    """Send a person's text, once per ``send_key``, whatever colleagues wrote meanwhile; see ``write_reply``."""
    return write_reply(database, organisation_id, conversation_id, staff_id, Reply(text), send_key)
