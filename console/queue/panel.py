"""The queue panel: who waits where, who is there, and what one does about it."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty, redirect, text

from console.permissions import may, needs
from console.queue import presenters
from console.render import page
from console.security import form_text
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.desk.queue import moving
from ramah.desk.queue.panel import read_panel
from ramah.messaging.divisions.assigning import serve
from ramah.messaging.divisions.places import lengths
from ramah.messaging.divisions.presence import Presence, choose_presence
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("queue_panel", url_prefix="/console/queue")


@blueprint.get("/")
@needs(Permission.ANSWER)
async def show(request: Request) -> HTTPResponse:
    """The whole page."""
    return await page(request, "queue/panel.html", title=mark("Queue"), **await _panel(request))


@blueprint.get("/panel")
@needs(Permission.ANSWER)
async def show_panel(request: Request) -> HTTPResponse:
    """What changes on it by itself."""
    return await page(request, "queue/_panel.html", **await _panel(request))


@blueprint.get("/count")
@needs(Permission.ANSWER)
async def show_count(request: Request) -> HTTPResponse:
    """How many wait in the lines, for the menu's badge; empty for none."""
    login, database = _login(request), wiring(request).database

    def read() -> int:
        with database.tenant_reading(login.organisation_id) as session:
            return sum(lengths(session).values())

    return text(str(await in_thread(read) or ""), headers={"cache-control": "no-store"})


@blueprint.post("/next")
@needs(Permission.ANSWER)
async def take_next(request: Request) -> HTTPResponse:
    """Take who is next, and open the conversation."""
    login, database = _login(request), wiring(request).database
    division_id = form_text(request, "division_id") or None
    taken = await in_thread(lambda: moving.take_next(database, login.organisation_id, login.staff_id, division_id))
    if taken is None:
        return empty()
    if request.headers.get("hx-request") == "true":
        return empty(headers={"hx-redirect": f"/console/conversations/{taken}"})
    return redirect(f"/console/conversations/{taken}", status=303)


@blueprint.post("/<conversation_id:str>/move")
@needs(Permission.ANSWER)
async def move(request: Request, conversation_id: str) -> HTTPResponse:
    """Pass a conversation on to a division."""
    login, database = _login(request), wiring(request).database
    division_id = form_text(request, "division_id")
    await in_thread(
        lambda: moving.move_to(database, login.organisation_id, conversation_id, division_id, login.staff_id)
    )
    return await page(request, "queue/_panel.html", **await _panel(request))


@blueprint.post("/<conversation_id:str>/assign")
@needs(Permission.MANAGE_QUEUE)
async def assign(request: Request, conversation_id: str) -> HTTPResponse:
    """Give a waiting customer to somebody."""
    login, database = _login(request), wiring(request).database
    staff_id = form_text(request, "staff_id")
    await in_thread(lambda: moving.assign_to(database, login.organisation_id, conversation_id, staff_id))
    return await page(request, "queue/_panel.html", **await _panel(request))


@blueprint.post("/presence")
@needs(Permission.ANSWER)
async def set_presence(request: Request) -> HTTPResponse:
    """Online or away, as the person chose; who is back is given who waits."""
    login, database = _login(request), wiring(request).database
    away = form_text(request, "presence") == Presence.AWAY.value

    def run() -> None:
        choose_presence(database, login.organisation_id, login.staff_id, away=away)
        serve(database, login.organisation_id)

    await in_thread(run)
    return await page(request, "queue/_panel.html", **await _panel(request))


async def _panel(request: Request) -> dict[str, Any]:
    login, database = _login(request), wiring(request).database

    def read() -> dict[str, Any]:
        with database.tenant_reading(login.organisation_id) as session:
            return presenters.panel(read_panel(session, login.organisation_id), login.staff_id)

    return {**await in_thread(read), "may_manage": may(login, Permission.MANAGE_QUEUE)}


def _login(request: Request) -> Login:
    login: Login = request.ctx.login
    return login
