"""Tickets and the reason of a handover as the side panel shows them."""

from __future__ import annotations

from typing import Any

from ramah.desk.side import SideFacts
from ramah.messaging.models import Conversation
from ramah.support.models import Ticket, TicketPriority, TicketStatus

TONES = {TicketPriority.URGENT: "bad", TicketPriority.HIGH: "open"}
REASONS = {
    "talk_to_person": "Asked for a person",
    "complaint": "Complaint",
    "booking_failed": "The booking failed",
    "technical": "A technical trouble",
}


def ticket_items(facts: SideFacts) -> list[dict[str, Any]]:
    """The person's tickets, latest first."""
    return [_item(ticket) for ticket in facts.tickets]


def handover_reason(conversation: Conversation) -> str | None:
    """Why the conversation waits for a person, in words; None where it does not."""
    reason = conversation.handover_reason
    return REASONS.get(reason, reason.replace("_", " ").capitalize()) if reason else None


def _item(ticket: Ticket) -> dict[str, Any]:
    solved = ticket.status == TicketStatus.SOLVED
    return {
        "reference": ticket.reference,
        "category": ticket.category.capitalize(),
        "priority": ticket.priority.capitalize(),
        "tone": "good" if solved else TONES.get(TicketPriority(ticket.priority), "open"),
        "status": ticket.status.capitalize(),
        "solved": solved,
        "booking": ticket.booking_reference,
        "text": ticket.description,
        "photos": len(ticket.photos),
        "at": ticket.created_at,
    }
