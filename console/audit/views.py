"""The audit log: who did what, when; filters, pages and a table to take away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, raw

from console.audit.asking import sought_in
from console.permissions import needs
from console.render import page
from console.spreadsheet import BYTE_ORDER_MARK, download, lines_of
from console.staff.words import ACTIONS
from console.wiring import in_thread, wiring
from ramah.people.audit import AuditLine, Sought, Subject, audit_page, people_of, record
from ramah.people.models import Organisation
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("audit", url_prefix="/console/audit")
COLUMNS = ("at", "who", "action", "subject_kind", "subject", "subject_id", "old", "new", "address")
MOST_EXPORTED = 50_000
FILTERS = ("who", "what", "since", "until")


@blueprint.get("/")
@needs(Permission.SEE_AUDIT)
async def show_audit(request: Request) -> HTTPResponse:
    """A page, the latest first."""
    login, database = _login(request), wiring(request).database

    def read() -> tuple[list[AuditLine], int | None, list[tuple[str, str]], str]:
        with database.tenant_reading(login.organisation_id) as session:
            zone = session.get_one(Organisation, login.organisation_id).timezone
            lines, following = audit_page(session, sought_in(request, zone))
            return lines, following, list(people_of(session)), zone

    lines, following, people, zone = await in_thread(read)
    asked = {name: request.args.get(name, "") for name in FILTERS}
    return await page(
        request,
        "audit/page.html",
        title="Audit log",
        lines=[_shown(line, zone, dict(people)) for line in lines],
        people=people,
        actions=ACTIONS,
        asked=asked,
        query=urlencode({name: value for name, value in asked.items() if value}),
        following=following,
    )


@blueprint.post("/export")
@needs(Permission.SEE_AUDIT)
async def export(request: Request) -> HTTPResponse:
    """What the filters show as CSV. The export is itself an act that is noted."""
    login, database = _login(request), wiring(request).database

    def write() -> bytes:
        with database.tenant(login.organisation_id) as session:
            organisation = session.get_one(Organisation, login.organisation_id)
            sought = sought_in(request, organisation.timezone)
            lines, _ = audit_page(session, sought, MOST_EXPORTED)
            record(session, "export.audit", Subject(name=organisation.name), new=_told(request, sought, len(lines)))
            return _csv(lines)

    body = await in_thread(write)
    return raw(body, content_type="text/csv; charset=utf-8", headers=download("audit.csv"))


def _csv(lines: list[AuditLine]) -> bytes:
    return (BYTE_ORDER_MARK + lines_of([COLUMNS, *(_cells(line) for line in lines)])).encode()


def _cells(line: AuditLine) -> list[object]:
    one = line.entry
    values = {name: _json(getattr(one, name)) for name in ("old", "new")}
    cells = {"at": one.at.isoformat(), "who": line.who, **values}
    return [cells[name] if name in cells else getattr(one, name) for name in COLUMNS]


def _json(value: dict[str, Any] | None) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""


def _told(request: Request, sought: Sought, rows: int) -> dict[str, Any]:
    return {"rows": rows, **{name: request.args.get(name) for name in FILTERS if request.args.get(name)}}


def _shown(line: AuditLine, zone: str, names: Mapping[str, str]) -> dict[str, Any]:
    """For the page; colleagues stand with their ``names``."""
    one = line.entry
    old, new = one.old or {}, one.new or {}
    return {
        "at": one.at.astimezone(ZoneInfo(zone)),
        "who": line.who,
        "action": one.action,
        "subject": one.subject,
        "href": f"/console/conversations/{one.subject_id}" if one.subject_kind == "conversation" else None,
        "address": one.address,
        "changes": [
            (name, _said(old.get(name), names), _said(new.get(name), names)) for name in dict.fromkeys([*old, *new])
        ],
    }


def _said(value: object, names: Mapping[str, str]) -> str | None:
    if value is None or value == []:
        return None
    words = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    return ", ".join(names.get(word, word) for word in words)


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by needs
    return login
