"""One's own account: name, language, password, logins."""

from __future__ import annotations

from collections.abc import Callable

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.account.devices import device_name
from console.render import LANGUAGE_NAMES, page
from console.security import allow, form_text, staff_only
from console.wiring import in_thread, wiring
from ramah.lib.errors import BadInput
from ramah.people import own_account
from ramah.people.password_rules import SHORTEST
from ramah.people.second_factor import codes_left
from ramah.people.sessions import Login

blueprint = Blueprint("account", url_prefix="/console/account")
DONE = frozenset({"profile", "password", "ended", "off"})
HOME = "/console/account"


@blueprint.get("/")
@staff_only
async def show_account(request: Request) -> HTTPResponse:
    """All of it on one page."""
    return await account_page(request)


@blueprint.post("/profile")
@staff_only
async def change_profile(request: Request) -> HTTPResponse:
    """Name and language."""
    login, database = _login(request), wiring(request).database
    name, language = form_text(request, "name"), form_text(request, "language")
    return await _try(request, "profile", lambda: own_account.change_profile(database, login, name, language))


@blueprint.post("/password")
@staff_only
async def change_password(request: Request) -> HTTPResponse:
    """Another password; the other logins end."""
    login, database = _login(request), wiring(request).database
    allow(request, wiring(request).limits.login, "password", login.staff_id)
    current, wanted = form_text(request, "current"), form_text(request, "password")
    return await _try(request, "password", lambda: own_account.change_password(database, login, current, wanted))


@blueprint.post("/sessions/<key:str>/end")
@staff_only
async def end_session(request: Request, key: str) -> HTTPResponse:
    """End one login."""
    login, database = _login(request), wiring(request).database
    await in_thread(lambda: own_account.end_session(database, login, key))
    return redirect(f"{HOME}?done=ended", status=303)


@blueprint.post("/sessions/end-others")
@staff_only
async def end_others(request: Request) -> HTTPResponse:
    """End all logins but this one."""
    login, database = _login(request), wiring(request).database
    await in_thread(lambda: own_account.end_other_sessions(database, login))
    return redirect(f"{HOME}?done=ended", status=303)


async def account_page(
    request: Request, *, problem: str | None = None, part: str = "", status: int = 200
) -> HTTPResponse:
    """The page; ``problem`` is said in its ``part``."""
    login, database = _login(request), wiring(request).database
    sessions = await in_thread(lambda: own_account.open_sessions(database, login))
    has_factor, left = await in_thread(lambda: _second_factor(request, login))
    done = request.args.get("done", "")
    return await page(
        request,
        "account/page.html",
        status_code=status,
        title="Account",
        person=login,
        languages=LANGUAGE_NAMES,
        sessions=[(one, device_name(one.device)) for one in sessions],
        has_second_factor=has_factor,
        codes_left=left,
        must_enrol=login.must_enrol,
        shortest=SHORTEST,
        done=done if done in DONE else None,
        problem=problem,
        part=part,
    )


async def _try(request: Request, part: str, act: Callable[[], object]) -> HTTPResponse:
    """Do it and come back to the page; what cannot be is said beside the fields."""
    try:
        await in_thread(act)
    except BadInput as error:
        return await account_page(request, problem=str(error), part=part, status=400)
    return redirect(f"{HOME}?done={part}", status=303)


def _second_factor(request: Request, login: Login) -> tuple[bool, int]:
    with wiring(request).database.tenant_reading(login.organisation_id) as session:
        return own_account.has_second_factor(session, login.staff_id), codes_left(session, login.staff_id)


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by staff_only
    return login
