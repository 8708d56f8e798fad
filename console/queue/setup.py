"""The queue's settings: divisions, who serves in them, and the texts with a preview."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect
from sqlalchemy import select

from console.permissions import needs
from console.queue import presenters
from console.render import page
from console.security import form_text
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.desk.queue import setting_up
from ramah.desk.queue.panel import read_people
from ramah.desk.queue.reading_forms import division_form, settings_form
from ramah.lib.errors import BadInput
from ramah.messaging.divisions.texts import LANGUAGES, PLACEHOLDERS, Texts, checked_texts
from ramah.messaging.models import Division, QueueMode, QueueSettings
from ramah.people import Organisation
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("queue_setup", url_prefix="/console/queue/settings")
HERE = "/console/queue/settings"
SAVED = frozenset({"division", "deleted", "settings", "texts"})


@blueprint.get("/")
@needs(Permission.MANAGE_QUEUE)
async def show(request: Request) -> HTTPResponse:
    """Everything that can be set, and what is still missing."""
    login, database = _login(request), wiring(request).database
    language = request.args.get("language", "")
    saved = request.args.get("saved", "")

    def read() -> dict[str, Any]:
        with database.tenant_reading(login.organisation_id) as session:
            organisation = session.get_one(Organisation, login.organisation_id)
            chosen = language if language in LANGUAGES else organisation.language
            settings = session.get(QueueSettings, login.organisation_id)
            own = settings.texts.get(chosen, {}) if settings else {}
            divisions = session.scalars(select(Division).order_by(Division.position, Division.created_at)).all()
            keyword = settings.check_queue_keyword if settings else "#"
            return {
                "divisions": [presenters.division(one) for one in divisions],
                "people": [presenters.person(one) for one in read_people(session, settings)],
                "settings": presenters.settings(settings, organisation.queue_mode),
                "texts": presenters.texts(own, chosen),
                "chosen": chosen,
                "bubbles": presenters.preview(divisions, Texts(chosen, own, keyword)),
            }

    return await page(
        request,
        "queue/settings.html",
        title=mark("Queue settings"),
        saved=saved if saved in SAVED else None,
        languages=LANGUAGES,
        placeholders=sorted(PLACEHOLDERS),
        modes=[mode.value for mode in QueueMode],
        **await in_thread(read),
    )


@blueprint.post("/divisions")
@needs(Permission.MANAGE_QUEUE)
async def add_division(request: Request) -> HTTPResponse:
    """A new division with its agents."""
    login, database = _login(request), wiring(request).database
    form, agents = division_form(request.form or {}), _many(request, "agents")

    def run() -> None:
        division_id = setting_up.add_division(database, login.organisation_id, form)
        setting_up.set_agents(database, login.organisation_id, division_id, agents)

    await in_thread(run)
    return redirect(f"{HERE}?saved=division", status=303)


@blueprint.post("/divisions/order")
@needs(Permission.MANAGE_QUEUE)
async def order(request: Request) -> HTTPResponse:
    """The menu's order: ``ids``, each division once."""
    login, database = _login(request), wiring(request).database
    ids = _many(request, "ids")
    await in_thread(lambda: setting_up.order_divisions(database, login.organisation_id, ids))
    return redirect(f"{HERE}?saved=division", status=303)


@blueprint.post("/divisions/<division_id:str>")
@needs(Permission.MANAGE_QUEUE)
async def change_division(request: Request, division_id: str) -> HTTPResponse:
    """A division and its agents, as the form has them."""
    login, database = _login(request), wiring(request).database
    form, agents = division_form(request.form or {}), _many(request, "agents")

    def run() -> None:
        setting_up.change_division(database, login.organisation_id, division_id, form)
        setting_up.set_agents(database, login.organisation_id, division_id, agents)

    await in_thread(run)
    return redirect(f"{HERE}?saved=division", status=303)


@blueprint.post("/divisions/<division_id:str>/delete")
@needs(Permission.MANAGE_QUEUE)
async def delete_division(request: Request, division_id: str) -> HTTPResponse:
    """Take a division away."""
    login, database = _login(request), wiring(request).database
    await in_thread(lambda: setting_up.delete_division(database, login.organisation_id, division_id))
    return redirect(f"{HERE}?saved=deleted", status=303)


@blueprint.post("/general")
@needs(Permission.MANAGE_QUEUE)
async def change_settings(request: Request) -> HTTPResponse:
    """Mode, keyword, capacity and times."""
    login, database = _login(request), wiring(request).database
    form = settings_form(request.form or {})
    await in_thread(lambda: setting_up.change_settings(database, login.organisation_id, form))
    return redirect(f"{HERE}?saved=settings", status=303)


@blueprint.post("/texts")
@needs(Permission.MANAGE_QUEUE)
async def change_texts(request: Request) -> HTTPResponse:
    """The organisation's own words in one language; a blank one is the default again."""
    login, database = _login(request), wiring(request).database
    language, own = _posted_texts(request)
    form = setting_up.SettingsForm(texts={language: own})
    await in_thread(lambda: setting_up.change_settings(database, login.organisation_id, form))
    return redirect(f"{HERE}?saved=texts&language={language}#texts", status=303)


@blueprint.post("/preview")
@needs(Permission.MANAGE_QUEUE)
async def preview(request: Request) -> HTTPResponse:
    """The conversation as a customer would see it with these texts; nothing is kept."""
    login, database = _login(request), wiring(request).database
    language, own = _posted_texts(request)
    words = checked_texts({language: own})[language]

    def read() -> list[dict[str, Any]]:
        with database.tenant_reading(login.organisation_id) as session:
            settings = session.get(QueueSettings, login.organisation_id)
            keyword = settings.check_queue_keyword if settings else "#"
            divisions = session.scalars(select(Division).order_by(Division.position, Division.created_at)).all()
            return presenters.preview(divisions, Texts(language, words, keyword))

    return await page(request, "queue/_phone.html", bubbles=await in_thread(read))


@blueprint.post("/people/<staff_id:str>/capacity")
@needs(Permission.MANAGE_QUEUE)
async def set_capacity(request: Request, staff_id: str) -> HTTPResponse:
    """How many customers somebody has at once; blank is the usual number."""
    login, database = _login(request), wiring(request).database
    given = form_text(request, "capacity").strip()
    if given and not given.isdecimal():
        raise BadInput("the capacity is a number from 0 to 50")
    capacity = int(given[:4]) if given else None
    await in_thread(lambda: setting_up.set_capacity(database, login.organisation_id, staff_id, capacity))
    return redirect(f"{HERE}?saved=settings", status=303)


def _posted_texts(request: Request) -> tuple[str, dict[str, str]]:
    language = form_text(request, "language")
    if language not in LANGUAGES:
        raise BadInput("there are texts in id, ms and en")
    names = [str(name) for name in (request.form or {}) if str(name).startswith("text-")]
    return language, {name.removeprefix("text-"): form_text(request, name) for name in names}


def _many(request: Request, name: str) -> list[str]:
    found = request.form.getlist(name) if request.form else []
    return [str(value) for value in found or []]


def _login(request: Request) -> Login:
    login: Login = request.ctx.login
    return login
