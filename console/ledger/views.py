"""The ledger's page: the last days, and a proof of today so far; the same as JSON."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import structlog
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from console.api.answers import LedgerAnswer
from console.api.describing import Description, described
from console.ledger import presenters
from console.permissions import for_programs, needs
from console.render import page
from console.security import form_text
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.lib.errors import BadInput
from ramah.messaging.ledger import Proof, keep, local_today, prove_day, refresh
from ramah.messaging.models import LedgerDay
from ramah.people import Organisation
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import Database, utc_now

log = structlog.get_logger()
blueprint = Blueprint("ledger")
DAYS_SHOWN = 30
NO_ANSWER = mark("The database did not answer, so nothing could be checked. Please try again in a moment.")


@blueprint.get("/console/ledger")
@needs(Permission.SEE_LEDGER)
async def show_ledger(request: Request) -> HTTPResponse:
    """The last thirty days."""
    return await _whole_page(request, proof=None)


@blueprint.post("/console/ledger/check")
@needs(Permission.SEE_LEDGER)
async def check_now(request: Request) -> HTTPResponse:
    """Prove today so far, or a day that is over; the latter is kept in the place of its older proof."""
    database, login = wiring(request).database, _login(request)
    asked = _day(form_text(request, "day"))
    try:
        found = await in_thread(lambda: _prove(database, login, asked))
    except SQLAlchemyError:
        log.exception("ledger_check_failed")
        return await page(request, "ledger/_proof.html", proof=None, problem=NO_ANSWER)
    shown = presenters.proof(found)
    if request.headers.get("hx-request") == "true":
        return await page(request, "ledger/_proof.html", proof=shown, problem=None)
    return await _whole_page(request, proof=shown)


@blueprint.get("/api/ledger")
@for_programs
@needs(Permission.SEE_LEDGER)
@described(
    Description(
        "The account of one day",
        "ledger",
        {200: LedgerAnswer},
        query={"day": "Such as 2026-01-31."},
        problems=(400, 401, 403),
    )
)
async def show_ledger_json(request: Request) -> HTTPResponse:
    """One day as it was kept, else as it stands now; yesterday where ``day`` is not given."""
    database, login = wiring(request).database, _login(request)
    asked = _day(request.args.get("day", ""))
    return json(await in_thread(lambda: _as_json(database, login, asked)))


async def _whole_page(request: Request, *, proof: dict[str, Any] | None) -> HTTPResponse:
    database, login = wiring(request).database, _login(request)
    rows = await in_thread(lambda: _kept(database, login))
    days = presenters.kept_days(rows)
    return await page(request, "ledger/page.html", title=mark("Ledger"), days=days, proof=proof, problem=None)


def _login(request: Request) -> Login:
    login: Login = request.ctx.login
    return login


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(mark("This is no date; write it as 2026-01-31.")) from error


def _kept(database: Database, login: Login) -> list[LedgerDay]:
    with database.tenant_reading(login.organisation_id) as session:
        return list(session.scalars(select(LedgerDay).order_by(LedgerDay.day.desc()).limit(DAYS_SHOWN)))


def _today(database: Database, login: Login) -> date:
    with database.tenant_reading(login.organisation_id) as session:
        return local_today(session.get_one(Organisation, login.organisation_id), utc_now())


def _prove(database: Database, login: Login, asked: date | None) -> Proof:
    today = _today(database, login)
    day = asked or today
    if day > today:
        raise BadInput(mark("This day has not come yet."))
    found = prove_day(database, login.organisation_id, day)
    if found.span.is_over and not refresh(database, found):
        keep(database, found)
    return found


def _as_json(database: Database, login: Login, asked: date | None) -> dict[str, Any]:
    day = asked or _today(database, login) - timedelta(days=1)
    with database.tenant_reading(login.organisation_id) as session:
        row = session.scalar(select(LedgerDay).where(LedgerDay.day == day))
        slug = session.get_one(Organisation, login.organisation_id).slug
    if row is None:
        return {**prove_day(database, login.organisation_id, day).as_json(), "kept": False}
    return {
        "organisation": slug,
        "day": row.day.isoformat(),
        "counts": row.counts,
        "missing": row.missing,
        "checked_at": row.checked_at.isoformat(),
        "kept": True,
    }
