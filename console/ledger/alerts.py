"""The banner of open alerts, on every page of the console."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty, redirect
from sqlalchemy import select

from console.permissions import may, needs
from console.render import page
from console.security import staff_only
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.desk.alerting import KINDS
from ramah.lib.errors import NotFound
from ramah.messaging.alerts import close_alert, open_alerts, worded
from ramah.messaging.alerts.telling import TEST, link_of
from ramah.messaging.models import Alert
from ramah.people import Organisation
from ramah.people.alert_choices import Choices, choices_of, ways_of
from ramah.people.roles import Permission, Role
from ramah.people.sessions import Login
from ramah.settings import Settings
from ramah.store import Database

blueprint = Blueprint("alerts", url_prefix="/console/alerts")


@blueprint.get("/")
@staff_only
async def show_alerts(request: Request) -> HTTPResponse:
    """What is open, in the reader's language; empty when all is well."""
    database, login = wiring(request).database, request.ctx.login
    shown = await in_thread(lambda: _open(database, login, wiring(request).config))
    may_close = may(login, Permission.MANAGE_SETTINGS)
    return await page(request, "ledger/_alerts.html", alerts=shown, may_close=may_close)


@blueprint.post("/<alert_id:str>/close")
@needs(Permission.MANAGE_SETTINGS)
async def close(request: Request, alert_id: str) -> HTTPResponse:
    """An administrator knows of it: the banner goes, and comes back only with the next trouble."""
    database, login = wiring(request).database, request.ctx.login
    await in_thread(lambda: _close(database, login, alert_id))
    return empty() if request.headers.get("hx-request") == "true" else redirect("/console")


def _open(database: Database, login: Login, config: Settings) -> list[dict[str, Any]]:
    with database.tenant_reading(login.organisation_id) as session:
        zone = session.get_one(Organisation, login.organisation_id).timezone
        choices = choices_of(session, login.staff_id) if Role.ADMIN in login.roles else None
        shown = [alert for alert in open_alerts(session) if _is_for(alert, login, choices)]
    return [_shown(alert, login.language, zone, config) for alert in shown]


def _is_for(alert: Alert, login: Login, choices: Choices | None) -> bool:
    """Administrators choose; colleagues see what is wrong with the platform, and not what happens in conversations."""
    if alert.kind == TEST:
        return alert.subject == login.staff_id
    if choices is not None:
        return ways_of(choices, alert.kind).console
    return alert.kind not in KINDS


def _shown(alert: Alert, language: str, zone: str, config: Settings) -> dict[str, Any]:
    text, address = worded(alert, language, zone), link_of(alert, config) or ""
    return {
        "id": alert.id,
        "title": text.title,
        "body": text.body,
        "link": text.link,
        "link_url": address if address.startswith(("https://", "http://")) else None,
    }


def _close(database: Database, login: Login, alert_id: str) -> None:
    with database.tenant(login.organisation_id) as session:
        alert = session.scalar(select(Alert).where(Alert.id == alert_id))
        if alert is None:
            raise NotFound(mark("There is no such alert."))
        close_alert(session, alert.kind, alert.subject, tell=False)
