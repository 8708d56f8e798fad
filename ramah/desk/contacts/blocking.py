"""Blocking: what somebody writes is still kept, but nobody answers it, and nothing is sent to them unasked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from ramah.desk.contact_book import one_contact
from ramah.desk.contacts.locking import lock_people
from ramah.desk.contacts.names import subject_of
from ramah.lib.errors import NotFound
from ramah.messaging.conversations import announce_change
from ramah.messaging.hands import change_hands
from ramah.messaging.models import Author, Conversation, HandledBy, Outbound, OutboundStatus, Priority
from ramah.people.audit import record
from ramah.store import Database, utc_now


def block(database: Database, organisation_id: str, contact_id: str, staff_id: str) -> bool:
    """Block a contact: their open conversations end, what waited to be sent to them is dropped. Returns whether that
    changed anything. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        one_contact(session, contact_id)
        contacts, conversations = lock_people(session, [contact_id])
        contact = contacts.get(contact_id)
        if contact is None:
            raise NotFound("There is no such contact.")
        if contact.blocked_at is not None:
            return False
        contact.blocked_at = utc_now()
        silence(session, conversations, staff_id)
        record(session, "contact.blocked", subject_of(contact), staff_id=staff_id)
        return True


def unblock(database: Database, organisation_id: str, contact_id: str, staff_id: str) -> bool:
    """They are answered again from their next message on. Returns whether that changed anything. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        contact = one_contact(session, contact_id, lock=True)
        if contact.blocked_at is None:
            return False
        contact.blocked_at = None
        record(session, "contact.unblocked", subject_of(contact), staff_id=staff_id)
        return True


def silence(session: Session, conversations: Sequence[Conversation], staff_id: str) -> None:
    """End the conversations of somebody who is blocked. The caller holds their locks."""
    for conversation in conversations:
        if conversation.handled_by != HandledBy.CLOSED:
            change_hands(session, conversation, HandledBy.CLOSED, staff_id, "blocked")
        if conversation.unread:
            conversation.unread = 0
            announce_change(session, conversation)
    session.execute(
        update(Outbound)
        .where(
            Outbound.conversation_id.in_([conversation.id for conversation in conversations]),
            Outbound.status == OutboundStatus.QUEUED,
            or_(Outbound.author != Author.STAFF, Outbound.priority > Priority.REPLY),
        )
        .values(status=OutboundStatus.DROPPED, settled_at=utc_now())
    )
