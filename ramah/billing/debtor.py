"""Who pays: the contact of a conversation with their language and unpaid bills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.billing.bills import BillView
from ramah.billing.embedded import BILLS
from ramah.lib.errors import NotFound
from ramah.lib.wording import long_date, money
from ramah.messaging.models import Conversation
from ramah.people import Contact, Organisation


@dataclass(frozen=True)
class Debtor:
    """The contact behind a conversation. ``bills`` are unpaid, the earliest due first."""

    organisation: Organisation
    conversation: Conversation
    contact: Contact
    language: str
    bills: Sequence[BillView]

    @property
    def currency(self) -> str:
        """What amounts without a sign are in: the currency of the bills, else that of the country."""
        return self.bills[0].currency if self.bills else "MYR" if self.organisation.country == "MY" else "IDR"

    def bill(self, bill_id: str | None) -> BillView | None:
        """One of the own unpaid bills."""
        return next((bill for bill in self.bills if bill.id == bill_id), None)


def debtor_of(session: Session, conversation_id: str, language: str | None = None) -> Debtor:
    """Read all that a turn about money needs. Raises NotFound."""
    conversation = session.scalar(select(Conversation).where(Conversation.id == conversation_id))
    if conversation is None:
        raise NotFound(f"no conversation {conversation_id}")
    organisation = session.get_one(Organisation, conversation.organisation_id)
    contact = session.get_one(Contact, conversation.contact_id)
    return Debtor(
        organisation=organisation,
        conversation=conversation,
        contact=contact,
        language=language or conversation.language or organisation.language,
        bills=BILLS.unpaid(session, contact),
    )


def bill_words(bill: BillView, language: str) -> dict[str, str]:
    """The variables of responses about a bill."""
    return {
        "reference": bill.reference,
        "description": bill.description,
        "amount": money(bill.amount_minor, bill.currency, language),
        "due": long_date(bill.due_on, language),
    }
