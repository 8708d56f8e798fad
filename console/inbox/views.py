"""The inbox's pages and fragments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty
from sqlalchemy.orm import Session

from console.inbox import presenters
from console.inbox.choices import Choices, choices_of
from console.inbox.proposals import shown
from console.numbers import whole_number
from console.render import page
from console.security import form_text, staff_only
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.desk import handover
from ramah.desk.inbox_list import ListItem, Page, counts, list_item, list_page
from ramah.desk.list_filters import Filter
from ramah.desk.reply_drafts import draft_of
from ramah.desk.scheduling import Planned, planned
from ramah.desk.side import SideFacts, side_facts
from ramah.desk.templates import ClosedWindow, closed_window
from ramah.lib.errors import NotFound
from ramah.messaging.media.views import FileView, files_in
from ramah.messaging.proposals import open_proposal
from ramah.messaging.thread import PAGE, Line, read_latest, read_thread
from ramah.people.sessions import Login
from ramah.store import Database

blueprint = Blueprint("inbox", url_prefix="/console")
TICKS_SHOWN = 50
BEFORE_IT, MOST_FROM_THERE = 20, 1000
"""Lines shown before one that is looked for, and from there on; what is newer still comes with the next event."""
CURSOR = re.compile(r"([0-9]\.)?[0-9]{1,16}\.[0-9a-f-]{36}")


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    wanted: Filter
    before: str | None

    @classmethod
    def of(cls, request: Request) -> Asked:
        """Read the query string; unknown filters mean all, unreadable cursors the beginning."""
        before = request.args.get("before", "")
        wanted = Filter.of(lambda name: str(request.args.get(name, "")))
        return cls(wanted, before if CURSOR.fullmatch(before) else None)


Files = dict[int, list[FileView]]
Fresh = tuple[ListItem, ClosedWindow | None, list[Line], list[Line], Files, dict[str, Any] | None, Sequence[Planned]]


@dataclass(frozen=True)
class Opened:
    """An open conversation, read in one go."""

    item: ListItem
    lines: list[Line]
    side: SideFacts
    closed: ClosedWindow | None
    files: Files
    proposal: dict[str, Any] | None
    planned: Sequence[Planned] = ()
    draft: str = ""

    @property
    def has_earlier(self) -> bool:
        """Whether there is more above the first line."""
        return bool(self.lines) and self.lines[0].position > 1


@blueprint.get("/")
@staff_only
async def show_inbox(request: Request) -> HTTPResponse:
    """The whole page with no conversation open."""
    return await _whole_page(request, None)


@blueprint.get("/conversations")
@staff_only
async def show_list(request: Request) -> HTTPResponse:
    """A page of the list."""
    login, asked = _login(request), Asked.of(request)
    found = await in_thread(lambda: _list(wiring(request).database, login, asked))
    return await page(request, "_list.html", **_list_context(found, asked, login))


@blueprint.get("/conversations/<conversation_id:str>")
@staff_only
async def show_conversation(request: Request, conversation_id: str) -> HTTPResponse:
    """The thread and its side panel, alone for htmx or inside the whole page; from the line ``at`` on."""
    database, login = wiring(request).database, _login(request)
    at = whole_number(request.args.get("at"))
    opened = await in_thread(lambda: _open(database, login, conversation_id, at))
    await in_thread(lambda: handover.mark_read(database, login.organisation_id, conversation_id, login.staff_id))
    if request.headers.get("hx-request") == "true" and "hx-history-restore-request" not in request.headers:
        return await page(request, "_conversation.html", **_conversation_context(opened, login))
    return await _whole_page(request, opened)


@blueprint.get("/conversations/<conversation_id:str>/row")
@staff_only
async def show_row(request: Request, conversation_id: str) -> HTTPResponse:
    """One row of the list, or 204 when it no longer belongs there."""
    login, asked, database = _login(request), Asked.of(request), wiring(request).database

    def read() -> ListItem | None:
        with database.tenant_reading(login.organisation_id) as session:
            return list_item(session, login.staff_id, conversation_id, asked.wanted)

    item = await in_thread(read)
    if item is None:
        return empty()
    return await page(request, "_conversation_row.html", row=presenters.row(item, login, asked.wanted.chosen))


@blueprint.get("/conversations/<conversation_id:str>/messages")
@staff_only
async def show_messages(request: Request, conversation_id: str) -> HTTPResponse:
    """New lines after a position, or earlier ones before it."""
    database, login = wiring(request).database, _login(request)
    before, after = request.args.get("before"), request.args.get("after", "0")
    position = whole_number(before if before is not None else after)

    def read() -> Fresh:
        with database.tenant_reading(login.organisation_id) as session:
            item = _item(session, login, conversation_id)
            closed = closed_window(session, item.conversation)
            draft = shown(open_proposal(session, item.conversation))
            if before is not None:
                earlier = read_thread(session, conversation_id, max(0, position - 1 - PAGE))
                lines = [line for line in earlier if line.position < position]
                return item, closed, lines, [], files_in(session, conversation_id, lines), draft, ()
            recent = read_latest(session, conversation_id, item.conversation.next_position - 1, limit=TICKS_SHOWN)
            lines = read_thread(session, conversation_id, position)
            files = files_in(session, conversation_id, lines)
            return item, closed, lines, recent, files, draft, planned(session, conversation_id)

    item, closed, lines, recent, files, draft, later = await in_thread(read)
    reader = presenters.Reader(login.language, item.channel)
    return await page(
        request,
        "_messages.html",
        conversation=presenters.head(item, login, closed),
        proposal=draft,
        messages=presenters.messages(lines, reader, files),
        planned=later if before is None else None,
        ticks=[presenters.tick(line, reader) for line in recent if line.status],
        has_earlier=(bool(lines) and lines[0].position > 1) if before is not None else None,
    )


@blueprint.get("/conversations/<conversation_id:str>/side")
@staff_only
async def show_side(request: Request, conversation_id: str) -> HTTPResponse:
    """The panel beside the thread."""
    database, login = wiring(request).database, _login(request)
    opened = await in_thread(lambda: _open(database, login, conversation_id))
    return await page(request, "_side.html", **_conversation_context(opened, login))


@blueprint.post("/conversations/<conversation_id:str>/take")
@staff_only
async def take(request: Request, conversation_id: str) -> HTTPResponse:
    """Take the conversation over."""
    database, login = wiring(request).database, _login(request)
    await in_thread(lambda: handover.take_over(database, login.organisation_id, conversation_id, login.staff_id))
    return empty()


@blueprint.post("/conversations/<conversation_id:str>/release")
@staff_only
async def release(request: Request, conversation_id: str) -> HTTPResponse:
    """Give the conversation back to the bot, with the facts that are ticked: ``tick-<name>`` and ``fact-<name>``."""
    database, login = wiring(request).database, _login(request)
    form: dict[str, Any] = request.form or {}
    ticked = {n[5:]: form_text(request, f"fact-{n[5:]}") for n in form if n.startswith("tick-")}
    who = (login.organisation_id, conversation_id, login.staff_id)
    await in_thread(lambda: handover.release(database, *who, ticked))
    return empty()


@blueprint.post("/conversations/<conversation_id:str>/close")
@staff_only
async def close(request: Request, conversation_id: str) -> HTTPResponse:
    """End the conversation."""
    database, login = wiring(request).database, _login(request)
    await in_thread(lambda: handover.close(database, login.organisation_id, conversation_id, login.staff_id))
    return empty()


@blueprint.post("/conversations/<conversation_id:str>/read")
@staff_only
async def mark_read(request: Request, conversation_id: str) -> HTTPResponse:
    """The operator has seen the thread."""
    database, login = wiring(request).database, _login(request)
    await in_thread(lambda: handover.mark_read(database, login.organisation_id, conversation_id, login.staff_id))
    return empty()


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by staff_only
    return login


def _item(session: Session, login: Login, conversation_id: str) -> ListItem:
    item = list_item(session, login.staff_id, conversation_id)
    if item is None:
        raise NotFound(mark("There is no such conversation."))
    return item


def _list(database: Database, login: Login, asked: Asked) -> Page:
    with database.tenant_reading(login.organisation_id) as session:
        return list_page(session, login.staff_id, asked.wanted, asked.before)


def _open(database: Database, login: Login, conversation_id: str, at: int = 0) -> Opened:
    with database.tenant_reading(login.organisation_id) as session:
        item = _item(session, login, conversation_id)
        newest = item.conversation.next_position - 1
        if 0 < at <= newest - PAGE:
            lines = read_thread(session, conversation_id, max(0, at - BEFORE_IT), limit=MOST_FROM_THERE)
        else:
            lines = read_latest(session, conversation_id, newest)
        closed = closed_window(session, item.conversation)
        files = files_in(session, conversation_id, lines)
        proposal = shown(open_proposal(session, item.conversation))
        later, typed = planned(session, conversation_id), draft_of(session, conversation_id, login.staff_id)
        return Opened(item, lines, side_facts(session, item.conversation), closed, files, proposal, later, typed)


def _list_context(found: Page, asked: Asked, login: Login) -> dict[str, Any]:
    return {
        "rows": [presenters.row(item, login, asked.wanted.chosen) for item in found.items],
        "next_before": found.next_before,
        "before": asked.before,
        "filter": asked.wanted.chosen,
        "q": asked.wanted.search,
        "wanted": asked.wanted,
        "query": asked.wanted.query(),
    }


def _conversation_context(opened: Opened, login: Login) -> dict[str, Any]:
    reader = presenters.Reader(login.language, opened.item.channel)
    return {
        "conversation": presenters.head(opened.item, login, opened.closed),
        "messages": presenters.messages(opened.lines, reader, opened.files),
        "planned": opened.planned,
        "draft": opened.draft,
        "ticks": [],
        "proposal": opened.proposal,
        "has_earlier": opened.has_earlier,
        **presenters.side(opened.side, opened.item.conversation, login.staff_id, login.language),
    }


async def _whole_page(request: Request, opened: Opened | None) -> HTTPResponse:
    login, asked, database = _login(request), Asked.of(request), wiring(request).database

    def read() -> tuple[dict[str, int], Choices]:
        with database.tenant_reading(login.organisation_id) as session:
            return counts(session, login.staff_id), choices_of(session, login.staff_id)

    # The sequence is read before the rows: an event in between is then seen again rather than never.
    live_seq = wiring(request).live.newest(login.organisation_id)
    (numbers, choices), found = await in_thread(read), await in_thread(lambda: _list(database, login, asked))
    context = _conversation_context(opened, login) if opened else {"conversation": None}
    return await page(
        request,
        "inbox.html",
        title=mark("Inbox"),
        live_seq=live_seq,
        counts=numbers,
        choices=choices,
        **_list_context(found, asked, login),
        **context,
    )
