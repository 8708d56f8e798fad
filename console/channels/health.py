"""The health of the channels: a page that says what stands how, since when, and what to do next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from console.channels.overview import PAGES, tone_of
from console.channels.wording import words
from console.failures import failure_of
from console.permissions import needs
from console.render import page
from console.translations import Marked, mark
from console.wiring import in_thread, wiring
from ramah.desk.channels.health import Advice, Health, Report, channel_health
from ramah.messaging.accounts import webhook_url
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import Database, utc_now

blueprint = Blueprint("channel_health", url_prefix="/console/channels/health")
ADVICE: dict[Advice, Marked] = {
    Advice.LINK_AGAIN: mark("The account is logged out. Link it again: nothing is sent or received until then."),
    Advice.SCAN_CODE: mark("A code waits to be scanned with the phone. Open the account and scan it."),
    Advice.CHECK_SETTINGS: mark(
        "The provider refuses us. Compare the access token and settings with those at the provider."
    ),
    Advice.WAIT_FOR_GATEWAY: mark(
        "The connection is lost and is tried again by itself. Check that the phone is on and online."
    ),
    Advice.CHECK_SECRET: mark(
        "Posts with a wrong signature came in. If messages are missing, the webhook's secret is not the provider's; "
        "if none are, somebody else tries the address and you need do nothing."
    ),
    Advice.START_WORKER: mark(
        "Messages are due and do not leave. Ask whoever runs Ramah whether the worker is running."
    ),
    Advice.WAIT_FOR_PROVIDER: mark("The provider asked us to wait. Messages leave by themselves afterwards."),
    Advice.READ_ENVELOPES: mark("Something came that we could not read. It is kept; tell whoever runs Ramah."),
    Advice.READ_REASONS: mark("Some messages did not arrive. Read the reasons below; the customers may not know it."),
    Advice.TRY_A_MESSAGE: mark("Nothing has proved lately that it works. Write to it from your own phone."),
}
TALL = 30.0
"""Half the height of the chart, in the drawing's own units; what came stands above the line, what went below."""
MOST_REASONS = 5


@blueprint.get("/")
@needs(Permission.MANAGE_CHANNELS)
async def show_health(request: Request) -> HTTPResponse:
    """Every account; for htmx the middle of the page alone."""
    login, database = _login(request), wiring(request).database
    report = await in_thread(lambda: _read(database, login))
    alone = request.headers.get("hx-request") == "true"
    return await page(
        request,
        "channels/_health.html" if alone else "channels/health.html",
        title=mark("Channel health"),
        words=words(login.language),
        accounts=[_shown(one, report, login) for one in report.accounts],
        unknown=report.unknown,
    )


def _read(database: Database, login: Login) -> Report:
    with database.tenant_reading(login.organisation_id) as session:
        return channel_health(session, utc_now())


def _shown(one: Health, report: Report, login: Login) -> dict[str, Any]:
    account, page_of = one.account, PAGES.get(one.account.kind)
    return {
        "id": account.id,
        "name": account.name,
        "kind": account.kind,
        "active": account.active,
        "link": account.link,
        "tone": tone_of(account.link),
        "since": account.trouble_since or account.link_since,
        "proved_at": account.proved_at,
        "proved_by": account.proved_by,
        "trouble": account.trouble,
        "last_in": one.last_in,
        "last_out": one.last_out,
        "waiting": one.waiting,
        "paced_until": one.paced_until,
        "paused_until": one.paused_until,
        "refused": one.refused,
        "unread": one.unread,
        "webhook": webhook_url(account) if one.refused else None,
        "advice": [ADVICE[advice] for advice in one.advice],
        "reasons": _reasons(one, login.language),
        "sums": {"came": sum(one.came), "went": sum(one.went), "failed": sum(one.failed)},
        "bars": _bars(one, report.begin, login.timezone),
        "page": f"{page_of}{account.id}" if page_of and page_of.endswith("/") else page_of,
    }


def _reasons(one: Health, language: str) -> list[dict[str, Any]]:
    found = []
    for reason in one.reasons[:MOST_REASONS]:
        words_of = failure_of(one.account.kind, reason.status, reason.code, language)
        if words_of is not None:
            found.append({"count": reason.count, "status": reason.status, "code": reason.code, "words": words_of})
    return found


def _bars(one: Health, begin: datetime, zone: str) -> list[dict[str, Any]]:
    """One group for each hour, to one scale."""
    most = max(*one.came, *one.went, 1)
    return [
        {
            "x": number * 10,
            "hour": f"{(begin + timedelta(hours=number)).astimezone(ZoneInfo(zone)):%H:%M}",
            "came": came,
            "went": went,
            "failed": failed,
            "up": round(TALL * came / most, 2),
            "down": round(TALL * went / most, 2),
            "bad": round(TALL * failed / most, 2),
        }
        for number, (came, went, failed) in enumerate(zip(one.came, one.went, one.failed, strict=True))
    ]


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by needs
    return login
