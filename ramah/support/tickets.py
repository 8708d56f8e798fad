"""Tickets: opened, added to, settled. One matter of a conversation is one ticket as long as it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.drafts import REFERENCE_LETTERS
from ramah.lib.errors import NotFound
from ramah.lib.sandbox import drawn
from ramah.messaging.conversations import locked, touch
from ramah.messaging.models import Conversation
from ramah.mood import Mood, MoodLabel
from ramah.store import Database, utc_now
from ramah.support.models import Category, Ticket, TicketPriority, TicketStatus
from ramah.support.words import category_of, endangers

OPEN = (TicketStatus.OPEN, TicketStatus.WORKING, TicketStatus.WAITING, TicketStatus.REOPENED)
LONGEST_DESCRIPTION = 8_000
URGENT_FIRST, IN_TURN = 0, 1
"""Ranks in the waiting list."""

_RANKS = tuple(TicketPriority)


@dataclass(frozen=True)
class Report:
    """What one message brings to a ticket: words, the inbound rows that they and the files came in, a booking."""

    text: str = ""
    mood: Mood | None = None
    message: int | None = None
    photos: tuple[int, ...] = ()
    booking_reference: str | None = None


@dataclass(frozen=True)
class TicketView:
    """A ticket outside its session."""

    reference: str
    conversation_id: str
    booking_reference: str | None
    category: Category
    priority: TicketPriority
    status: TicketStatus
    description: str
    photos: tuple[int, ...]
    assigned_to: str | None = None


def open_ticket(database: Database, organisation_id: str, conversation_id: str, report: Report) -> TicketView:
    """The ticket of this matter: the open one of the conversation with the report added, else a new one."""
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        ticket = open_ticket_for(session, conversation, category_of(report.text))
        add_report(session, conversation, ticket, report)
        return view(ticket)


def open_ticket_for(session: Session, conversation: Conversation, category: Category) -> Ticket:
    """The same in a running transaction, without the report. The caller holds the conversation's lock."""
    ticket = _same_matter(session, conversation.id, category)
    if ticket is None:
        ticket = Ticket(
            reference=new_reference(),
            conversation_id=conversation.id,
            contact_id=conversation.contact_id,
            description="",
            category=category,
            priority=TicketPriority.LOW,
            status=TicketStatus.OPEN,
            messages=[],
            photos=[],
            facts={},
        )
        session.add(ticket)
    return ticket


def add_to_ticket(database: Database, organisation_id: str, reference: str, report: Report) -> TicketView:
    """Add words, files or the booking to a ticket. A message that it already holds adds nothing. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        ticket = ticket_by_reference(session, reference)
        add_report(session, locked(session, ticket.conversation_id), ticket, report)
        return view(ticket)


def set_status(database: Database, organisation_id: str, reference: str, status: TicketStatus) -> TicketView:
    """Move a ticket on. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        ticket = ticket_by_reference(session, reference)
        change_status(session, locked(session, ticket.conversation_id), ticket, status)
        return view(ticket)


def change_status(session: Session, conversation: Conversation, ticket: Ticket, status: TicketStatus) -> None:
    """Move a ticket on in a running transaction. The caller holds the conversation's lock."""
    ticket.status, ticket.updated_at = status, utc_now()
    ticket.solved_at = ticket.updated_at if status is TicketStatus.SOLVED else None
    rank(session, conversation)
    touch(session, conversation)


def rank(session: Session, conversation: Conversation) -> None:
    """Whoever has an urgent ticket open is served first. The caller holds the conversation's lock."""
    session.flush()
    urgent = select(Ticket.id).where(
        Ticket.conversation_id == conversation.id, Ticket.status.in_(OPEN), Ticket.priority == TicketPriority.URGENT
    )
    conversation.queue_rank = IN_TURN if session.scalar(urgent.limit(1)) is None else URGENT_FIRST


def find_ticket(database: Database, organisation_id: str, conversation_id: str, reference: str) -> TicketView | None:
    """A ticket of this conversation by its reference."""
    with database.tenant_reading(organisation_id) as session:
        ticket = session.scalar(
            select(Ticket).where(Ticket.reference == reference, Ticket.conversation_id == conversation_id)
        )
        return view(ticket) if ticket else None


def open_tickets(session: Session, conversation_id: str) -> Sequence[Ticket]:
    """The conversation's unsettled tickets, latest first."""
    statement = select(Ticket).where(Ticket.conversation_id == conversation_id, Ticket.status.in_(OPEN))
    return session.scalars(statement.order_by(Ticket.created_at.desc())).all()


def tickets_of_contact(session: Session, contact_id: str, most: int) -> Sequence[Ticket]:
    """The latest tickets of a person, settled ones too."""
    return session.scalars(
        select(Ticket).where(Ticket.contact_id == contact_id).order_by(Ticket.created_at.desc()).limit(most)
    ).all()


def new_reference() -> str:
    """A reference that people can read aloud, such as ``TK-7K3QXW``; unique by the database."""
    return "TK-" + drawn(REFERENCE_LETTERS, 6)


def view(ticket: Ticket) -> TicketView:
    """The ticket as plain values."""
    return TicketView(
        reference=ticket.reference,
        conversation_id=ticket.conversation_id,
        booking_reference=ticket.booking_reference,
        category=Category(ticket.category),
        priority=TicketPriority(ticket.priority),
        status=TicketStatus(ticket.status),
        description=ticket.description,
        photos=tuple(ticket.photos),
        assigned_to=ticket.assigned_to,
    )


def priority_of(category: Category, text: str, mood: Mood | None) -> TicketPriority:
    """How soon a person must look: harm and anger come first."""
    if category is Category.DAMAGE or endangers(text) or (mood is not None and mood.label is MoodLabel.ANGER):
        return TicketPriority.URGENT
    pressing = mood is not None and (mood.upset or mood.urgent or mood.label is MoodLabel.FEAR)
    if pressing or category in (Category.LATENESS, Category.BILLING, Category.STAFF):
        return TicketPriority.HIGH
    return TicketPriority.NORMAL


def _same_matter(session: Session, conversation_id: str, category: Category) -> Ticket | None:
    """An open ticket that a report belongs to: of the same kind, or where one of the two says no kind."""
    found = open_tickets(session, conversation_id)
    if category is Category.SUBSCRIPTION:
        return next((one for one in found if one.category == category), None)
    others = [one for one in found if one.category != Category.SUBSCRIPTION]
    return next(
        (one for one in others if category is Category.OTHER or one.category in (category, Category.OTHER)), None
    )


def add_report(session: Session, conversation: Conversation, ticket: Ticket, report: Report) -> None:
    """Add to a ticket in a running transaction. The caller holds the conversation's lock."""
    if report.text.strip() and (report.message is None or report.message not in ticket.messages):
        lines = filter(None, (ticket.description, report.text.strip()))
        ticket.description = "\n".join(lines)[:LONGEST_DESCRIPTION]
        ticket.messages = [*ticket.messages, *([report.message] if report.message is not None else [])]
        _judge(ticket, report)
    ticket.photos = list(dict.fromkeys([*ticket.photos, *report.photos]))
    ticket.booking_reference = report.booking_reference or ticket.booking_reference
    ticket.updated_at = utc_now()
    if ticket.status == TicketStatus.SOLVED:
        ticket.status, ticket.solved_at = TicketStatus.REOPENED, None
    rank(session, conversation)
    touch(session, conversation)


def _judge(ticket: Ticket, report: Report) -> None:
    """Later words may tell what it is about, and only ever make it more pressing."""
    said = category_of(report.text)
    if ticket.category == Category.OTHER or said is Category.DAMAGE:
        ticket.category = said
    now = priority_of(Category(ticket.category), report.text, report.mood)
    ticket.priority = max(TicketPriority(ticket.priority), now, key=_RANKS.index)


def ticket_by_reference(session: Session, reference: str) -> Ticket:
    """The ticket. Raises NotFound."""
    ticket = session.scalar(select(Ticket).where(Ticket.reference == reference))
    if ticket is None:
        raise NotFound(f"no ticket {reference}")
    return ticket
