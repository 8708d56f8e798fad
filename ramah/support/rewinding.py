"""A conversation's tickets as they were before one of its turns, so that the turn can be tried again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.rewinding import Then
from ramah.support.models import Ticket, TicketEntry, TicketStatus


def rewind_tickets(session: Session, then: Then) -> None:
    """Take back what came since; the words of a description stay. Only for a session whose writes are rolled back."""
    tickets = select(Ticket).where(Ticket.conversation_id == then.conversation_id, Ticket.updated_at >= then.moment)
    for ticket in session.scalars(tickets).all():
        if ticket.created_at >= then.moment:
            for entry in session.scalars(select(TicketEntry).where(TicketEntry.ticket_id == ticket.id)):
                session.delete(entry)
            session.flush()
            session.delete(ticket)
        else:
            _rewind(ticket, then)
    session.flush()


def _rewind(ticket: Ticket, then: Then) -> None:
    if then.message_id.isdecimal():
        ticket.messages = [one for one in ticket.messages if one < int(then.message_id)]
        ticket.photos = [one for one in ticket.photos if one < int(then.message_id)]
    if ticket.solved_at is not None and ticket.solved_at >= then.moment:
        ticket.status, ticket.solved_at = TicketStatus.OPEN, None
