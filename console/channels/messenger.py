"""Connecting Facebook pages: the status page, the way through Facebook's login, and the same as JSON."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json, redirect

from console.api.answers import ConnectAnswer, ConnectFailure
from console.api.describing import Description, described
from console.permissions import for_programs, needs
from console.render import page
from console.security import form_text
from console.wiring import in_thread, wiring
from ramah.channels.messenger.problems import ConnectProblem
from ramah.lib.errors import BadInput
from ramah.messaging import pages
from ramah.messaging.accounts import access_of, webhook_url
from ramah.messaging.models import ChannelAccount
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("messenger")
HOME = "/console/channels/messenger"
MOST_PAGES = 50


class ConnectRequest(BaseModel):
    """What a program posts: the code and state that Facebook sent back, or the ticket of an earlier answer.

    Without ``page_ids`` it is told which pages there are."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field("", max_length=4000)
    state: str = Field("", max_length=4000)
    ticket: str = Field("", max_length=8000)
    page_ids: list[str] = Field(default_factory=list, max_length=MOST_PAGES)


@blueprint.get(HOME)
@needs(Permission.MANAGE_CHANNELS)
async def show_pages(request: Request) -> HTTPResponse:
    """The connected pages, and the button that connects more."""
    return await _status(request)


@blueprint.get(f"{HOME}/login")
@needs(Permission.MANAGE_CHANNELS)
async def begin(request: Request) -> HTTPResponse:
    """On to Facebook's login."""
    config = wiring(request).config
    try:
        begun = await in_thread(lambda: pages.begin_login(config, _who(request)))
    except ConnectProblem as problem:
        return await _status(request, [problem])
    return redirect(begun.url)


@blueprint.get(f"{HOME}/callback")
@needs(Permission.MANAGE_CHANNELS)
async def come_back(request: Request) -> HTTPResponse:
    """Back from Facebook: the pages to choose from. Nothing is connected yet."""
    code, state, refused = (str(request.args.get(name, "")) for name in ("code", "state", "error"))
    try:
        if refused:
            raise pages.refused_login(_who(request), refused)
        offer = await in_thread(lambda: _offer(request, code, state))
    except ConnectProblem as problem:
        return await _status(request, [problem])
    return await page(request, "channels/messenger_pages.html", title="Messenger", offer=offer)


@blueprint.post(f"{HOME}/pages")
@needs(Permission.MANAGE_CHANNELS)
async def connect(request: Request) -> HTTPResponse:
    """Connect the chosen pages; those that fail are named with what helps."""
    given = request.form.getlist("page_id", []) if request.form else []
    chosen = [str(value) for value in given][:MOST_PAGES]
    ticket = form_text(request, "ticket")
    problems = await in_thread(lambda: _connect(request, ticket, chosen)[1])
    return await _status(request, problems) if problems else redirect(HOME, status=303)


@blueprint.post(f"{HOME}/<account_id:str>/disconnect")
@needs(Permission.MANAGE_CHANNELS)
async def disconnect(request: Request, account_id: str) -> HTTPResponse:
    """Stop a page; its conversations stay."""
    wired = wiring(request)
    try:
        await in_thread(lambda: pages.disconnect_page(wired.database, wired.config, _who(request), account_id))
    except ConnectProblem as problem:
        return await _status(request, [problem])
    return redirect(HOME, status=303)


@blueprint.post(f"{HOME}/<account_id:str>/late-answers")
@needs(Permission.MANAGE_CHANNELS)
async def allow_late_answers(request: Request, account_id: str) -> HTTPResponse:
    """Whether people may answer for seven days (``allowed`` is 1 or 0): Meta must have granted it to the app."""
    database, allowed = wiring(request).database, form_text(request, "allowed") == "1"
    await in_thread(lambda: pages.allow_late_answers(database, _who(request), account_id, allowed=allowed))
    return redirect(HOME, status=303)


@blueprint.post("/api/messenger/connect")
@for_programs
@needs(Permission.MANAGE_CHANNELS)
@described(
    Description(
        "Connect Facebook pages",
        "channels",
        {200: ConnectAnswer, 400: ConnectFailure},
        ConnectRequest,
        problems=(401, 403),
    )
)
async def connect_by_program(request: Request) -> HTTPResponse:
    """The same for programs. A failure is 400 with what to tell and to offer."""
    asked = _asked(request.body)
    try:
        answer = await in_thread(lambda: _for_program(request, asked))
    except ConnectProblem as problem:
        return json(_problem_as_json(problem), status=400)
    return json(answer)


def _who(request: Request) -> pages.Administrator:
    login: Login = request.ctx.login
    return pages.Administrator(login.organisation_id, login.staff_id, login.csrf_token, login.language)


async def _status(request: Request, problems: list[ConnectProblem] | None = None) -> HTTPResponse:
    wired, login = wiring(request), request.ctx.login
    accounts = await in_thread(lambda: pages.connected_pages(wired.database, login.organisation_id))
    return await page(
        request,
        "channels/messenger.html",
        status_code=400 if problems else 200,
        title="Messenger",
        accounts=accounts,
        webhook=_webhook(accounts),
        set_up=pages.is_set_up(wired.config),
        callback_url=pages.callback_url(wired.config),
        problems=problems or [],
    )


def _webhook(accounts: list[ChannelAccount]) -> dict[str, str] | None:
    """What the administrator types into the Meta app, once: the address of the page that came first serves all."""
    if not accounts:
        return None
    first = min(accounts, key=lambda account: (account.created_at, account.id))
    return {"url": webhook_url(first), "verify_token": access_of(first).secrets.get("verify_token", "")}


def _offer(request: Request, code: str, state: str) -> pages.Offer:
    wired = wiring(request)
    return pages.pages_of_login(wired.database, wired.config, _who(request), code, state)


def _connect(request: Request, ticket: str, chosen: list[str]) -> tuple[list[ChannelAccount], list[ConnectProblem]]:
    """Each page by itself: one that fails holds no other up."""
    wired, who = wiring(request), _who(request)
    if not chosen:
        return [], [ConnectProblem("wrong_page", who.language)]
    connected: list[ChannelAccount] = []
    problems: list[ConnectProblem] = []
    for page_id in chosen:
        try:
            connected.append(pages.connect_page(wired.database, wired.config, who, ticket, page_id))
        except ConnectProblem as problem:
            problems.append(problem)
    return connected, problems


def _asked(body: bytes) -> ConnectRequest:
    try:
        return ConnectRequest.model_validate_json(body)
    except ValidationError as error:
        raise BadInput("Send {code, state} or {ticket, page_ids} as JSON.") from error


def _for_program(request: Request, asked: ConnectRequest) -> dict[str, Any]:
    if not asked.ticket:
        offer = _offer(request, asked.code, asked.state)
        if not asked.page_ids:
            shown = [{"id": one.id, "name": one.name, "connected": one.connected} for one in offer.pages]
            return {"pages": shown, "ticket": offer.ticket}
        asked = asked.model_copy(update={"ticket": offer.ticket})
    connected, problems = _connect(request, asked.ticket, asked.page_ids)
    if problems and not connected:
        raise problems[0]
    return {
        "connected": [{"id": account.external_id, "name": account.name} for account in connected],
        "failed": [_problem_as_json(problem) for problem in problems],
    }


def _problem_as_json(problem: ConnectProblem) -> dict[str, Any]:
    code, _, subcode = (problem.code or "").partition("/")
    return {
        "error": problem.sentence,
        "errorCode": int(code) if code.isdigit() else None,
        "errorSubcode": int(subcode) if subcode.isdigit() else None,
        "actionRequired": problem.action,
        "helpUrl": problem.link,
        "steps": list(problem.steps),
        "page": problem.about,
    }
