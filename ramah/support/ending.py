"""Ending a subscription is a person's work: what they need for it is gathered into a ticket."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.context import Place
from ramah.booking.facts import SUBSCRIPTION
from ramah.booking.models import Draft, DraftStatus
from ramah.lib.wording import clock, long_date
from ramah.messaging.conversations import locked
from ramah.messaging.models import Conversation
from ramah.mood import read_mood
from ramah.support.booked import visit_of
from ramah.support.models import Category
from ramah.support.tickets import Report, TicketView, add_report, open_ticket_for, view

MOST = 3


def open_ending_ticket(place: Place, text: str, message: int | None) -> TicketView:
    """The ticket of the wish: one a conversation as long as it is open, with the subscriptions made in this chat."""
    with place.database.tenant(place.organisation_id) as session:
        conversation = locked(session, place.conversation_id)
        ticket = open_ticket_for(session, conversation, Category.SUBSCRIPTION)
        mood = read_mood(text, place.language)
        drafts = _subscriptions(session, conversation)
        reference = drafts[0].reference if len(drafts) == 1 else None
        add_report(session, conversation, ticket, Report(text, mood, message, (), reference))
        ticket.facts = {draft.reference: _facts(draft) for draft in drafts}
        return view(ticket)


def _subscriptions(session: Session, conversation: Conversation) -> list[Draft]:
    """The standing orders of this person, the latest first."""
    booked = select(Draft).where(Draft.contact_id == conversation.contact_id, Draft.status == DraftStatus.BOOKED)
    rows = session.scalars(booked.order_by(Draft.updated_at.desc()))
    return [row for row in rows if (row.document or {}).get("kind") == SUBSCRIPTION][:MOST]


def _facts(draft: Draft) -> str:
    """One line for operators: service, plan, car, first visit."""
    visit, document = visit_of(draft), draft.document or {}
    begins = f"{long_date(visit.starts_at.date(), 'en')} {clock(visit.starts_at.timetz())}" if visit.starts_at else ""
    plan = str(document.get("plan_name") or document.get("plan") or "")
    return ", ".join(filter(None, (visit.service, plan, f"{visit.car} {visit.plate}".strip(), begins)))
