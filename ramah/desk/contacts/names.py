"""How a contact is called where no channel's words are at hand."""

from __future__ import annotations

from ramah.people import Contact
from ramah.people.audit import Subject


def full_name(contact: Contact) -> str:
    """First and last name as far as they are known."""
    return " ".join(part for part in (contact.first_name, contact.last_name) if part)


def subject_of(contact: Contact) -> Subject:
    """The contact as the audit log names it."""
    return Subject("contact", contact.id, full_name(contact) or contact.profile_name or contact.phone or "")
