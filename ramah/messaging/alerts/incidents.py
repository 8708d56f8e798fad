"""Incidents that are new, or back after they were put right, become alerts; a repetition does not."""

from __future__ import annotations

from sqlalchemy import select

from ramah.messaging.alerts.register import close_alert, open_alert
from ramah.observe.models import Incident, IncidentState
from ramah.store import Database

NEW, BACK = "incident", "incident_back"
AT_ONCE = 20


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
    return bool(untold)


def _facts(incident: Incident) -> dict[str, str]:
    return {
        "subsystem": incident.subsystem,
        "operation": incident.operation,
        "place": incident.place,
        "short": incident.id[:8],
    }
