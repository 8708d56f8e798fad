"""Saved filters: kept from the list, renamed, shared and forgotten."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from console.permissions import needs
from console.render import page
from console.security import form_text
from console.translations import Marked, mark
from console.wiring import in_thread, wiring
from ramah.desk.list_filters import Filter
from ramah.desk.saved_filters import FilterView, delete_filter, rename_filter, save_filter, saved_filters
from ramah.lib.errors import BadInput
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("filters", url_prefix="/console/filters")
PROBLEMS: dict[str, Marked] = {
    "name": mark("A filter has a name of 1 to 60 characters."),
    "taken": mark("You have a filter of this name already."),
}


@blueprint.get("/")
@needs(Permission.ANSWER)
async def show_own(request: Request) -> HTTPResponse:
    """One's own filters, as a fragment."""
    return await _list(request)


@blueprint.post("/")
@needs(Permission.ANSWER)
async def keep_filter(request: Request) -> HTTPResponse:
    """Keep what the list is asked for under ``name``; ``shared`` for all colleagues."""
    login: Login = request.ctx.login
    database, name = wiring(request).database, form_text(request, "name")
    wanted, shared = Filter.of(lambda field: form_text(request, field)), form_text(request, "shared") == "yes"
    who = (login.organisation_id, login.staff_id)
    found = await in_thread(lambda: save_filter(database, *who, name, wanted, shared=shared))
    return json({"id": found}, status=201)


@blueprint.post("/<filter_id:str>")
@needs(Permission.ANSWER)
async def rename(request: Request, filter_id: str) -> HTTPResponse:
    """Give one's own filter another ``name``; ``shared`` for all colleagues."""
    login: Login = request.ctx.login
    database, name = wiring(request).database, form_text(request, "name")
    shared, who = form_text(request, "shared") == "yes", (login.organisation_id, login.staff_id)
    try:
        await in_thread(lambda: rename_filter(database, *who, filter_id, name, shared=shared))
    except BadInput as error:
        # 200, since htmx shows nothing else in the dialog.
        return await _list(request, problem=PROBLEMS[error.code or "name"])
    return await _list(request, changed=True)


@blueprint.post("/<filter_id:str>/delete")
@needs(Permission.ANSWER)
async def drop_filter(request: Request, filter_id: str) -> HTTPResponse:
    """Forget one's own filter."""
    login: Login = request.ctx.login
    database = wiring(request).database
    await in_thread(lambda: delete_filter(database, login.organisation_id, login.staff_id, filter_id))
    return await _list(request, changed=True)


async def _list(request: Request, problem: Marked | None = None, *, changed: bool = False) -> HTTPResponse:
    login: Login = request.ctx.login
    database = wiring(request).database

    def read() -> list[FilterView]:
        with database.tenant_reading(login.organisation_id) as session:
            return saved_filters(session, login.staff_id)

    saved = await in_thread(read)
    return await page(request, "inbox/filters.html", saved=saved, problem=problem, changed=changed)
