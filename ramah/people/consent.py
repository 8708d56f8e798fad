"""Who wants no promotions and reminders any more: asked for in a word, kept as a record, undone in a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.people.models import ConsentRecord, Contact
from ramah.store import utc_now

LONGEST_WORDS = 200


class Wish(StrEnum):
    """What a message asks for by nothing but its key word."""

    STOP = "stop"
    START = "start"


class ConsentSource(StrEnum):
    """How a change reached us."""

    KEYWORD = "keyword"  # the message was the word and nothing else
    DIALOGUE = "dialogue"  # in the customer's own words, as the assistant understood them
    PROVIDER = "provider"  # the channel told us
    MERGE = "merge"  # of two contacts that are one person the stricter word counts


@dataclass(frozen=True)
class Evidence:
    """Where a change comes from. ``reference`` names the message; a second change by it does nothing."""

    channel: str
    source: ConsentSource
    reference: str
    words: str = ""


# WhatsApp, the carriers and the laws on personal data want plain words to be enough, in any of our languages.
_STOP = frozenset(
    {
        "stop", "stop all", "unsub", "unsubscribe", "opt out", "optout", "stop promo", "stop promotions",
        "berhenti", "henti", "hentikan", "berhenti langganan", "jangan kirim", "jangan kirim lagi",
        "jangan kirim pesan lagi", "jangan hantar", "jangan hantar lagi", "jangan hantar mesej lagi",
    }
)  # fmt: skip
_START = frozenset(
    {"start", "unstop", "resubscribe", "opt in", "mulai", "mulai lagi", "mula", "mula lagi", "mula semula"}
)


def wish_in(text: str) -> Wish | None:
    """The wish of a message that is a key word and nothing else, in any case and with any punctuation."""
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return Wish.STOP if words in _STOP else Wish.START if words in _START else None


def opt_out(session: Session, contact: Contact, evidence: Evidence) -> bool:
    """Promotions and reminders end. False when they had ended already."""
    if contact.opted_out_at is not None:
        return False
    contact.opted_out_at = utc_now()
    _record(session, contact, evidence, allowed=False)
    return True


def opt_in(session: Session, contact: Contact, evidence: Evidence) -> bool:
    """They may come again. False when they never ended."""
    if contact.opted_out_at is None:
        return False
    contact.opted_out_at = None
    _record(session, contact, evidence, allowed=True)
    return True


def is_recorded(session: Session, contact_id: str, reference: str) -> bool:
    """Whether this message has changed something."""
    found = select(ConsentRecord.id).where(ConsentRecord.contact_id == contact_id, ConsentRecord.evidence == reference)
    return session.scalar(found) is not None


def may_be_sent_to(session: Session, contact_id: str) -> bool:
    """Whether promotions and reminders may go to somebody, as the database has it now: not to whoever wants none, and
    not to whoever is blocked."""
    wanted = (Contact.opted_out_at.is_(None), Contact.blocked_at.is_(None))
    return session.scalar(select(Contact.id).where(Contact.id == contact_id, *wanted)) is not None


def consent_history(session: Session, contact_id: str, most: int) -> Sequence[ConsentRecord]:
    """The changes of a contact, the latest first."""
    rows = select(ConsentRecord).where(ConsentRecord.contact_id == contact_id)
    return session.scalars(rows.order_by(ConsentRecord.id.desc()).limit(most)).all()


def _record(session: Session, contact: Contact, evidence: Evidence, *, allowed: bool) -> None:
    session.add(
        ConsentRecord(
            contact_id=contact.id,
            allowed=allowed,
            channel=evidence.channel,
            source=evidence.source,
            evidence=evidence.reference,
            words=evidence.words[:LONGEST_WORDS],
        )
    )
    session.flush()
