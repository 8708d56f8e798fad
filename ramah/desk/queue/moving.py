"""Operators take customers out of the queue, move them to another division, and give them to a colleague."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.messaging.conversations import locked, take_position, touch
from ramah.messaging.divisions.agents import loads_of
from ramah.messaging.divisions.assigning import give_to, lock_queue, serve
from ramah.messaging.divisions.places import IN_TURN, same_line, waits
from ramah.messaging.divisions.reassigning import say_in_line
from ramah.messaging.divisions.waiting import new_wait, wait_of
from ramah.messaging.hands import change_hands
from ramah.messaging.models import (
    Conversation,
    Division,
    DivisionAgent,
    HandledBy,
    QueueSettings,
    StaffPresence,
    ThreadNote,
)
from ramah.people import Staff
from ramah.store import Database

MOVED = "queue_moved"


def take_next(database: Database, organisation_id: str, staff_id: str, division_id: str | None = None) -> str | None:
    """The person takes who is next in their lines, or in this one; None when nobody waits there.

    What somebody takes for themselves may be more than their capacity."""
    with database.tenant(organisation_id) as session:
        settings = _locked_settings(session, organisation_id)
        staff = session.get_one(Staff, staff_id)
        for conversation_id in _in_turn(session, staff_id, division_id):
            conversation = locked(session, conversation_id)
            if conversation.handled_by == HandledBy.QUEUE:
                give_to(session, settings, conversation, staff_id, staff.name)
                return conversation.id
    return None


def assign_to(database: Database, organisation_id: str, conversation_id: str, staff_id: str) -> None:
    """Somebody is given a waiting customer. Raises Refused when they have no room or nobody waits there any more."""
    with database.tenant(organisation_id) as session:
        settings = _locked_settings(session, organisation_id)
        staff = session.get(Staff, staff_id)
        if staff is None or not staff.active:
            raise NotFound("There is no such person.")
        presence = session.get(StaffPresence, staff_id)
        own = presence.capacity if presence else None
        if loads_of(session, [staff_id]).get(staff_id, 0) >= (settings.capacity if own is None else own):
            raise Refused(f"{staff.name} has no room for another customer")
        conversation = _waiting(session, conversation_id)
        give_to(session, settings, conversation, staff_id, staff.name)


def move_to(database: Database, organisation_id: str, conversation_id: str, division_id: str, staff_id: str) -> None:
    """Pass a conversation on to a division: one that waits keeps its turn, one that the person has goes to its end.

    The customer is told, and whoever is free there gets it."""
    with database.tenant(organisation_id) as session:
        settings = _locked_settings(session, organisation_id)
        division = session.get(Division, division_id)
        if division is None or not division.is_active:
            raise NotFound("There is no such division.")
        conversation = locked(session, conversation_id)
        if conversation.handled_by == HandledBy.HUMAN and conversation.staff_id == staff_id:
            _give_up(session, conversation, division, staff_id)
        elif conversation.handled_by == HandledBy.QUEUE:
            _redirect(session, conversation, division, staff_id)
        else:
            raise Refused("this conversation does not wait")
        say_in_line(session, settings, conversation, "moved_message", f"moved-{conversation.next_position}")
    serve(database, organisation_id)


def _give_up(session: Session, conversation: Conversation, division: Division, staff_id: str) -> None:
    change_hands(session, conversation, HandledBy.QUEUE, staff_id, MOVED)
    conversation.division_id = division.id
    conversation.queued_at = conversation.last_activity_at
    new_wait(session, conversation)


def _redirect(session: Session, conversation: Conversation, division: Division, staff_id: str) -> None:
    wait = wait_of(session, conversation) or new_wait(session, conversation)
    conversation.division_id = wait.division_id = division.id
    conversation.awaiting_division_selection = False
    # What was promised was promised for another line.
    wait.place_at_start = wait.promised_from = wait.promised_to = None
    place = take_position(conversation)
    session.add(ThreadNote(conversation_id=conversation.id, position=place, kind=MOVED, staff_id=staff_id))
    touch(session, conversation)


def _locked_settings(session: Session, organisation_id: str) -> QueueSettings:
    settings = lock_queue(session, organisation_id)
    if settings is None:
        raise BadInput("the queue is not set up")
    return settings


def _in_turn(session: Session, staff_id: str, division_id: str | None) -> list[str]:
    mine = select(DivisionAgent.division_id).where(DivisionAgent.staff_id == staff_id)
    staffed = select(DivisionAgent.id).where(DivisionAgent.division_id == Conversation.division_id).exists()
    # Nobody serves there, so everybody does: also those who come into no division at all.
    any_of_mine = or_(Conversation.division_id.in_(mine), ~staffed)
    line = same_line(division_id) if division_id else any_of_mine
    return list(session.scalars(select(Conversation.id).where(waits(), line).order_by(*IN_TURN).limit(5)))


def _waiting(session: Session, conversation_id: str) -> Conversation:
    conversation = locked(session, conversation_id)
    if conversation.handled_by == HandledBy.HUMAN and conversation.staff_id:
        raise Refused(f"{session.get_one(Staff, conversation.staff_id).name} has this conversation")
    if conversation.handled_by != HandledBy.QUEUE:
        raise Refused("this conversation does not wait any more")
    return conversation
