"""What operators do with a ticket: take it, move it on, note something. The customer hears of what concerns them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.lib.errors import BadInput, Refused
from ramah.messaging.conversations import current_conversation, locked, touch
from ramah.messaging.inbox import request_say
from ramah.messaging.models import Conversation, HandledBy
from ramah.people import Staff
from ramah.store import Database, utc_now
from ramah.support.models import Ticket, TicketEntry, TicketEntryKind, TicketStatus
from ramah.support.tickets import TicketView, change_status, ticket_by_reference, view

LONGEST_NOTE = 2_000
MOST_ENTRIES = 20
BY_HAND = (TicketStatus.OPEN, TicketStatus.WORKING, TicketStatus.WAITING, TicketStatus.SOLVED)
"""What a person may set; ``reopened`` comes from the customer."""


@dataclass(frozen=True)
class Worker:
    """Who works on a ticket. ``may_take_from_others``: it is theirs to give work to other people."""

    staff_id: str
    may_take_from_others: bool = False


def take_ticket(database: Database, organisation_id: str, reference: str, worker: Worker) -> TicketView:
    """Somebody takes care of a ticket; the customer is told once. Repeating it changes nothing.

    Raises NotFound, and Refused when it is solved or a colleague has it."""
    with database.tenant(organisation_id) as session:
        conversation, ticket = _held(session, reference)
        if ticket.assigned_to == worker.staff_id:
            return view(ticket)
        if ticket.status == TicketStatus.SOLVED:
            raise Refused("This ticket is solved; set another status first.")
        if ticket.assigned_to is not None and not worker.may_take_from_others:
            name = session.scalar(select(Staff.name).where(Staff.id == ticket.assigned_to)) or "A colleague"
            raise Refused(f"{name} has this ticket; a supervisor can give it to you.")
        ticket.assigned_to = worker.staff_id
        _enter(session, ticket, worker, TicketEntryKind.TAKEN)
        if ticket.status in (TicketStatus.OPEN, TicketStatus.REOPENED):
            change_status(session, conversation, ticket, TicketStatus.WORKING)
        _tell_taken(session, ticket)
        touch(session, conversation)
        return view(ticket)


def move_ticket(
    database: Database, organisation_id: str, reference: str, worker: Worker, status: TicketStatus
) -> TicketView:
    """Set a ticket's status. The customer is told when it is solved, and when somebody begins to work on it.

    Raises NotFound, and BadInput for a status that is not set by hand. The same status again changes nothing."""
    if status not in BY_HAND:
        raise BadInput("Choose new, in progress, waiting for the customer, or solved.")
    with database.tenant(organisation_id) as session:
        conversation, ticket = _held(session, reference)
        if ticket.status == status:
            return view(ticket)
        change_status(session, conversation, ticket, status)
        _enter(session, ticket, worker, TicketEntryKind.STATUS, status)
        if status is TicketStatus.SOLVED:
            _tell(session, ticket, f"solved-{_times_solved(session, ticket)}", "utter_ticket_solved")
        elif status is TicketStatus.WORKING:
            _tell_taken(session, ticket)
        return view(ticket)


def note_on_ticket(
    database: Database, organisation_id: str, reference: str, worker: Worker, text: str, send_key: str
) -> None:
    """Write a note among colleagues, once per ``send_key``. Raises NotFound and BadInput."""
    said = text.replace("\x00", "").strip()
    if not said or len(said) > LONGEST_NOTE:
        raise BadInput(f"Write a note of at most {LONGEST_NOTE} characters.")
    with database.tenant(organisation_id) as session:
        conversation, ticket = _held(session, reference)
        same = select(TicketEntry.id).where(TicketEntry.ticket_id == ticket.id, TicketEntry.send_key == send_key)
        if send_key and session.scalar(same) is not None:
            return
        _enter(session, ticket, worker, TicketEntryKind.NOTE, said, send_key or None)
        ticket.updated_at = utc_now()
        touch(session, conversation)


def entries_of(session: Session, ticket_ids: Sequence[str]) -> list[tuple[TicketEntry, str | None]]:
    """The history of some tickets with the names of who wrote it, the latest first. One query."""
    rows = session.execute(
        select(TicketEntry, Staff.name)
        .outerjoin(Staff, Staff.id == TicketEntry.staff_id)
        .where(TicketEntry.ticket_id.in_(ticket_ids))
        .order_by(TicketEntry.id.desc())
        .limit(MOST_ENTRIES * max(1, len(ticket_ids)))
    )
    return [(row[0], row[1]) for row in rows]


def _held(session: Session, reference: str) -> tuple[Conversation, Ticket]:
    """A ticket, read anew under its conversation's lock. Raises NotFound."""
    ticket = ticket_by_reference(session, reference)
    conversation = locked(session, ticket.conversation_id)
    session.refresh(ticket)
    return conversation, ticket


def _enter(
    session: Session,
    ticket: Ticket,
    worker: Worker,
    kind: TicketEntryKind,
    text: str = "",
    send_key: str | None = None,
) -> None:
    session.add(TicketEntry(ticket_id=ticket.id, staff_id=worker.staff_id, kind=kind, text=text, send_key=send_key))
    session.flush()


def _times_solved(session: Session, ticket: Ticket) -> int:
    solved = select(func.count(TicketEntry.id)).where(
        TicketEntry.ticket_id == ticket.id,
        TicketEntry.kind == TicketEntryKind.STATUS,
        TicketEntry.text == TicketStatus.SOLVED,
    )
    return session.scalar(solved) or 0


def _tell_taken(session: Session, ticket: Ticket) -> None:
    """Once a ticket; and not while the customer is talking to a person anyhow."""
    conversation = locked(session, current_conversation(session, ticket.conversation_id))
    if conversation.handled_by != HandledBy.HUMAN:
        _tell(session, ticket, "taken", "utter_ticket_taken")


def _tell(session: Session, ticket: Ticket, event: str, response: str) -> None:
    conversation = locked(session, current_conversation(session, ticket.conversation_id))
    request_say(session, conversation, f"ticket-{ticket.reference}-{event}", response, {"ticket": ticket.reference})
