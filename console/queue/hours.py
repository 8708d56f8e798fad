"""A division's own hours, with the same editor as the bot's."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty, redirect

from console.hours import presenters
from console.hours.forms import plan_in
from console.permissions import needs
from console.render import page
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.messaging.hours.keeping import Owner
from ramah.messaging.hours.managing import follow_default, read_division, save_plan
from ramah.messaging.models import HoursOwner
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import utc_now

blueprint = Blueprint("queue_hours", url_prefix="/console/queue/settings/divisions/<division_id:str>/hours")
DONE = frozenset({"saved", "default"})


@blueprint.get("/")
@needs(Permission.MANAGE_QUEUE)
async def show_hours(request: Request, division_id: str) -> HTTPResponse:
    """The hours of a division; none kept means open always."""
    login, database, done = _login(request), wiring(request).database, request.args.get("done", "")
    found = await in_thread(lambda: read_division(database, login.organisation_id, division_id))
    return await page(
        request,
        "queue/hours.html",
        title=mark("Hours"),
        done=done if done in DONE else None,
        may_set_mode=False,
        action=_address(division_id),
        **presenters.page_context(found, login.language, utc_now()),
    )


@blueprint.post("/")
@needs(Permission.MANAGE_QUEUE)
async def save(request: Request, division_id: str) -> HTTPResponse:
    """Keep the form's plan."""
    owner, database = _owner(request, division_id), wiring(request).database
    # Whether there is such a division is said before anything about the form.
    await in_thread(lambda: read_division(database, owner.organisation_id, division_id))
    plan = plan_in(request)
    await in_thread(lambda: save_plan(database, owner, plan))
    return _back(request, division_id, "saved")


@blueprint.post("/default")
@needs(Permission.MANAGE_QUEUE)
async def open_always(request: Request, division_id: str) -> HTTPResponse:
    """The division keeps no hours any more."""
    owner, database = _owner(request, division_id), wiring(request).database
    await in_thread(lambda: follow_default(database, owner))
    return _back(request, division_id, "default")


def _owner(request: Request, division_id: str) -> Owner:
    return Owner(_login(request).organisation_id, division_id, HoursOwner.DIVISION)


def _address(division_id: str) -> str:
    return f"/console/queue/settings/divisions/{division_id}/hours"


def _back(request: Request, division_id: str, done: str) -> HTTPResponse:
    """To the page, whoever posted: a script keeps the form where something is wrong."""
    address = f"{_address(division_id)}?done={done}"
    if request.headers.get("hx-request") == "true":
        return empty(headers={"hx-redirect": address})
    return redirect(address, status=303)


def _login(request: Request) -> Login:
    login: Login = request.ctx.login
    return login
