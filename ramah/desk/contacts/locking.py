"""Contacts and all their threads, locked in one order, so that two who change them wait for one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.messaging.models import Conversation
from ramah.people import Contact
from ramah.store import Behalf
from ramah.store.behalf import BEHALF


def lock_people(session: Session, contact_ids: Sequence[str]) -> tuple[dict[str, Contact], list[Conversation]]:
    """The contacts that are there, by id, and their conversations.

    Threads come first, as in a turn. Who writes to us just now holds the contact by its new thread until it is stored:
    once the contacts are locked no further thread can come, and those that came meanwhile are locked too. A person is
    one: from here on the session sees what lies in other outlets too, so the caller looks first whom it may see."""
    behalf: Behalf | None = session.info.get(BEHALF)
    if behalf is not None:
        session.info[BEHALF] = replace(behalf, outlets=None)
    _threads(session, contact_ids)
    statement = select(Contact).where(Contact.id.in_(contact_ids)).order_by(Contact.id)
    found = session.scalars(statement.with_for_update().execution_options(populate_existing=True))
    contacts = {contact.id: contact for contact in found}
    return contacts, _threads(session, contact_ids)


def _threads(session: Session, contact_ids: Sequence[str]) -> list[Conversation]:
    statement = select(Conversation).where(Conversation.contact_id.in_(contact_ids)).order_by(Conversation.id)
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(locked))
