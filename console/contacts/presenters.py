"""From contacts to what their pages show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from console.inbox.presenters import STATES, STATUSES, contact_name
from console.inbox.tickets import STATUSES as TICKET_STATUSES
from console.render import LANGUAGE_NAMES
from console.translations import mark
from ramah.booking.models import DraftStatus
from ramah.desk.contact_book import ContactFacts
from ramah.desk.contacts.fields import FIELDS
from ramah.people import Contact
from ramah.support.models import TicketStatus

LABELS = {
    "first_name": mark("First name"),
    "last_name": mark("Last name"),
    "phone": mark("Phone"),
    "email": mark("E-mail"),
    "policy_number": mark("Policy number"),
    "plate": mark("Plate"),
    "language": mark("Language"),
}
MERGED = {**LABELS, "profile_name": mark("Name on the channel")}
PROBLEMS = {
    "first_name": mark("This name is too long."),
    "last_name": mark("This name is too long."),
    "phone": mark(
        "This is no phone number. Write it as it is dialled, or with its country code, such as +62 812 3456 7890."
    ),
    "email": mark("Write the whole address, such as siti@example.com."),
    "policy_number": mark("This number is too long."),
    "plate": mark("This number is too long."),
    "language": mark("This language is not spoken here."),
}
CHANGED = mark("Somebody changed this meanwhile. Now it is:")
NO_CONTACT = mark("There is no such contact.")
KINDS = {"phone": "tel", "email": "email"}
OPEN_DRAFT = mark("Being filled")


def row(contact: Contact, language: str) -> dict[str, Any]:
    """One row of the book."""
    return {
        "id": contact.id,
        "name": contact_name(contact, language),
        "phone": contact.phone,
        "email": contact.email,
        "policy_number": contact.policy_number,
        "plate": contact.plate,
        "since": contact.created_at,
        "blocked": contact.blocked_at is not None,
    }


def contact(facts: ContactFacts, language: str) -> dict[str, Any]:
    """The page of one contact."""
    person = facts.contact
    return {
        "contact_id": person.id,
        "name": contact_name(person, language),
        "profile_name": person.profile_name,
        "since": person.created_at,
        "opted_out_at": person.opted_out_at,
        "blocked_at": person.blocked_at,
        "phone_proved": person.phone_proved,
        "identities": [{"channel": one.platform_type, "address": _address(one)} for one in facts.identities],
        "fields": [_field(person, name) for name in FIELDS],
        "languages": LANGUAGE_NAMES,
        "events": _events(facts),
        "changes": [
            {
                "label": LABELS[change.field],
                "old": change.old,
                "new": change.new,
                "by": by,
                "at": change.created_at,
            }
            for change, by in facts.changes
        ],
    }


def _field(person: Contact, name: str) -> dict[str, Any]:
    value = getattr(person, name) or ""
    return {
        "name": name,
        "label": LABELS[name],
        "value": value,
        "typed": value,
        "kind": KINDS.get(name, "text"),
        "most": 40 if name == "phone" else FIELDS[name],
        "problem": "",
    }


def _address(identity: Any) -> str:
    return str(identity.platform_id)[:8] if identity.platform_type == "webchat" else str(identity.platform_id)


def _events(facts: ContactFacts) -> list[dict[str, Any]]:
    """Conversations, bookings and tickets of all channels in one line of time, the latest first."""
    events = [*_talks(facts), *_bookings(facts), *_tickets(facts)]
    return sorted(events, key=_moment, reverse=True)


def _moment(event: dict[str, Any]) -> datetime:
    at: datetime = event["at"]
    return at


def _talks(facts: ContactFacts) -> list[dict[str, Any]]:
    return [
        {
            "kind": "conversation",
            "at": talk.last_activity_at,
            "channel": channel,
            "title": account,
            "text": talk.preview,
            "handled_by": talk.handled_by,
            "path": f"/console/conversations/{talk.id}",
        }
        for talk, channel, account in facts.conversations
    ]


def _bookings(facts: ContactFacts) -> list[dict[str, Any]]:
    return [
        {
            "kind": "booking",
            "at": draft.created_at,
            "title": draft.reference,
            "text": (draft.document or {}).get("service_name", ""),
            "status": STATUSES.get(DraftStatus(draft.status), OPEN_DRAFT),
            "tone": STATES.get(DraftStatus(draft.status), "open"),
            "path": f"/console/conversations/{draft.conversation_id}",
        }
        for draft in facts.bookings
    ]


def _tickets(facts: ContactFacts) -> list[dict[str, Any]]:
    return [
        {
            "kind": "ticket",
            "at": ticket.created_at,
            "title": ticket.reference,
            "text": ticket.description,
            "status": TICKET_STATUSES[TicketStatus(ticket.status)],
            "tone": "good" if ticket.status == TicketStatus.SOLVED else "open",
            "path": f"/console/conversations/{ticket.conversation_id}",
        }
        for ticket in facts.tickets
    ]
