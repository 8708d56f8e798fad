"""The queue as JSON: divisions, settings, the panel, and presence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict
from sanic import Blueprint, Request
from sanic.exceptions import InvalidUsage
from sanic.response import HTTPResponse, empty, json
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.api.describing import Description, described
from console.permissions import for_programs, needs
from console.queue import presenters
from console.queue.answers import (
    DivisionsAnswer,
    IdAnswer,
    PresenceAnswer,
    QueueAnswer,
    QueueSettingsAnswer,
)
from console.wiring import in_thread, wiring
from ramah.desk.queue import moving, setting_up
from ramah.desk.queue.panel import read_panel
from ramah.desk.queue.reading_forms import checked
from ramah.lib.errors import BadInput
from ramah.messaging.divisions.assigning import serve
from ramah.messaging.divisions.presence import choose_presence, heard_from
from ramah.messaging.models import Division, QueueSettings
from ramah.people import Organisation
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import Database

blueprint = Blueprint("queue_api", url_prefix="/api/app")
READING = (401, 403)
CHANGING = (400, 401, 403, 404, 409)


class Heartbeat(BaseModel):
    """A page is open; ``active``: its person did something since the last one. ``away`` changes their choice."""

    model_config = ConfigDict(extra="forbid")

    active: bool = False
    away: bool | None = None


class Ids(BaseModel):
    """Ids in an order, or of a set."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str]


class To(BaseModel):
    """Where a conversation goes."""

    model_config = ConfigDict(extra="forbid")

    division_id: str | None = None
    staff_id: str | None = None


@blueprint.get("/divisions")
@for_programs
@needs(Permission.ANSWER)
@described(Description("Divisions", "queue", {200: DivisionsAnswer}, problems=READING))
async def list_divisions(request: Request) -> HTTPResponse:
    """The divisions in the menu's order."""

    def read(session: Session) -> dict[str, Any]:
        rows = session.scalars(select(Division).order_by(Division.position, Division.created_at))
        return {"divisions": [presenters.division(row) for row in rows]}

    return await _read(request, read)


@blueprint.post("/divisions")
@for_programs
@needs(Permission.MANAGE_QUEUE)
@described(Description("A new division", "queue", {201: IdAnswer}, setting_up.DivisionForm, problems=CHANGING))
async def add_division(request: Request) -> HTTPResponse:
    """A new division."""
    login, database = _login(request), wiring(request).database
    form = checked(setting_up.DivisionForm, _body(request))
    division_id = await in_thread(lambda: setting_up.add_division(database, login.organisation_id, form))
    return json({"id": division_id}, status=201)


@blueprint.put("/divisions/order")
@for_programs
@needs(Permission.MANAGE_QUEUE)
@described(Description("The menu's order", "queue", {204: "text/plain"}, Ids, problems=CHANGING))
async def order_divisions(request: Request) -> HTTPResponse:
    """The menu's order."""
    ids = checked(Ids, _body(request)).ids
    return await _done(request, lambda database, ours: setting_up.order_divisions(database, ours, ids))


@blueprint.put("/divisions/<division_id:str>")
@for_programs
@needs(Permission.MANAGE_QUEUE)
@described(Description("A division anew", "queue", {204: "text/plain"}, setting_up.DivisionForm, problems=CHANGING))
async def change_division(request: Request, division_id: str) -> HTTPResponse:
    """A division anew."""
    form = checked(setting_up.DivisionForm, _body(request))
    return await _done(request, lambda database, ours: setting_up.change_division(database, ours, division_id, form))


@blueprint.delete("/divisions/<division_id:str>")
@for_programs
@needs(Permission.MANAGE_QUEUE)
@described(Description("Take a division away", "queue", {204: "text/plain"}, problems=CHANGING))
async def delete_division(request: Request, division_id: str) -> HTTPResponse:
    """Take a division away."""
    return await _done(request, lambda database, ours: setting_up.delete_division(database, ours, division_id))


@blueprint.put("/divisions/<division_id:str>/agents")
@for_programs
@needs(Permission.MANAGE_QUEUE)
@described(Description("Who serves in a division", "queue", {204: "text/plain"}, Ids, problems=CHANGING))
async def set_agents(request: Request, division_id: str) -> HTTPResponse:
    """Exactly these people serve there."""
    ids = checked(Ids, _body(request)).ids
    return await _done(request, lambda database, ours: setting_up.set_agents(database, ours, division_id, ids))


@blueprint.get("/queue")
@for_programs
@needs(Permission.ANSWER)
@described(Description("Who waits where, and who serves", "queue", {200: QueueAnswer}, problems=READING))
async def show_queue(request: Request) -> HTTPResponse:
    """The panel."""
    login = _login(request)
    return await _read(
        request, lambda session: presenters.panel(read_panel(session, login.organisation_id), login.staff_id)
    )


@blueprint.get("/queue/settings")
@for_programs
@needs(Permission.MANAGE_QUEUE)
@described(Description("How the queue works", "queue", {200: QueueSettingsAnswer}, problems=READING))
async def show_settings(request: Request) -> HTTPResponse:
    """How the queue works."""
    organisation_id = _login(request).organisation_id

    def read(session: Session) -> dict[str, Any]:
        mode = session.get_one(Organisation, organisation_id).queue_mode
        return presenters.settings(session.get(QueueSettings, organisation_id), mode)

    return await _read(request, read)


@blueprint.put("/queue/settings")
@for_programs
@needs(Permission.MANAGE_QUEUE)
@described(
    Description("Set how the queue works", "queue", {204: "text/plain"}, setting_up.SettingsForm, problems=CHANGING)
)
async def change_settings(request: Request) -> HTTPResponse:
    """Set what the body has."""
    form = checked(setting_up.SettingsForm, _body(request))
    return await _done(request, lambda database, ours: setting_up.change_settings(database, ours, form))


@blueprint.post("/queue/<conversation_id:str>/assign")
@for_programs
@needs(Permission.MANAGE_QUEUE)
@described(Description("Give a waiting customer to somebody", "queue", {204: "text/plain"}, To, problems=CHANGING))
async def assign(request: Request, conversation_id: str) -> HTTPResponse:
    """Give a waiting customer to somebody: ``staff_id``."""
    staff_id = checked(To, _body(request)).staff_id or ""
    return await _done(request, lambda database, ours: moving.assign_to(database, ours, conversation_id, staff_id))


@blueprint.post("/queue/<conversation_id:str>/move")
@for_programs
@needs(Permission.ANSWER)
@described(Description("Pass a conversation on", "queue", {204: "text/plain"}, To, problems=CHANGING))
async def move(request: Request, conversation_id: str) -> HTTPResponse:
    """Pass a conversation on: ``division_id``."""
    to, mover = checked(To, _body(request)).division_id or "", _login(request).staff_id
    return await _done(request, lambda database, ours: moving.move_to(database, ours, conversation_id, to, mover))


@blueprint.post("/presence")
@for_programs
@needs(Permission.ANSWER)
@described(Description("A page is open", "queue", {200: PresenceAnswer}, Heartbeat, problems=CHANGING))
async def beat(request: Request) -> HTTPResponse:
    """A heartbeat of the person's page, every 20 seconds; answers how they stand."""
    login, database = _login(request), wiring(request).database
    body = checked(Heartbeat, _body(request))

    def run() -> str:
        who = (login.organisation_id, login.staff_id)
        if body.away is None:
            return heard_from(database, *who, active=body.active).value
        presence = choose_presence(database, *who, away=body.away)
        serve(database, login.organisation_id)
        return presence.value

    return json({"presence": await in_thread(run)})


async def _read(request: Request, read: Callable[[Session], dict[str, Any]]) -> HTTPResponse:
    """What ``read`` finds in the organisation of the login."""
    login, database = _login(request), wiring(request).database

    def run() -> dict[str, Any]:
        with database.tenant_reading(login.organisation_id) as session:
            return read(session)

    return json(await in_thread(run), default=str)


async def _done(request: Request, act: Callable[[Database, str], object]) -> HTTPResponse:
    """Nothing but that it is done, in the organisation of the login."""
    login, database = _login(request), wiring(request).database
    await in_thread(lambda: act(database, login.organisation_id))
    return empty()


def _body(request: Request) -> Any:
    try:
        return request.load_json()
    except InvalidUsage as error:
        raise BadInput("the body is no JSON") from error


def _login(request: Request) -> Login:
    login: Login = request.ctx.login
    return login
