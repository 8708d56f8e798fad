"""Canned replies: texts that are put into a reply by their shortcut, with what is known of the customer filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ramah.booking.models import Draft, DraftStatus
from ramah.desk.models import CannedReply
from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.models import Conversation
from ramah.people import Contact, Organisation, Staff
from ramah.store import Database, utc_now

VARIABLES = (
    "contact.name",
    "contact.first_name",
    "contact.phone",
    "staff.name",
    "organisation.name",
    "booking.reference",
)
LANGUAGES = ("id", "ms", "en")
LONGEST_TEXT = 2000
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True)
class Canned:
    """A canned reply outside its session. ``unfilled`` are its variables that nothing is known for: they stay in the
    text for the operator to replace."""

    id: str
    shortcut: str
    language: str
    text: str
    unfilled: tuple[str, ...] = ()


def variables_in(text: str) -> list[str]:
    """The names between double braces, as written, each once."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def checked(shortcut: str, language: str, text: str) -> tuple[str, str, str]:
    """What may be saved. Raises BadInput, which names what is wrong: a variable that we do not know among it."""
    shortcut, text = shortcut.strip().lower().removeprefix("/"), text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not _SHORTCUT.fullmatch(shortcut):
        raise BadInput("a shortcut has 1 to 30 small letters, digits, - and _")
    if language not in LANGUAGES:
        raise BadInput("choose one of the languages")
    if not text or len(text) > LONGEST_TEXT:
        raise BadInput(f"a reply has 1 to {LONGEST_TEXT} characters")
    unknown = [name for name in variables_in(text) if name not in VARIABLES]
    if unknown:
        raise BadInput(f"unknown variable {{{{{unknown[0]}}}}}; known are {', '.join(VARIABLES)}")
    return shortcut, language, text


def save_canned(
    database: Database,
    organisation_id: str,
    staff_id: str,
    reply_id: str | None,
    shortcut: str,
    language: str,
    text: str,
) -> str:
    """Add a reply, or change the one with this id; returns its id. Raises BadInput and NotFound."""
    shortcut, language, text = checked(shortcut, language, text)
    try:
        with database.tenant(organisation_id) as session:
            row = _existing(session, reply_id) if reply_id else CannedReply()
            row.shortcut, row.language, row.text = shortcut, language, text
            row.updated_by, row.updated_at = staff_id, utc_now()
            session.add(row)
            session.flush()
            return row.id
    except IntegrityError as error:
        raise BadInput(f"/{shortcut} exists in this language already") from error


def delete_canned(database: Database, organisation_id: str, reply_id: str) -> None:
    """Raises NotFound."""
    with database.tenant(organisation_id) as session:
        session.delete(_existing(session, reply_id))


def all_canned(session: Session) -> list[Canned]:
    """Every reply of the organisation, by shortcut. One query."""
    rows = session.scalars(select(CannedReply).order_by(CannedReply.shortcut, CannedReply.language))
    return [Canned(row.id, row.shortcut, row.language, row.text) for row in rows]


def offered(session: Session, conversation_id: str, staff_id: str) -> list[Canned]:
    """The replies for a conversation, filled in: of each shortcut the one in the customer's language, else any.

    Raises NotFound."""
    conversation = session.scalar(select(Conversation).where(Conversation.id == conversation_id))
    if conversation is None:
        raise NotFound(f"no conversation {conversation_id}")
    chosen: dict[str, Canned] = {}
    for reply in all_canned(session):
        if reply.shortcut not in chosen or reply.language == conversation.language:
            chosen[reply.shortcut] = reply
    if not chosen:
        return []
    values = _values(session, conversation, staff_id)
    return [filled(reply, values) for reply in chosen.values()]


def filled(reply: Canned, values: Mapping[str, str]) -> Canned:
    """The reply with what is known put in."""
    text = _VARIABLE.sub(lambda match: values.get(match[1]) or match[0], reply.text)
    return Canned(reply.id, reply.shortcut, reply.language, text, tuple(variables_in(text)))


def _values(session: Session, conversation: Conversation, staff_id: str) -> dict[str, str]:
    contact = session.get_one(Contact, conversation.contact_id)
    organisation = session.get_one(Organisation, conversation.organisation_id)
    booked = session.scalar(
        select(Draft.reference)
        .where(Draft.contact_id == contact.id, Draft.status.in_((DraftStatus.BOOKED, DraftStatus.SUBMITTING)))
        .order_by(Draft.updated_at.desc())
        .limit(1)
    )
    told = " ".join(part for part in (contact.first_name, contact.last_name) if part and part != "-")
    return {
        "contact.name": told or contact.profile_name or "",
        "contact.first_name": contact.first_name or (contact.profile_name or "").partition(" ")[0],
        "contact.phone": contact.phone or "",
        "staff.name": session.get_one(Staff, staff_id).name,
        "organisation.name": organisation.name,
        "booking.reference": booked or "",
    }


def _existing(session: Session, reply_id: str) -> CannedReply:
    found = session.scalar(select(CannedReply).where(CannedReply.id == reply_id))
    if found is None:
        raise NotFound("There is no such reply.")
    return found
