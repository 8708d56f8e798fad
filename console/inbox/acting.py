"""What operators do with one conversation or several at once: label, assign, snooze, close, open again."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty, json

from console.inbox.moments import moment_of
from console.permissions import may, needs
from console.render import page
from console.security import form_text
from console.wiring import in_thread, wiring
from ramah.desk.assigning import reopen
from ramah.desk.bulk import MOST, Desk, act
from ramah.desk.labels import all_labels, labels_on, make_label
from ramah.desk.people import Operator, colleagues
from ramah.lib.errors import NotFound
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("acting", url_prefix="/console")
UNDONE_BY = {"label": "unlabel", "unlabel": "label", "snooze": "wake"}
PICKERS = ("label", "assign", "snooze")


@blueprint.get("/act/<action:str>")
@needs(Permission.ANSWER)
async def show_picker(request: Request, action: str) -> HTTPResponse:
    """What may be chosen for these conversations (``ids``, separated by commas): labels, colleagues, moments."""
    if action not in PICKERS:
        raise NotFound("There is no such action.")
    login: Login = request.ctx.login
    ids = str(request.args.get("ids", "")).split(",")[:MOST]
    database = wiring(request).database

    def read() -> dict[str, Any]:
        with database.tenant_reading(login.organisation_id) as session:
            if action == "label":
                return {"labels": all_labels(session), "on": labels_on(session, ids)}
            return {"people": colleagues(session)} if action == "assign" else {}

    choices = await in_thread(read)
    return await page(request, f"inbox/{action}.html", ids=ids, me=login.staff_id, **choices)


@blueprint.post("/act")
@needs(Permission.ANSWER)
async def do(request: Request) -> HTTPResponse:
    """Do ``action`` with ``value`` to the conversations ``ids``; answers what changed, what was refused, and undo."""
    login: Login = request.ctx.login
    action, value, ids = form_text(request, "action"), form_text(request, "value"), form_text(request, "ids")
    until = moment_of(form_text(request, "until"), login.timezone) if form_text(request, "until") else None
    database, name = wiring(request).database, form_text(request, "name")
    if action == "label" and name:
        value = (await in_thread(lambda: make_label(database, login.organisation_id, name))).id
    desk = Desk(database, login.organisation_id, operator_of(login))
    done = await in_thread(lambda: act(desk, action, [one for one in ids.split(",") if one], value, until))
    back = UNDONE_BY.get(action)
    return json(
        {
            "changed": done.changed,
            "refused": [{"id": one, "reason": reason} for one, reason in done.refused.items()],
            "undo": {"action": back, "value": value} if back and done.changed else None,
        }
    )


@blueprint.post("/conversations/<conversation_id:str>/reopen")
@needs(Permission.ANSWER)
async def open_again(request: Request, conversation_id: str) -> HTTPResponse:
    """Open a closed conversation again; it is this person's then."""
    login: Login = request.ctx.login
    database = wiring(request).database
    await in_thread(lambda: reopen(database, login.organisation_id, conversation_id, login.staff_id))
    return empty()


def operator_of(login: Login) -> Operator:
    """Who acts; whoever manages the queue may take conversations from colleagues."""
    return Operator(login.staff_id, may_take_from_others=may(login, Permission.MANAGE_QUEUE))
