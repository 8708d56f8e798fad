"""The staff page: list, invitation, roles and outlets, leaving; and the rules for logins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.permissions import needs
from console.render import LANGUAGE_NAMES, page
from console.security import client_address, form_text
from console.staff.words import ROLES
from console.wiring import in_thread, wiring
from ramah.desk.leaving_staff import activate, deactivate
from ramah.lib.errors import BadInput, Refused
from ramah.messaging.letters import link_address
from ramah.people import staff
from ramah.people.account_models import LinkPurpose
from ramah.people.models import Organisation
from ramah.people.roles import Permission
from ramah.people.scopes import Scope, places
from ramah.people.security import SecurityRules, rules_of, set_rules
from ramah.people.sessions import Login
from ramah.store import Database

blueprint = Blueprint("staff", url_prefix="/console/staff")
HOME = "/console/staff"
DONE = frozenset({"changed", "left", "back", "rules", "factor"})
Act = Callable[[Database, str, str, str], object]
"""What somebody of an organisation does to a colleague."""
Places = tuple[list[str], list[tuple[str, str]]]


@blueprint.get("/")
@needs(Permission.MANAGE_STAFF)
async def show_staff(request: Request) -> HTTPResponse:
    """Everybody, and the rules for logins."""
    return await _list_page(request)


@blueprint.post("/")
@needs(Permission.MANAGE_STAFF)
async def invite(request: Request) -> HTTPResponse:
    """Invite somebody. The mail is on its way afterwards; without a mail server the link is shown instead."""
    login, database, key = _login(request), wiring(request).database, wiring(request).config.encryption_key
    who = staff.NewColleague(
        form_text(request, "name"),
        form_text(request, "email"),
        _chosen(request, "roles"),
        form_text(request, "language"),
        _scope(request),
    )
    try:
        _, token = await in_thread(lambda: staff.invite(database, login.organisation_id, login.staff_id, who, key))
    except (BadInput, Refused) as error:
        return await _list_page(request, problem=str(error), given=who, status=_status(error))
    return await _invited(request, token)


@blueprint.post("/<staff_id:str>/invite")
@needs(Permission.MANAGE_STAFF)
async def invite_again(request: Request, staff_id: str) -> HTTPResponse:
    """Another link in the place of the last one."""
    login, database, key = _login(request), wiring(request).database, wiring(request).config.encryption_key
    token = await in_thread(lambda: staff.invite_again(database, login.organisation_id, login.staff_id, staff_id, key))
    return await _invited(request, token)


@blueprint.get("/<staff_id:str>")
@needs(Permission.MANAGE_STAFF)
async def show_colleague(request: Request, staff_id: str) -> HTTPResponse:
    """One colleague: roles, outlets, leaving."""
    return await _one_page(request, staff_id)


@blueprint.post("/<staff_id:str>")
@needs(Permission.MANAGE_STAFF)
async def change(request: Request, staff_id: str) -> HTTPResponse:
    """Set roles and outlets."""
    roles, scope = _chosen(request, "roles"), _scope(request)

    def act(database: Database, ours: str, actor: str, who: str) -> None:
        staff.change(database, ours, actor, who, roles, scope)

    return await _try(request, staff_id, "changed", act)


@blueprint.post("/<staff_id:str>/deactivate")
@needs(Permission.MANAGE_STAFF)
async def leave(request: Request, staff_id: str) -> HTTPResponse:
    """They work here no more: out at once, and what they held waits for others."""
    return await _try(request, staff_id, "left", deactivate)


@blueprint.post("/<staff_id:str>/activate")
@needs(Permission.MANAGE_STAFF)
async def come_back(request: Request, staff_id: str) -> HTTPResponse:
    """They are back."""
    return await _try(request, staff_id, "back", activate)


@blueprint.post("/<staff_id:str>/forget-second-factor")
@needs(Permission.MANAGE_STAFF)
async def forget_second_factor(request: Request, staff_id: str) -> HTTPResponse:
    """For a colleague who lost phone and recovery codes."""
    return await _try(request, staff_id, "factor", staff.forget_second_factor)


@blueprint.post("/security")
@needs(Permission.MANAGE_SETTINGS)
async def change_rules(request: Request) -> HTTPResponse:
    """Who needs a second factor, and from which networks one may log in."""
    login, database, address = _login(request), wiring(request).database, client_address(request)
    roles, networks = _chosen(request, "second_factor_roles"), form_text(request, "networks")
    try:
        await in_thread(lambda: set_rules(database, login.organisation_id, roles, networks, address))
    except (BadInput, Refused) as error:
        return await _list_page(request, rules_problem=str(error), networks=networks, status=_status(error))
    return redirect(f"{HOME}?done=rules", status=303)


async def _list_page(
    request: Request,
    *,
    problem: str | None = None,
    given: staff.NewColleague | None = None,
    link: str | None = None,
    invited: bool = False,
    rules_problem: str | None = None,
    networks: str | None = None,
    status: int = 200,
) -> HTTPResponse:
    login, database = _login(request), wiring(request).database
    people = await in_thread(lambda: staff.colleagues(database, login.organisation_id))
    rules, found = await in_thread(lambda: _rules_and_places(request, login))
    done = request.args.get("done", "")
    return await page(
        request,
        "staff/list.html",
        status_code=status,
        title="Staff",
        people=people,
        **_choices(found),
        given=given,
        problem=problem,
        link=link,
        invited=invited,
        rules=rules,
        rules_problem=rules_problem,
        networks=networks if networks is not None else "\n".join(rules.networks),
        address=client_address(request),
        done=done if done in DONE else None,
    )


async def _one_page(request: Request, staff_id: str, *, problem: str | None = None, status: int = 200) -> HTTPResponse:
    login, database = _login(request), wiring(request).database
    found = await in_thread(lambda: staff.colleague(database, login.organisation_id, staff_id))
    _, chosen = await in_thread(lambda: _rules_and_places(request, login))
    return await page(
        request,
        "staff/one.html",
        status_code=status,
        title=found.name,
        person=found,
        is_me=staff_id == login.staff_id,
        problem=problem,
        **_choices(chosen),
    )


def _choices(found: Places) -> dict[str, Any]:
    return {"roles": ROLES, "languages": LANGUAGE_NAMES, "franchises": found[0], "outlets": found[1]}


async def _invited(request: Request, token: str) -> HTTPResponse:
    config = wiring(request).config
    link = None if config.smtp_url else link_address(config, LinkPurpose.INVITATION, token)
    return await _list_page(request, invited=True, link=link)


async def _try(request: Request, staff_id: str, done: str, act: Act) -> HTTPResponse:
    login, database = _login(request), wiring(request).database
    try:
        await in_thread(lambda: act(database, login.organisation_id, login.staff_id, staff_id))
    except (BadInput, Refused) as error:
        return await _one_page(request, staff_id, problem=str(error), status=_status(error))
    return redirect(f"{HOME}?done={done}", status=303)


def _rules_and_places(request: Request, login: Login) -> tuple[SecurityRules, Places]:
    with wiring(request).database.tenant_reading(login.organisation_id) as session:
        return rules_of(session.get_one(Organisation, login.organisation_id)), places(session)


def _scope(request: Request) -> Scope:
    limited = form_text(request, "limited") == "yes"
    if not limited:
        return Scope()
    return Scope(True, _chosen(request, "fid"), _chosen(request, "oid"))


def _chosen(request: Request, name: str) -> tuple[str, ...]:
    found = request.form.getlist(name, []) if request.form else []
    return tuple(str(value).replace("\x00", "") for value in found)


def _status(error: BadInput | Refused) -> int:
    return 400 if isinstance(error, BadInput) else 409


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by needs
    return login
