"""The page of the bot's hours: a week, special days, words outside of the hours; and the bot's mode."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty, redirect

from console.hours import presenters
from console.hours.forms import plan_in, special_days_in
from console.numbers import whole_number
from console.permissions import may, needs
from console.render import page
from console.security import form_text
from console.wiring import in_thread, wiring
from ramah.lib.errors import BadInput
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.hours.keeping import DEFAULT, Owner
from ramah.messaging.hours.managing import follow_default, organisation_name, read_page, save_plan, set_mode
from ramah.messaging.hours.public_holidays import public_holidays, with_holidays
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import utc_now

blueprint = Blueprint("hours", url_prefix="/console/hours")
DONE = frozenset({"saved", "default", "mode"})


@blueprint.get("/")
@needs(Permission.MANAGE_HOURS)
async def show_hours(request: Request) -> HTTPResponse:
    """The hours of the bot that is asked for, else the default's."""
    login, database = _login(request), wiring(request).database
    owner, done = Owner(login.organisation_id, request.args.get("bot", DEFAULT)), request.args.get("done", "")
    found = await in_thread(lambda: read_page(database, owner))
    return await page(
        request,
        "hours/page.html",
        title="Hours",
        done=done if done in DONE else None,
        may_set_mode=may(login, Permission.MANAGE_SETTINGS),
        action=f"/console/hours/bots/{owner.id}",
        **presenters.page_context(found, login.language, utc_now()),
    )


@blueprint.post("/bots/<bot_id:str>")
@needs(Permission.MANAGE_HOURS)
async def save(request: Request, bot_id: str) -> HTTPResponse:
    """Keep the form's plan."""
    owner, database = Owner(_login(request).organisation_id, bot_id), wiring(request).database
    plan = plan_in(request)
    await in_thread(lambda: save_plan(database, owner, plan))
    return _back(request, bot_id, "saved")


@blueprint.post("/bots/<bot_id:str>/default")
@needs(Permission.MANAGE_HOURS)
async def use_default(request: Request, bot_id: str) -> HTTPResponse:
    """The bot keeps no hours of its own any more."""
    owner, database = Owner(_login(request).organisation_id, bot_id), wiring(request).database
    await in_thread(lambda: follow_default(database, owner))
    return _back(request, bot_id, "default")


@blueprint.post("/preview")
@needs(Permission.MANAGE_HOURS)
async def show_preview(request: Request) -> HTTPResponse:
    """What the form would mean, before it is saved; what is wrong in it is said beside it. A division is ``called`` by
    its own name."""
    login, database = _login(request), wiring(request).database
    try:
        plan = plan_in(request)
    except BadInput as error:
        return await page(request, "hours/_preview.html", problem=str(error))
    called = form_text(request, "called")[:140]
    name = called or await in_thread(lambda: organisation_name(database, login.organisation_id))
    shown = presenters.preview(plan, name, login.language, utc_now())
    return await page(request, "hours/_preview.html", plan=plan, **shown)


@blueprint.post("/holidays")
@needs(Permission.MANAGE_HOURS)
async def add_holidays(request: Request) -> HTTPResponse:
    """The form's special days with the public holidays of a year; nothing is saved yet."""
    year, country = whole_number(form_text(request, "holiday_year")), form_text(request, "holiday_country")
    state = form_text(request, "holiday_state") if country == "MY" else ""
    days = with_holidays(special_days_in(request), public_holidays(country, year, state))
    return await page(request, "hours/_special_days.html", special=presenters.special_days(days))


@blueprint.post("/mode")
@needs(Permission.MANAGE_SETTINGS)
async def change_mode(request: Request) -> HTTPResponse:
    """Answers, drafts for approval, or off."""
    login, database, asked = _login(request), wiring(request).database, form_text(request, "mode")
    if asked not in set(BotMode):
        raise BadInput("The mode is answers, drafts or off.")
    await in_thread(lambda: set_mode(database, login.organisation_id, BotMode(asked)))
    return _back(request, form_text(request, "bot") or DEFAULT, "mode")


def _back(request: Request, bot_id: str, done: str) -> HTTPResponse:
    """To the page, whoever posted: a script keeps the form where something is wrong."""
    address = request.app.url_for("hours.show_hours", bot=bot_id, done=done)
    if request.headers.get("hx-request") == "true":
        return empty(headers={"hx-redirect": address})
    return redirect(address, status=303)


def _login(request: Request) -> Login:
    login: Login = request.ctx.login
    return login
