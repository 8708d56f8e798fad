"""The list of incidents: what is open, what was put right, and how many conversations each has touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ramah.lib.errors import NotFound
from ramah.observe.models import Incident, IncidentState, TouchedConversation
from ramah.store import Database

OPEN = (IncidentState.BACK, IncidentState.NEW, IncidentState.SEEN)
MOST = 200


@dataclass(frozen=True)
class ListedIncident:
    """An incident, and in how many conversations it happened."""

    incident: Incident
    conversations: int


def incidents(session: Session, states: Sequence[str] = OPEN, most: int = MOST) -> list[ListedIncident]:
    """Those in one of the states, the latest first. One statement."""
    touched = (
        select(func.count())
        .select_from(TouchedConversation)
        .where(TouchedConversation.incident_id == Incident.id)
        .correlate(Incident)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Incident, touched).where(Incident.state.in_(states)).order_by(Incident.last_at.desc()).limit(most)
    )
    return [ListedIncident(row[0], row[1]) for row in rows]


def find_incident(session: Session, beginning: str) -> Incident:
    """The one whose id begins so. Raises NotFound when none or several do."""
    found = session.scalars(select(Incident).where(Incident.id.startswith(beginning, autoescape=True)).limit(2)).all()
    if len(found) != 1:
        raise NotFound(f"{len(found) or 'no'} incidents have an id that begins with {beginning!r}")
    return found[0]


def mark(database: Database, organisation_id: str, incident_id: str, state: IncidentState) -> None:
    """Somebody has seen it, or put it right. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        mark_in(session, incident_id, state)


def mark_in(session: Session, incident_id: str, state: IncidentState) -> None:
    """The same in a running transaction. Raises NotFound."""
    marked = session.execute(
        update(Incident)
        .where(Incident.id == incident_id)
        .values(state=state, untold=False)
        .returning(Incident.id)
        .execution_options(synchronize_session=False)
    ).first()
    if marked is None:
        raise NotFound(f"no incident {incident_id}")
