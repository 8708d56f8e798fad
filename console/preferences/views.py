"""The page of a person's own settings, and what every open page asks for: those settings and the counts."""

from __future__ import annotations

from dataclasses import asdict, fields

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json, redirect

from console.render import LANGUAGE_NAMES, page
from console.security import form_text, staff_only
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.desk.inbox_list import counts
from ramah.lib.errors import BadInput
from ramah.people.preferences import Signs, save_preferences, signs_of
from ramah.people.sessions import Login
from ramah.store import Database

blueprint = Blueprint("preferences", url_prefix="/console")
PAGE = "/console/preferences"
KINDS = {
    "message": mark("A customer writes in a conversation that is yours"),
    "waiting": mark("Somebody begins to wait for a person"),
    "mention": mark("A colleague mentions you"),
}


@blueprint.get("/preferences")
@staff_only
async def show_preferences(request: Request) -> HTTPResponse:
    """The form, filled with what was chosen."""
    login, database = _login(request), wiring(request).database
    signs = await in_thread(lambda: _signs(database, login))
    return await page(
        request,
        "preferences/page.html",
        title=mark("Preferences"),
        signs=asdict(signs),
        kinds=KINDS,
        languages=LANGUAGE_NAMES,
        saved="saved" in request.args,
    )


@blueprint.post("/preferences")
@staff_only
async def keep_preferences(request: Request) -> HTTPResponse:
    """Keep all of the form; a box that is not ticked is not sent."""
    login, database, language = _login(request), wiring(request).database, form_text(request, "language")
    if language not in LANGUAGE_NAMES:
        raise BadInput(mark("This language is not spoken here."))
    signs = Signs(**{field.name: form_text(request, field.name) == "1" for field in fields(Signs)})
    await in_thread(lambda: save_preferences(database, login.organisation_id, login.staff_id, language, signs))
    return redirect(f"{PAGE}?saved", status=303)


@blueprint.get("/signs")
@staff_only
async def show_signs(request: Request) -> HTTPResponse:
    """Counts and chosen signs, for the scripts of every open page."""
    login, database = _login(request), wiring(request).database

    def read() -> dict[str, object]:
        with database.tenant_reading(login.organisation_id) as session:
            return {"counts": counts(session, login.staff_id), "signs": asdict(signs_of(session, login.staff_id))}

    return json(await in_thread(read), headers={"cache-control": "no-store"})


def _login(request: Request) -> Login:
    login: Login = request.ctx.login
    return login


def _signs(database: Database, login: Login) -> Signs:
    with database.tenant_reading(login.organisation_id) as session:
        return signs_of(session, login.staff_id)
