"""What to ask for a step of a complaint: a response, its variables, the choices that come from data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ramah.booking.context import Place
from ramah.booking.questions import Question
from ramah.channels.content import Choice
from ramah.lib.wording import clock, short_date
from ramah.messaging.models import Conversation
from ramah.support.booked import BookedVisit, booked_visits
from ramah.support.complaining import BOOKING

MOST_CHOICES = 8
"""Beside them stands "something else", and WhatsApp shows ten rows."""

LONGEST_TITLE = 20


def ask_complaint(place: Place, step: str, ticket: str | None, memory: Mapping[str, Any]) -> Question:
    """The question for a step; in other words where it was asked before."""
    again = "_again" if int(memory.get(step, 0)) > 1 else ""
    choices = _bookings(place, ticket or "") if step == BOOKING else ()
    return Question(f"utter_ask_{step}{again}", {"ticket": ticket or ""}, choices)


def _bookings(place: Place, ticket: str) -> tuple[Choice, ...]:
    with place.database.tenant_reading(place.organisation_id) as session:
        contact_id = session.get_one(Conversation, place.conversation_id).contact_id
        visits = booked_visits(session, contact_id)
    return tuple(_choice(visit, ticket, place.language or "id") for visit in visits[:MOST_CHOICES])


def _choice(visit: BookedVisit, ticket: str, language: str) -> Choice:
    payload = json.dumps({"ticket": ticket, "step": BOOKING, "value": visit.reference}, separators=(",", ":"))
    start = visit.starts_at
    title = f"{short_date(start.date(), language)} {clock(start.timetz())}" if start else visit.reference
    below = " · ".join(filter(None, (visit.service, f"{visit.car} {visit.plate}".strip(), visit.reference)))
    return Choice(title=title[:LONGEST_TITLE], payload=f"/choose_complaint{payload}", description=below)
