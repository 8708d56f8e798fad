"""Linked phones: making one, its page with the code to scan, and the same as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json, redirect

from console.api.answers import DeviceAnswer
from console.api.describing import Description, described
from console.channels.overview import blueprint as overview
from console.channels.overview import tone_of
from console.channels.wording import words
from console.permissions import for_programs, needs
from console.render import page
from console.security import form_text
from console.wiring import in_thread, wiring
from ramah.channels.content import LinkStatus
from ramah.lib.errors import BadInput, Refused
from ramah.messaging.device_states import DeviceState, DeviceTrouble
from ramah.messaging.devices import create_device, delete_device, device_state, reconnect, refresh_qr
from ramah.messaging.links import SENTENCES
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import Database

pages = Blueprint("devices")
blueprint = Blueprint.group(overview, pages)
HOME = "/console/channels/devices"
ONE = f"{HOME}/<account_id:str>"
GATEWAYS = {"neutral": None, "waha": "WAHA", "evolution": "Evolution API", "gowa": "GOWA", "aimeow": "Aimeow"}
"""The gateways as they call themselves; the neutral one has a name in each language."""
FIELDS = ("name", "gateway", "base_url")
Act = Callable[[Database, str, str], DeviceState]


@pages.get(f"{HOME}/new")
@needs(Permission.MANAGE_CHANNELS)
async def show_form(request: Request) -> HTTPResponse:
    """The risks, and what a new phone needs."""
    return await _form(request, {"gateway": "neutral"})


@pages.post(HOME)
@needs(Permission.MANAGE_CHANNELS)
async def create(request: Request) -> HTTPResponse:
    """Make the phone at its gateway, then show its code. What cannot be is said on the form."""
    given = {name: form_text(request, name) for name in FIELDS}
    said = words(_login(request).language)
    if not form_text(request, "consent"):
        return await _form(request, given, said["consent_needed"], 400)
    try:
        account_id = await _make(request, given)
    except DeviceTrouble as trouble:
        return redirect(f"{HOME}/{trouble.account_id}", status=303)
    except (BadInput, Refused) as error:
        return await _form(request, given, str(error), 400)
    return redirect(f"{HOME}/{account_id}", status=303)


@pages.get(ONE)
@needs(Permission.MANAGE_CHANNELS)
async def show_device(request: Request, account_id: str) -> HTTPResponse:
    """The phone as it stands; htmx asks for the middle of the page again and again."""
    database, login = wiring(request).database, _login(request)
    state = await in_thread(lambda: device_state(database, login.organisation_id, account_id))
    return await _device(request, state, fragment=request.headers.get("hx-request") == "true")


@pages.post(f"{ONE}/qr")
@needs(Permission.MANAGE_CHANNELS)
async def new_qr(request: Request, account_id: str) -> HTTPResponse:
    """A fresh code."""
    return await _act(request, account_id, refresh_qr)


@pages.post(f"{ONE}/reconnect")
@needs(Permission.MANAGE_CHANNELS)
async def connect_again(request: Request, account_id: str) -> HTTPResponse:
    """Connect again."""
    return await _act(request, account_id, reconnect)


@pages.post(f"{ONE}/delete")
@needs(Permission.MANAGE_CHANNELS)
async def delete(request: Request, account_id: str) -> HTTPResponse:
    """Unlink the phone and switch the channel off."""
    return await _act(request, account_id, _delete)


@pages.get("/api/channels/devices/<account_id:str>")
@for_programs
@needs(Permission.MANAGE_CHANNELS)
@described(Description("A linked phone as it stands", "channels", {200: DeviceAnswer}, problems=(401, 403, 404)))
async def read_device(request: Request, account_id: str) -> HTTPResponse:
    """The phone as it stands, for programs."""
    database, login = wiring(request).database, _login(request)
    state = await in_thread(lambda: device_state(database, login.organisation_id, account_id))
    return json(_as_json(state, login.language))


async def _make(request: Request, given: dict[str, str]) -> str:
    database, login = wiring(request).database, _login(request)
    secrets = {name: form_text(request, name) for name in ("api_key", "webhook_secret")}
    unsigned = given["gateway"] == "aimeow" and bool(form_text(request, "unsigned"))
    account = await in_thread(
        lambda: create_device(
            database,
            login.organisation_id,
            given["name"],
            given["gateway"],
            given["base_url"] or None,
            secrets,
            unsigned=unsigned,
        )
    )
    return account.id


def _delete(database: Database, organisation_id: str, account_id: str) -> DeviceState:
    delete_device(database, organisation_id, account_id)
    return device_state(database, organisation_id, account_id, ask=False)


async def _act(request: Request, account_id: str, act: Act) -> HTTPResponse:
    """Let the gateway act, then show the phone; what the gateway would not do is said above it."""
    database, login = wiring(request).database, _login(request)
    try:
        await in_thread(lambda: act(database, login.organisation_id, account_id))
    except DeviceTrouble as trouble:
        state = await in_thread(lambda: device_state(database, login.organisation_id, account_id, ask=False))
        return await _device(request, state, problem=trouble, status_code=409)
    return redirect(f"{HOME}/{account_id}", status=303)


async def _form(
    request: Request, given: dict[str, str], problem: str | None = None, status_code: int = 200
) -> HTTPResponse:
    said = words(_login(request).language)
    return await page(
        request,
        "channels/device_new.html",
        status_code=status_code,
        title=said["link_phone"],
        words=said,
        given={name: given.get(name, "") for name in FIELDS},
        gateways={name: shown or said["neutral"] for name, shown in GATEWAYS.items()},
        has_own_gateway=bool(wiring(request).config.device_base_url),
        problem=problem,
    )


async def _device(
    request: Request,
    state: DeviceState,
    *,
    fragment: bool = False,
    problem: DeviceTrouble | None = None,
    status_code: int = 200,
) -> HTTPResponse:
    said, trouble = words(_login(request).language), problem or state.problem
    return await page(
        request,
        "channels/_device_state.html" if fragment else "channels/device.html",
        status_code=status_code,
        title=state.name,
        words=said,
        device=state,
        gateway=GATEWAYS.get(state.gateway) or said["neutral"],
        tone=tone_of(state.status),
        problem=trouble.explained(_login(request).language) if trouble else None,
        trouble=None if state.trouble in SENTENCES.values() else state.trouble,
        may_reconnect=state.status in (LinkStatus.DISCONNECTED, LinkStatus.LOGGED_OUT, LinkStatus.FAILED),
        poll_seconds=_poll_seconds(state),
    )


def _poll_seconds(state: DeviceState) -> int | None:
    """How often the page looks again: often while somebody holds a phone at it, never after the end."""
    if not state.active:
        return None
    return 15 if state.status is LinkStatus.CONNECTED else 3


def _as_json(state: DeviceState, language: str) -> dict[str, Any]:
    problem = state.problem.explained(language) if state.problem else None
    return {
        "id": state.account_id,
        "name": state.name,
        "gateway": state.gateway,
        "active": state.active,
        "status": state.status.value,
        "phone": state.phone,
        "qr_code": state.qr_code,
        "seconds_left": state.seconds_left,
        "needs_new_qr": state.needs_new_qr,
        "proved_at": state.proved_at.isoformat() if state.proved_at else None,
        "proved_by": state.proved_by,
        "trouble": state.trouble,
        "problem": f"{problem.sentence} {problem.next_step}" if problem else None,
        "best_effort": state.best_effort,
        "fallback_url": state.fallback_url,
    }


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by only
    return login
