"""Incidents that are new, or back after they were put right, become alerts; a repetition does not. The alert is over
once somebody has seen the incident or put it right."""

from __future__ import annotations

from sqlalchemy import select

from ramah.messaging.alerts.register import close_alert, open_alert
from ramah.messaging.models import Alert
from ramah.observe.models import Incident, IncidentState
from ramah.store import Database

NEW, BACK = "incident", "incident_back"
AT_ONCE = 20
SETTLED = (IncidentState.SEEN, IncidentState.FIXED)


def tell_incidents(database: Database) -> bool:
    """Open the alerts of incidents that nobody was told of. Returns whether there were any."""
    with database.every_organisation_reading() as session:
        untold = session.scalars(
            select(Incident).where(Incident.untold).order_by(Incident.last_at).limit(AT_ONCE)
        ).all()
    for incident in untold:
        with database.tenant(incident.organisation_id) as session:
            current = session.get(Incident, incident.id, with_for_update=True)
            if current is None or not current.untold:
                continue
            current.untold = False
            # What was told before is over: it had been put right in between.
            for kind in (NEW, BACK):
                close_alert(session, kind, current.id, tell=False)
            open_alert(session, BACK if current.state == IncidentState.BACK else NEW, current.id, _facts(current))
    _end_settled(database)
    return bool(untold)


def _end_settled(database: Database) -> None:
    with database.every_organisation_reading() as session:
        settled = session.execute(
            select(Alert.organisation_id, Alert.subject)
            .join(Incident, Incident.id == Alert.subject)
            .where(Alert.kind.in_((NEW, BACK)), Alert.closed_at.is_(None), Incident.state.in_(SETTLED))
            .limit(AT_ONCE)
        ).all()
    for organisation_id, incident_id in settled:
        with database.tenant(organisation_id) as session:
            for kind in (NEW, BACK):
                close_alert(session, kind, incident_id, tell=False)


def _facts(incident: Incident) -> dict[str, str]:
    return {
        "subsystem": incident.subsystem,
        "operation": incident.operation,
        "place": incident.place,
        "short": incident.id[:8],
    }
