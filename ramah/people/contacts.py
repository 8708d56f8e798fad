"""Contacts and the addresses that reach them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ramah.people.models import Contact, Identity
from ramah.store import PREPARED

BY_ADDRESS = (
    select(Contact)
    .join(Identity, Identity.contact_id == Contact.id)
    .where(
        Identity.platform_type == bindparam("platform_type"),
        Identity.platform_id == bindparam("platform_id"),
    )
    .execution_options(**PREPARED)
)


@dataclass(frozen=True)
class KnownPerson:
    """What a channel tells about the sender. ``phone`` is E.164 and proved by the channel, or None."""

    platform_type: str
    platform_id: str
    profile_name: str | None = None
    phone: str | None = None


def resolve_contact(session: Session, person: KnownPerson) -> Contact:
    """The contact behind a channel address, made on first sight. Phone and profile name are kept fresh."""
    address = {"platform_type": person.platform_type, "platform_id": person.platform_id}
    contact = session.scalar(BY_ADDRESS, address)
    if contact is None:
        contact = Contact()
        session.add(contact)
        session.flush()
        session.add(Identity(contact_id=contact.id, platform_type=person.platform_type, platform_id=person.platform_id))
    _freshen(contact, person)
    session.flush()
    return contact


def _freshen(contact: Contact, person: KnownPerson) -> None:
    if person.profile_name:
        contact.profile_name = person.profile_name[:200]
    if person.phone and not contact.phone_proved:
        contact.phone, contact.phone_proved = person.phone, True
