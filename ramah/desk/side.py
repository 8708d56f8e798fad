"""The panel beside a thread: contact, tickets, drafts, bookings, what the bot understood last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.models import Draft, DraftStatus
from ramah.messaging.models import ChannelAccount, Conversation, Inbound, Interaction
from ramah.people import Contact, Identity, Staff
from ramah.people.consent import consent_history
from ramah.people.models import ConsentRecord
from ramah.support.models import Ticket, TicketEntry
from ramah.support.tickets import tickets_of_contact
from ramah.support.working import entries_of

RECENT = 10


@dataclass(frozen=True)
class Elsewhere:
    """Another conversation of the same contact, on this channel or another one."""

    id: str
    channel: str
    preview: str
    at: datetime
    handled_by: str


@dataclass(frozen=True)
class SideFacts:
    """All that the panel shows, read in seven queries; with tickets, or after a stop, a few more.

    ``entries`` are the history of the tickets, ``workers`` the names of those who have them, by id."""

    contact: Contact
    identities: list[Identity]
    drafts: list[Draft]
    booked: list[Draft]
    tickets: list[Ticket]
    last_turn: tuple[Interaction, str] | None
    entries: list[tuple[TicketEntry, str | None]] = field(default_factory=list)
    workers: Mapping[str, str] = field(default_factory=dict)
    consents: Sequence[ConsentRecord] = ()
    elsewhere: Sequence[Elsewhere] = ()


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
    tickets = list(tickets_of_contact(session, contact.id, RECENT))
    ids = [ticket.id for ticket in tickets]
    return SideFacts(
        contact=contact,
        identities=list(session.scalars(select(Identity).where(Identity.contact_id == contact.id))),
        drafts=[draft for draft in drafts if draft.status == DraftStatus.OPEN],
        booked=[draft for draft in drafts if draft.status != DraftStatus.OPEN],
        tickets=tickets,
        last_turn=(last[0], last[1]) if last else None,
        entries=entries_of(session, ids) if ids else [],
        workers=_names(session, {ticket.assigned_to for ticket in tickets if ticket.assigned_to}),
        # Few ever stopped; for the others the panel asks the database nothing more.
        elsewhere=_elsewhere(session, conversation),
        consents=consent_history(session, contact.id, RECENT) if contact.opted_out_at else (),
    )


def _elsewhere(session: Session, conversation: Conversation) -> list[Elsewhere]:
    rows = session.execute(
        select(Conversation, ChannelAccount.kind)
        .join(ChannelAccount, ChannelAccount.id == Conversation.channel_account_id)
        .where(Conversation.contact_id == conversation.contact_id, Conversation.id != conversation.id)
        .order_by(Conversation.last_activity_at.desc())
        .limit(RECENT)
    )
    return [Elsewhere(row.id, kind, row.preview, row.last_activity_at, row.handled_by) for row, kind in rows]


def _names(session: Session, staff_ids: set[str]) -> dict[str, str]:
    if not staff_ids:
        return {}
    return {row[0]: row[1] for row in session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(staff_ids)))}
