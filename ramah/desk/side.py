"""The panel beside a thread: contact, tickets, drafts, bookings, what the bot understood last."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.models import Draft, DraftStatus
from ramah.messaging.models import Conversation, Inbound, Interaction
from ramah.people import Contact, Identity
from ramah.support.models import Ticket
from ramah.support.tickets import tickets_of_contact

RECENT = 10


@dataclass(frozen=True)
class SideFacts:
    """All that the panel shows, read in six queries."""

    contact: Contact
    identities: list[Identity]
    drafts: list[Draft]
    booked: list[Draft]
    tickets: list[Ticket]
    last_turn: tuple[Interaction, str] | None


def side_facts(session: Session, conversation: Conversation) -> SideFacts:
    """Read the panel of one conversation."""
    contact = session.get_one(Contact, conversation.contact_id)
    drafts = session.scalars(
        select(Draft)
        .where(Draft.contact_id == contact.id, Draft.status != DraftStatus.DROPPED)
        .order_by(Draft.updated_at.desc())
        .limit(RECENT)
    ).all()
    last = session.execute(
        select(Interaction, Inbound.text)
        .join(Inbound, Inbound.id == Interaction.inbound_id)
        .where(Interaction.conversation_id == conversation.id)
        .order_by(Interaction.id.desc())
        .limit(1)
    ).first()
    return SideFacts(
        contact=contact,
        identities=list(session.scalars(select(Identity).where(Identity.contact_id == contact.id))),
        drafts=[draft for draft in drafts if draft.status == DraftStatus.OPEN],
        booked=[draft for draft in drafts if draft.status != DraftStatus.OPEN],
        tickets=list(tickets_of_contact(session, contact.id, RECENT)),
        last_turn=(last[0], last[1]) if last else None,
    )
