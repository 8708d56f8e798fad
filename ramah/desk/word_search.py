"""Conversations and contacts that may hold the words of a search, by index: conditions that leave few rows to look at.

Who uses one keeps the condition on the words themselves beside it, which decides."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import Session

from ramah.messaging.models import Conversation
from ramah.people import Contact
from ramah.store.trigrams import rows_with

BETWEEN_DIGITS = re.compile(r"[\s().-]")


def likely_conversations(session: Session, search: str) -> ColumnElement[bool] | None:
    """Of people with these words in name or number, and those with the words in the preview. None: look at all. At most
    two statements."""
    previews = rows_with(session, Conversation, search)
    people = rows_with(session, Contact, search) if previews is not None else None
    if previews is None or people is None:
        return None
    found = [Conversation.id.in_(previews)] if previews else []
    return or_(*found, Conversation.contact_id.in_(people)) if people else or_(false(), *found)


def likely_contacts(session: Session, search: str) -> list[str] | None:
    """The ids of contacts to whom ``contact_book.fits`` may apply. None: look at all. At most one statement."""
    digits = digits_of(search)
    closed_up = search.replace(" ", "")
    return rows_with(session, Contact, search, closed_up, *([digits] if digits else []))


def digits_of(search: str) -> str | None:
    """What of a number, as people write it, stands in a phone number in the form of E.164; None for anything else."""
    digits = BETWEEN_DIGITS.sub("", search).lstrip("+0")
    return digits if digits.isdecimal() else None
