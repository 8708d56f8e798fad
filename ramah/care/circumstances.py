"""What the database knows around a turn: the draft that is worked on, earlier bookings, the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.drafts import ANSWERED, current_draft
from ramah.booking.models import Draft, DraftStatus
from ramah.care.stages import KnownFacts
from ramah.messaging.claims import Claim
from ramah.people import Contact
from ramah.store import utc_now

PERSON_AND_NEED = frozenset({"service", "first_name", "last_name", "phone"})
NEEDS = frozenset({"book_service", "subscribe_service", "ask_price", "ask_services", "ask_included", "ask_offers"})
Paid = Callable[[Session, Draft], bool]


@dataclass(frozen=True)
class Circumstances:
    """``draft`` is the open one that the turn worked on, ``latest`` the newest that is made, ``paid`` its bill."""

    draft: Draft | None
    latest: Draft | None
    paid: bool
    person: bool

    @property
    def facts(self) -> Mapping[str, str]:
        """The open draft's facts."""
        return {name: str(fact["value"]) for name, fact in self.draft.fields.items()} if self.draft else {}

    def has_answered(self, step: str | None) -> bool:
        """Whether the customer has said or tapped what a step asks for."""
        fact = self.draft.fields.get(step) if self.draft and step else None
        return bool(fact and fact.get("value") and fact.get("source") in ANSWERED)

    def known(self, intent: str | None, step: str | None) -> KnownFacts:
        """What the stage is read from."""
        facts = self.facts
        return KnownFacts(
            person=self.person or bool(facts.keys() & {"first_name", "phone"}),
            need="service" in facts or intent in NEEDS,
            open_draft=self.draft is not None,
            details=bool(facts.keys() - PERSON_AND_NEED),
            quoted=step == "confirmation" or bool(facts.get("confirmation")),
            booked=self.latest is not None,
            paid=self.paid,
            over=self.latest is not None and _is_over(self.latest),
        )


def read_circumstances(session: Session, claim: Claim, draft_id: str | None, paid: Paid) -> Circumstances:
    """Look around a turn, after the dialogue has worked."""
    found = current_draft(session, claim.conversation_id, draft_id)
    draft = found if found is not None and found.status == DraftStatus.OPEN else None
    latest = session.scalar(
        select(Draft)
        .where(
            Draft.conversation_id == claim.conversation_id,
            Draft.status.in_((DraftStatus.BOOKED, DraftStatus.SUBMITTING)),
        )
        .order_by(Draft.updated_at.desc())
        .limit(1)
    )
    contact = session.get(Contact, claim.contact_id)
    person = contact is not None and bool(contact.first_name or contact.phone)
    return Circumstances(draft, latest, latest is not None and paid(session, latest), person)


def _is_over(draft: Draft) -> bool:
    starts = (draft.document or {}).get("starts_at")
    return starts is not None and datetime.fromisoformat(str(starts)) < utc_now()
