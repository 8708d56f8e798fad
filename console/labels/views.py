"""The page of labels: one row each, with its name, colour and how often it is used."""

from __future__ import annotations

from collections.abc import Callable

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.permissions import needs
from console.render import page
from console.security import form_text
from console.translations import Marked, mark
from console.wiring import in_thread, wiring
from ramah.desk.label_book import LabelUse, add_label, change_label, delete_label, label_uses, merge_labels
from ramah.desk.labels import COLOURS
from ramah.lib.errors import BadInput, NotFound
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import Database

blueprint = Blueprint("labels", url_prefix="/console/labels")
HERE = "/console/labels"
COLOUR_NAMES: dict[str, Marked] = dict(
    zip(
        COLOURS,
        (mark("Grey"), mark("Green"), mark("Blue"), mark("Amber"), mark("Red"), mark("Violet")),
        strict=True,
    )
)
PROBLEMS: dict[str, Marked] = {
    "name": mark("A label has a name of 1 to 40 characters."),
    "taken": mark("There is a label of this name already. Merge the two if they mean the same."),
    "colour": mark("Choose one of the colours."),
    "same": mark("Choose another label to merge it into."),
}
NO_LABEL = mark("There is no such label (any more).")
Act = Callable[[Database, str, str], None]


@blueprint.get("/")
@needs(Permission.MANAGE_LABELS)
async def show(request: Request) -> HTTPResponse:
    """All labels."""
    return await _page(request)


@blueprint.post("/")
@needs(Permission.MANAGE_LABELS)
async def make(request: Request) -> HTTPResponse:
    """Make one of this ``name`` and ``colour``."""
    name, colour = _typed(request)
    return await _act(request, lambda database, where, who: add_label(database, where, who, name, colour))


@blueprint.post("/<label_id:str>")
@needs(Permission.MANAGE_LABELS)
async def change(request: Request, label_id: str) -> HTTPResponse:
    """Give one another ``name`` and ``colour``."""
    name, colour = _typed(request)
    return await _act(request, lambda database, where, who: change_label(database, where, who, label_id, name, colour))


@blueprint.post("/<label_id:str>/merge")
@needs(Permission.MANAGE_LABELS)
async def merge(request: Request, label_id: str) -> HTTPResponse:
    """Put ``into`` in its place everywhere."""
    into = form_text(request, "into") or label_id
    return await _act(request, lambda database, where, who: merge_labels(database, where, who, label_id, into))


@blueprint.post("/<label_id:str>/delete")
@needs(Permission.MANAGE_LABELS)
async def delete(request: Request, label_id: str) -> HTTPResponse:
    """Take one away from everywhere."""
    return await _act(request, lambda database, where, who: delete_label(database, where, who, label_id))


def _typed(request: Request) -> tuple[str, str]:
    return form_text(request, "name")[:200], form_text(request, "colour")


async def _act(request: Request, act: Act) -> HTTPResponse:
    """Do it and show the page anew, or with why it could not be done."""
    login: Login = request.ctx.login
    database = wiring(request).database
    try:
        await in_thread(lambda: act(database, login.organisation_id, login.staff_id))
    except BadInput as error:
        return await _page(request, problem=PROBLEMS[error.code or "name"])
    except NotFound as error:
        raise NotFound(NO_LABEL) from error
    return redirect(f"{HERE}?done=yes", status=303)


async def _page(request: Request, problem: Marked | None = None) -> HTTPResponse:
    login: Login = request.ctx.login
    database = wiring(request).database

    def read() -> list[LabelUse]:
        with database.tenant_reading(login.organisation_id) as session:
            return label_uses(session)

    return await page(
        request,
        "labels/page.html",
        status_code=400 if problem else 200,
        title=mark("Labels"),
        labels=await in_thread(read),
        colours=COLOUR_NAMES,
        problem=problem,
        done="done" in request.args,
    )
