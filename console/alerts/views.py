"""The page on which administrators switch their alerts, and try them."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.permissions import needs
from console.render import page
from console.security import form_text
from console.translations import Marked, mark
from console.wiring import in_thread, wiring
from ramah.desk.alerting import set_value, value_of
from ramah.lib.errors import BadInput
from ramah.lib.wording import MINOR_PER_MAJOR
from ramah.messaging.alerts import try_alert
from ramah.people import Organisation
from ramah.people.alert_choices import BEGINNING, Ways, choices_of, save_choices
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("alert_settings", url_prefix="/console/alerts/settings")
HERE = "/console/alerts/settings"
KINDS: dict[str, tuple[Marked, Marked]] = {
    "connection_lost": (mark("A connection is lost"), mark("A number, page or mailbox cannot send or receive.")),
    "incident": (mark("A fault in the platform"), mark("Something failed that had not failed before, or is back.")),
    "ledger": (mark("Messages are missing"), mark("The daily check cannot account for every message.")),
    "valuable_lead": (mark("A lead of high value"), mark("Somebody is booking for much money.")),
    "person_asked": (mark("Somebody asks for a person"), mark("A customer begins to wait in the queue.")),
    "low_confidence": (
        mark("The assistant does not understand"),
        mark("It could not place a message and asks back."),
    ),
}
NO_AMOUNT = mark("Write an amount above zero, in whole units and digits only.")


@blueprint.get("/")
@needs(Permission.MANAGE_SETTINGS)
async def show(request: Request) -> HTTPResponse:
    """The switches as this person has them."""
    return await _page(request)


@blueprint.post("/")
@needs(Permission.MANAGE_SETTINGS)
async def save(request: Request) -> HTTPResponse:
    """Keep the switches ``<kind>-console`` and ``<kind>-mail``, and from which ``amount`` a lead is of high value."""
    login: Login = request.ctx.login
    database, organisation_id = wiring(request).database, login.organisation_id
    chosen = {
        kind: Ways(form_text(request, f"{kind}-console") == "1", form_text(request, f"{kind}-mail") == "1")
        for kind in BEGINNING
    }
    written = "".join(sign for sign in form_text(request, "amount") if sign not in " .,")
    try:
        if not (written.isascii() and written.isdecimal() and len(written) <= 15):
            raise BadInput("write an amount above zero", code="amount")
        await in_thread(lambda: set_value(database, organisation_id, login.staff_id, int(written)))
    except BadInput:
        return await _page(request, problem=NO_AMOUNT)
    await in_thread(lambda: save_choices(database, organisation_id, login.staff_id, chosen))
    return redirect(f"{HERE}?done=saved", status=303)


@blueprint.post("/test")
@needs(Permission.MANAGE_SETTINGS)
async def try_it(request: Request) -> HTTPResponse:
    """Send this person an alert that means nothing."""
    login: Login = request.ctx.login
    database = wiring(request).database

    def write() -> None:
        with database.tenant(login.organisation_id) as session:
            try_alert(session, login.staff_id)

    await in_thread(write)
    return redirect(f"{HERE}?done=tried", status=303)


async def _page(request: Request, problem: Marked | None = None) -> HTTPResponse:
    login: Login = request.ctx.login
    found = wiring(request)

    def read() -> dict[str, Any]:
        with found.database.tenant_reading(login.organisation_id) as session:
            amount, currency = value_of(session.get_one(Organisation, login.organisation_id))
            choices = choices_of(session, login.staff_id)
        return {"choices": choices, "amount": amount // MINOR_PER_MAJOR[currency], "currency": currency}

    return await page(
        request,
        "alerts/page.html",
        status_code=400 if problem else 200,
        title=mark("Alerts"),
        kinds=KINDS,
        problem=problem,
        has_mail=bool(found.config.smtp_url),
        done=request.args.get("done", ""),
        **await in_thread(read),
    )
