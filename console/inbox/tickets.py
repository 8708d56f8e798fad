"""Tickets and the reason of a handover as the side panel shows them."""

from __future__ import annotations

from typing import Any

from console.translations import mark
from ramah.desk.side import SideFacts
from ramah.messaging.models import Conversation, HandledBy
from ramah.support.models import Category, Ticket, TicketEntryKind, TicketPriority, TicketStatus
from ramah.support.tickets import URGENT_FIRST
from ramah.support.working import BY_HAND

TONES = {TicketPriority.URGENT: "bad", TicketPriority.HIGH: "open"}
PRIORITIES = {
    TicketPriority.LOW: mark("Low"),
    TicketPriority.NORMAL: mark("Normal"),
    TicketPriority.HIGH: mark("High"),
    TicketPriority.URGENT: mark("Urgent"),
}
CATEGORIES = {
    Category.QUALITY: mark("Quality"),
    Category.LATENESS: mark("Lateness"),
    Category.DAMAGE: mark("Damage"),
    Category.BILLING: mark("Billing"),
    Category.STAFF: mark("Staff"),
    Category.SUBSCRIPTION: mark("Subscription"),
    Category.OTHER: mark("Other"),
}
REASONS = {
    "talk_to_person": mark("Asked for a person"),
    "complaint": mark("Complaint"),
    "booking_failed": mark("The booking failed"),
    "technical": mark("A technical trouble"),
    "cancel_subscription": mark("Wants to end a subscription"),
}
STATUSES = {
    TicketStatus.OPEN: mark("New"),
    TicketStatus.WORKING: mark("In progress"),
    TicketStatus.WAITING: mark("Waiting for the customer"),
    TicketStatus.SOLVED: mark("Solved"),
    TicketStatus.REOPENED: mark("Opened again"),
}
SOURCES = {
    "keyword": mark("wrote it"),
    "dialogue": mark("said so to the assistant"),
    "provider": mark("told by the channel"),
    "merge": mark("two contacts were merged"),
}


def ticket_items(facts: SideFacts, viewer: str) -> list[dict[str, Any]]:
    """The person's tickets, latest first, as ``viewer`` (an id of staff) may work on them."""
    return [_item(ticket, facts, viewer) for ticket in facts.tickets]


def handover_reason(conversation: Conversation) -> str | None:
    """Why the conversation waits for a person, in words; None where it does not."""
    reason = conversation.handover_reason
    return REASONS.get(reason, reason.replace("_", " ").capitalize()) if reason else None


def waits_first(conversation: Conversation) -> bool:
    """Whether somebody waits for a person with something urgent."""
    return conversation.handled_by == HandledBy.QUEUE and conversation.queue_rank == URGENT_FIRST


def consent_items(facts: SideFacts) -> list[dict[str, Any]]:
    """What the contact allows us to send unasked, the latest change first."""
    return [
        {
            "allowed": record.allowed,
            "channel": record.channel,
            "source": SOURCES.get(record.source, record.source),
            "words": record.words,
            "at": record.created_at,
        }
        for record in facts.consents
    ]


def _item(ticket: Ticket, facts: SideFacts, viewer: str) -> dict[str, Any]:
    solved = ticket.status == TicketStatus.SOLVED
    return {
        "reference": ticket.reference,
        "category": CATEGORIES[Category(ticket.category)],
        "priority": PRIORITIES[TicketPriority(ticket.priority)],
        "tone": "good" if solved else TONES.get(TicketPriority(ticket.priority), "open"),
        "status": STATUSES[TicketStatus(ticket.status)],
        "state": ticket.status,
        "solved": solved,
        "booking": ticket.booking_reference,
        "text": ticket.description,
        "photos": len(ticket.photos),
        "at": ticket.created_at,
        "path": f"/console/conversations/{ticket.conversation_id}/tickets/{ticket.reference}",
        "assigned": facts.workers.get(ticket.assigned_to or ""),
        "mine": ticket.assigned_to == viewer,
        "facts": [{"label": str(name), "value": str(value)} for name, value in ticket.facts.items()],
        "moves": [{"to": status, "label": STATUSES[status]} for status in BY_HAND],
        **_history(ticket, facts),
    }


def _history(ticket: Ticket, facts: SideFacts) -> dict[str, Any]:
    own = [(entry, name) for entry, name in facts.entries if entry.ticket_id == ticket.id]
    return {
        "entries": [
            {
                "by": name or mark("Somebody"),
                "kind": entry.kind,
                "text": STATUSES[TicketStatus(entry.text)] if entry.kind == TicketEntryKind.STATUS else entry.text,
                "at": entry.created_at,
            }
            for entry, name in own
        ],
        # Another one after each entry: what was typed is thrown away once it is written.
        "send_key": f"note-{own[0][0].id if own else 0}",
    }
