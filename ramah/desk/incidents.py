"""What administrators do with incidents: look at one with the conversations and turns it touched, and mark it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.lib.errors import NotFound
from ramah.messaging.models import Conversation, Inbound, TurnTrace
from ramah.observe import Incident
from ramah.observe.models import IncidentState, TouchedConversation
from ramah.observe.register import mark_in
from ramah.people import Contact
from ramah.people.audit import Subject, record
from ramah.store import Database

MOST_SHOWN = 20


@dataclass(frozen=True)
class Touched:
    """A conversation in which an incident happened, and its last turn that failed and was kept."""

    id: str
    contact: Contact
    at: datetime
    turn: int | None


def read_incident(session: Session, incident_id: str) -> tuple[Incident, Sequence[Touched]]:
    """An incident with the conversations it touched last. Three statements. Raises NotFound."""
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound(f"no incident {incident_id}")
    rows = session.execute(
        select(Conversation.id, Contact, TouchedConversation.created_at)
        .join(Conversation, Conversation.id == TouchedConversation.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(TouchedConversation.incident_id == incident_id)
        .order_by(TouchedConversation.created_at.desc())
        .limit(MOST_SHOWN)
    ).all()
    turns = _failed_turns(session, [row[0] for row in rows]) if rows else {}
    return incident, [Touched(row[0], row[1], row[2], turns.get(row[0])) for row in rows]


def mark_incident(database: Database, organisation_id: str, incident_id: str, state: IncidentState) -> None:
    """Somebody looks after it, or has put it right. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        incident = session.get(Incident, incident_id)
        if incident is None:
            raise NotFound(f"no incident {incident_id}")
        subject, before = Subject("incident", incident_id, incident.place), incident.state
        mark_in(session, incident_id, state)
        record(session, "incident.marked", subject, old={"state": before}, new={"state": state.value})


def _failed_turns(session: Session, conversation_ids: Sequence[str]) -> dict[str, int]:
    rows = session.execute(
        select(TurnTrace.conversation_id, TurnTrace.inbound_id)
        .join(Inbound, Inbound.id == TurnTrace.inbound_id)
        .where(Inbound.conversation_id.in_(conversation_ids), TurnTrace.failed)
        .order_by(TurnTrace.inbound_id)
    )
    return {row[0]: row[1] for row in rows}
