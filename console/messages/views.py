"""The message log: every message in and out with what became of it; filters, pages and a file to take away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlencode

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from console.messages import presenters
from console.messages.asking import Asked, as_cursor
from console.permissions import needs
from console.render import page
from console.security import form_text
from console.spreadsheet import BYTE_ORDER_MARK, download, lines_of
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.desk.messages.asking import Place
from ramah.desk.messages.log import LogLine, accounts_of, every_line, log_page, note_export
from ramah.messaging.models import ChannelAccount
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import Database, utc_now

blueprint = Blueprint("messages", url_prefix="/console/messages")
TOGETHER = 500
Read = tuple[list[LogLine], Place | None, list[ChannelAccount]]


@blueprint.get("/")
@needs(Permission.SEE_LEDGER)
async def show_messages(request: Request) -> HTTPResponse:
    """A page, the latest first."""
    login, database = _login(request), wiring(request).database
    asked = Asked.of(lambda name: str(request.args.get(name, "")), utc_now(), login.timezone)
    lines, following, accounts = await in_thread(lambda: _read(database, login, asked))
    return await page(
        request,
        "messages/page.html",
        title=mark("Message log"),
        lines=[presenters.shown(line, login.language, login.timezone) for line in lines],
        channels=presenters.channel_choices(accounts),
        states=presenters.CHOICES,
        asked=asked,
        filters=asked.filters(),
        query=urlencode(asked.filters()),
        following=as_cursor(following),
    )


@blueprint.post("/export")
@needs(Permission.SEE_LEDGER)
async def export(request: Request) -> HTTPResponse | None:
    """What the filters show as CSV, in pieces. The export itself stands in the audit log first."""
    login, database = _login(request), wiring(request).database
    asked = Asked.of(lambda name: form_text(request, name), utc_now(), login.timezone)
    lines = await in_thread(lambda: _noted(database, login, asked))
    response = await request.respond(content_type="text/csv; charset=utf-8", headers=download("messages.csv"))
    await response.send(BYTE_ORDER_MARK + lines_of([presenters.COLUMNS]))
    while chunk := await in_thread(lambda: _next_lines(lines, login.language)):
        await response.send(chunk)
    return None


def _read(database: Database, login: Login, asked: Asked) -> Read:
    wanted = asked.wanted(login.timezone)
    with database.tenant_reading(login.organisation_id) as session:
        lines, following = log_page(session, wanted)
        return lines, following, accounts_of(session)


def _noted(database: Database, login: Login, asked: Asked) -> Iterator[LogLine]:
    wanted = asked.wanted(login.timezone)
    note_export(database, login.organisation_id, asked.filters())
    return every_line(database, login.organisation_id, wanted)


def _next_lines(lines: Iterator[LogLine], language: str) -> str:
    return lines_of(presenters.cells(line, language) for line in islice(lines, TOGETHER))


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by needs
    return login
