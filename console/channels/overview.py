"""All channels of the organisation and how each stands: a page and the same as JSON."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json
from sqlalchemy import select

from console.api.answers import ChannelsAnswer
from console.api.describing import Description, described
from console.channels.wording import words
from console.permissions import for_programs, needs
from console.render import page
from console.wiring import in_thread, wiring
from ramah.channels.content import LinkStatus
from ramah.lib.errors import NotFound
from ramah.messaging.alerts.connections import fallback_of
from ramah.messaging.models import ChannelAccount
from ramah.messaging.registry import channel_for
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import Database

blueprint = Blueprint("channels")
TONES = {
    LinkStatus.CONNECTED: "good",
    LinkStatus.DISCONNECTED: "bad",
    LinkStatus.LOGGED_OUT: "bad",
    LinkStatus.FAILED: "bad",
    LinkStatus.SCAN_QR: "open",
    LinkStatus.STARTING: "open",
    LinkStatus.CONNECTING: "open",
}
PAGES = {"device": "/console/channels/devices/", "messenger": "/console/channels/messenger"}


@blueprint.get("/console/channels")
@needs(Permission.MANAGE_CHANNELS)
async def show_channels(request: Request) -> HTTPResponse:
    """Every connected account with what was last proved about it."""
    login: Login = request.ctx.login
    database, said = wiring(request).database, words(login.language)
    found = await in_thread(lambda: channels_of(database, login.organisation_id))
    return await page(request, "channels/device_overview.html", title=said["channels"], words=said, channels=found)


@blueprint.get("/api/channels")
@for_programs
@needs(Permission.MANAGE_CHANNELS)
@described(Description("The channels and how they stand", "channels", {200: ChannelsAnswer}, problems=(401, 403)))
async def list_channels(request: Request) -> HTTPResponse:
    """The same for programs."""
    login: Login = request.ctx.login
    database = wiring(request).database
    found = await in_thread(lambda: channels_of(database, login.organisation_id))
    return json({"channels": [_as_json(channel) for channel in found]})


def channels_of(database: Database, organisation_id: str) -> list[dict[str, Any]]:
    """All accounts, those that are switched off last."""
    with database.tenant_reading(organisation_id) as session:
        order = (ChannelAccount.active.desc(), ChannelAccount.kind, ChannelAccount.name)
        return [_shown(account) for account in session.scalars(select(ChannelAccount).order_by(*order))]


def tone_of(link: str) -> str:
    """How a state of the link is coloured."""
    return TONES.get(LinkStatus(link), "")


def _shown(account: ChannelAccount) -> dict[str, Any]:
    page_of = PAGES.get(account.kind)
    return {
        "id": account.id,
        "kind": account.kind,
        "name": account.name,
        "active": account.active,
        "link": account.link,
        "tone": tone_of(account.link),
        "phone": account.linked_phone,
        "proved_at": account.proved_at,
        "proved_by": account.proved_by,
        "trouble": account.trouble,
        "trouble_since": account.trouble_since,
        "best_effort": _is_best_effort(account.kind),
        "fallback_url": fallback_of(account) if account.trouble else None,
        "page": f"{page_of}{account.id}" if page_of and page_of.endswith("/") else page_of,
    }


def _is_best_effort(kind: str) -> bool:
    try:
        return channel_for(kind).abilities.best_effort
    except NotFound:
        return False


def _as_json(channel: dict[str, Any]) -> dict[str, Any]:
    moments = {name: channel[name] and channel[name].isoformat() for name in ("proved_at", "trouble_since")}
    return {name: value for name, value in {**channel, **moments}.items() if name not in ("tone", "page")}
