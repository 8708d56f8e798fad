"""A colleague leaves, or comes back: logins end at once, what they held goes back to the queue."""

from __future__ import annotations

from sqlalchemy import delete, select

from ramah.lib.errors import Refused
from ramah.messaging.conversations import locked
from ramah.messaging.hands import change_hands
from ramah.messaging.models import Conversation, HandledBy
from ramah.people.account_models import StaffLink
from ramah.people.audit import Subject, record
from ramah.people.models import Staff, StaffSession
from ramah.people.staff import administrator, held, keep_an_administrator
from ramah.store import Database, utc_now

NOTE = "left"


def deactivate(database: Database, organisation_id: str, actor_id: str, staff_id: str) -> int:
    """Nobody is this person any more; returns how many conversations wait anew. Repeating it changes nothing.

    Raises NotFound, and Refused for oneself and for the last administrator."""
    if staff_id == actor_id:
        raise Refused("You cannot deactivate yourself; ask another administrator.")
    with database.tenant(organisation_id) as session:
        administrator(session, organisation_id, actor_id)
        staff = held(session, staff_id)
        if not staff.active:
            return 0
        staff.active = False
        keep_an_administrator(session)
        session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))
        session.execute(delete(StaffLink).where(StaffLink.staff_id == staff_id, StaffLink.used_at.is_(None)))
        theirs = (Conversation.staff_id == staff_id, Conversation.handled_by == HandledBy.HUMAN)
        ids = session.scalars(select(Conversation.id).where(*theirs).order_by(Conversation.id)).all()
        for conversation_id in ids:
            conversation = locked(session, conversation_id)
            if conversation.staff_id == staff_id:
                conversation.queued_at = utc_now()
                change_hands(session, conversation, HandledBy.QUEUE, actor_id, NOTE)
        about = Subject("staff", staff.id, staff.name)
        record(session, "staff.deactivated", about, new={"conversations": len(ids)}, staff_id=actor_id)
        return len(ids)


def activate(database: Database, organisation_id: str, actor_id: str, staff_id: str) -> None:
    """They are back, with the password they had. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        administrator(session, organisation_id, actor_id)
        staff: Staff = held(session, staff_id)
        if not staff.active:
            staff.active = True
            record(session, "staff.activated", Subject("staff", staff.id, staff.name), staff_id=actor_id)
