"""The page of canned replies: one card each, with its shortcut, language and text."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.permissions import needs
from console.render import LANGUAGE_NAMES, page
from console.security import form_text
from console.wiring import in_thread, wiring
from ramah.desk.canned import VARIABLES, Canned, all_canned, delete_canned, save_canned
from ramah.lib.errors import BadInput
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("canned", url_prefix="/console/canned-replies")
HERE = "/console/canned-replies"


@blueprint.get("/")
@needs(Permission.MANAGE_CANNED_REPLIES)
async def show(request: Request) -> HTTPResponse:
    """All replies."""
    return await _page(request)


@blueprint.post("/")
@needs(Permission.MANAGE_CANNED_REPLIES)
async def save(request: Request) -> HTTPResponse:
    """Add one, or change the one named ``id``; what is wrong is said beside what was typed."""
    login: Login = request.ctx.login
    database, typed = wiring(request).database, _typed(request)
    fields = (typed["shortcut"], typed["language"], typed["text"])
    reply_id = typed["id"] or None
    try:
        await in_thread(lambda: save_canned(database, login.organisation_id, login.staff_id, reply_id, *fields))
    except BadInput as error:
        return await _page(request, typed=typed, trouble=str(error))
    return redirect(HERE, status=303)


@blueprint.post("/<reply_id:str>/delete")
@needs(Permission.MANAGE_CANNED_REPLIES)
async def delete(request: Request, reply_id: str) -> HTTPResponse:
    """Delete one."""
    login: Login = request.ctx.login
    database = wiring(request).database
    await in_thread(lambda: delete_canned(database, login.organisation_id, reply_id))
    return redirect(HERE, status=303)


def _typed(request: Request) -> dict[str, str]:
    return {name: form_text(request, name) for name in ("id", "shortcut", "language", "text")}


async def _page(request: Request, typed: dict[str, str] | None = None, trouble: str = "") -> HTTPResponse:
    login: Login = request.ctx.login
    database = wiring(request).database

    def read() -> list[Canned]:
        with database.tenant_reading(login.organisation_id) as session:
            return all_canned(session)

    replies = await in_thread(read)
    blank = {"id": "", "shortcut": "", "language": login.language, "text": ""}
    status = 400 if trouble else 200
    return await page(
        request, "canned/page.html", status_code=status, title="Canned replies", replies=replies,
        typed=typed or blank, trouble=trouble, variables=VARIABLES, languages=LANGUAGE_NAMES,
    )  # fmt: skip
