"""The list of incidents, one of them, and marking it."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.inbox.presenters import contact_name
from console.permissions import needs
from console.render import page
from console.security import form_text
from console.translations import Marked, mark
from console.wiring import in_thread, wiring
from ramah.desk.incidents import Touched, mark_incident, read_incident
from ramah.lib.errors import BadInput
from ramah.observe import Incident
from ramah.observe.models import IncidentState
from ramah.observe.register import OPEN, ListedIncident, incidents
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("incidents", url_prefix="/console/incidents")
STATES: dict[IncidentState, Marked] = {
    IncidentState.NEW: mark("New"),
    IncidentState.SEEN: mark("Somebody looks after it"),
    IncidentState.FIXED: mark("Put right"),
    IncidentState.BACK: mark("Back again"),
}
TONES = {IncidentState.NEW: "bad", IncidentState.BACK: "bad", IncidentState.SEEN: "wait", IncidentState.FIXED: "bot"}


@blueprint.get("/")
@needs(Permission.SEE_INCIDENTS)
async def show_incidents(request: Request) -> HTTPResponse:
    """Those that are open, or all, the latest first."""
    login, database = _login(request), wiring(request).database
    everything = request.args.get("show") == "all"

    def read() -> list[ListedIncident]:
        with database.tenant_reading(login.organisation_id) as session:
            return incidents(session, tuple(IncidentState) if everything else OPEN)

    rows = [{**_shown(one.incident), "conversations": one.conversations} for one in await in_thread(read)]
    return await page(request, "incidents/page.html", title=mark("Incidents"), rows=rows, everything=everything)


@blueprint.get("/<incident_id:str>")
@needs(Permission.SEE_INCIDENTS)
async def show_incident(request: Request, incident_id: str) -> HTTPResponse:
    """One, with the conversations that it touched."""
    login, database = _login(request), wiring(request).database

    def read() -> dict[str, Any]:
        with database.tenant_reading(login.organisation_id) as session:
            incident, touched = read_incident(session, incident_id)
            return {"incident": _shown(incident), "touched": [_touched(one, login.language) for one in touched]}

    found = await in_thread(read)
    return await page(request, "incidents/incident.html", title=mark("Incident"), **found)


@blueprint.post("/<incident_id:str>")
@needs(Permission.SEE_INCIDENTS)
async def mark_one(request: Request, incident_id: str) -> HTTPResponse:
    """Note that somebody looks after it, or that it is put right."""
    login, database = _login(request), wiring(request).database
    asked = form_text(request, "state")
    if asked not in (IncidentState.SEEN, IncidentState.FIXED):
        raise BadInput("the state is seen or fixed")
    await in_thread(lambda: mark_incident(database, login.organisation_id, incident_id, IncidentState(asked)))
    return redirect(f"/console/incidents/{incident_id}", status=303)


def _touched(one: Touched, language: str) -> dict[str, Any]:
    return {"id": one.id, "name": contact_name(one.contact, language), "at": one.at, "turn": one.turn}


def _shown(incident: Incident) -> dict[str, Any]:
    state = IncidentState(incident.state)
    return {
        "id": incident.id,
        "state": state.value,
        "state_name": STATES[state],
        "tone": TONES[state],
        "subsystem": incident.subsystem,
        "operation": incident.operation,
        "place": incident.place,
        "message": incident.message,
        "first_line": incident.message.splitlines()[0][:160] if incident.message else "",
        "release": incident.release,
        "count": incident.count,
        "first_at": incident.first_at,
        "last_at": incident.last_at,
    }


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by needs
    return login
