"""The pages of contacts. Everybody who answers may read and correct them; the whole book leaves by permission only."""

from __future__ import annotations

import re
from collections.abc import Callable

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.contacts import presenters
from console.contacts.export import csv_rows
from console.permissions import may, needs
from console.render import page
from console.security import form_text
from console.spreadsheet import download
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.desk.contact_book import (
    Change,
    ContactFacts,
    ContactPage,
    change_contact,
    contact_facts,
    find_contacts,
    note_export,
)
from ramah.desk.contacts.blocking import block, unblock
from ramah.desk.contacts.merging import survivor_of
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import Database

blueprint = Blueprint("contacts", url_prefix="/console/contacts")
LONGEST_SEARCH = 100
IDENTIFIER = re.compile(r"[0-9a-f-]{36}")


@blueprint.get("/")
@needs(Permission.ANSWER)
async def show_contacts(request: Request) -> HTTPResponse:
    """A page of the book; for htmx the rows alone."""
    login, database = _login(request), wiring(request).database
    words, after = _words(request), request.args.get("after", "")
    wanted = after if IDENTIFIER.fullmatch(after) else None
    found = await in_thread(lambda: _find(database, login, words, wanted))
    alone = request.headers.get("hx-request") == "true"
    return await page(
        request,
        "contacts/_rows.html" if alone else "contacts/page.html",
        title=mark("Contacts"),
        rows=[presenters.row(contact, login.language) for contact in found.contacts],
        next_after=found.next_after,
        after=wanted,
        q=words,
        may_export=may(login, Permission.MANAGE_CONTACTS),
    )


@blueprint.get("/export.csv")
@needs(Permission.MANAGE_CONTACTS)
async def export(request: Request) -> HTTPResponse | None:
    """Everybody who fits the search, as a file that a spreadsheet opens."""
    login, database, words = _login(request), wiring(request).database, _words(request)
    await in_thread(lambda: note_export(database, login.organisation_id, login.staff_id, words))
    response = await request.respond(
        content_type="text/csv; charset=utf-8",
        headers=download("contacts.csv"),
    )
    rows = csv_rows(database, login.organisation_id, words)
    while chunk := await in_thread(lambda: next(rows, "")):
        await response.send(chunk)
    return None


@blueprint.get("/<contact_id:str>")
@needs(Permission.ANSWER)
async def show_contact(request: Request, contact_id: str) -> HTTPResponse:
    """One contact with everything around them. Who was merged into another is found under that one."""
    login, database = _login(request), wiring(request).database
    try:
        return await _page(request, contact_id)
    except NotFound:
        survivor = await in_thread(lambda: _survivor(database, login, contact_id))
        if survivor is None:
            raise
        return redirect(f"/console/contacts/{survivor}?saved=was-merged", status=303)


@blueprint.post("/<contact_id:str>/block")
@needs(Permission.ANSWER)
async def block_contact(request: Request, contact_id: str) -> HTTPResponse:
    """Nobody answers them any more."""
    return await _blocking(request, contact_id, block)


@blueprint.post("/<contact_id:str>/unblock")
@needs(Permission.ANSWER)
async def unblock_contact(request: Request, contact_id: str) -> HTTPResponse:
    """They are answered again."""
    return await _blocking(request, contact_id, unblock)


async def _blocking(request: Request, contact_id: str, act: Callable[[Database, str, str, str], bool]) -> HTTPResponse:
    login, database = _login(request), wiring(request).database
    try:
        await in_thread(lambda: act(database, login.organisation_id, contact_id, login.staff_id))
    except NotFound as error:
        raise NotFound(presenters.NO_CONTACT) from error
    return redirect(f"/console/contacts/{contact_id}", status=303)


@blueprint.post("/<contact_id:str>")
@needs(Permission.ANSWER)
async def correct(request: Request, contact_id: str) -> HTTPResponse:
    """Write one ``field``: ``value`` in the place of ``seen``. What cannot stand there is said beside the field."""
    login, database = _login(request), wiring(request).database
    change = Change(*(form_text(request, name)[:400] for name in ("field", "value", "seen")))
    try:
        await in_thread(lambda: change_contact(database, login.organisation_id, contact_id, login.staff_id, change))
    except BadInput as error:
        if error.code not in presenters.PROBLEMS:
            raise
        return await _page(request, contact_id, given=change, problem=presenters.PROBLEMS[error.code], status=400)
    except Refused:
        return await _page(request, contact_id, given=change, problem=presenters.CHANGED, status=409)
    except NotFound as error:
        raise NotFound(presenters.NO_CONTACT) from error
    return redirect(f"/console/contacts/{contact_id}?saved={change.field}", status=303)


async def _page(
    request: Request, contact_id: str, *, given: Change | None = None, problem: str = "", status: int = 200
) -> HTTPResponse:
    login, database = _login(request), wiring(request).database
    facts = await in_thread(lambda: _facts(database, login, contact_id))
    shown = presenters.contact(facts, login.language)
    if given:
        for field in shown["fields"]:
            if field["name"] == given.field:
                field.update(typed=given.value, problem=problem)
    saved = request.args.get("saved", "")
    return await page(request, "contacts/contact.html", status_code=status, title=shown["name"], saved=saved, **shown)


def _facts(database: Database, login: Login, contact_id: str) -> ContactFacts:
    with database.tenant_reading(login.organisation_id) as session:
        try:
            return contact_facts(session, contact_id)
        except NotFound as error:
            raise NotFound(presenters.NO_CONTACT) from error


def _survivor(database: Database, login: Login, contact_id: str) -> str | None:
    with database.tenant_reading(login.organisation_id) as session:
        return survivor_of(session, contact_id)


def _find(database: Database, login: Login, words: str, after: str | None) -> ContactPage:
    with database.tenant_reading(login.organisation_id) as session:
        return find_contacts(session, words, after)


def _words(request: Request) -> str:
    return str(request.args.get("q", "")).strip()[:LONGEST_SEARCH]


def _login(request: Request) -> Login:
    login: Login = request.ctx.login
    return login
