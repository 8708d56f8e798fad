"""The pages on which suspected duplicates are looked at side by side, merged or told apart."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.contacts import presenters
from console.permissions import needs
from console.render import page
from console.security import form_text
from console.translations import Marked, mark
from console.wiring import in_thread, wiring
from ramah.desk.contact_book import one_contact
from ramah.desk.contacts.duplicates import MOST_PAIRS, Pair, Reason, duplicates
from ramah.desk.contacts.merging import CHOSEN, Merge, fingerprint, merge, tell_apart
from ramah.lib.errors import NotFound, Refused
from ramah.people import Contact
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("duplicates", url_prefix="/console/contacts/duplicates")
HERE = "/console/contacts/duplicates"
REASONS: dict[Reason, Marked] = {
    Reason.PHONE: mark("Same number"),
    Reason.EMAIL: mark("Same e-mail"),
    Reason.POLICY: mark("Same policy"),
    Reason.PLATE: mark("Same plate"),
    Reason.NAME_AND_PHONE: mark("Very like names and numbers"),
    Reason.NAME_AND_EMAIL: mark("Very like names and e-mails"),
}
MEANWHILE = mark("One of them changed while you were looking. This is how they stand now; choose again.")


@blueprint.get("/")
@needs(Permission.MANAGE_CONTACTS)
async def show_pairs(request: Request) -> HTTPResponse:
    """Who may be the same person."""
    login: Login = request.ctx.login
    database = wiring(request).database

    def read() -> list[Pair]:
        with database.tenant_reading(login.organisation_id) as session:
            return duplicates(session)

    pairs = await in_thread(read)
    shown = [
        {
            "first": presenters.row(pair.first, login.language),
            "second": presenters.row(pair.second, login.language),
            "reasons": [REASONS[reason] for reason in pair.reasons],
        }
        for pair in pairs
    ]
    return await page(
        request,
        "contacts/duplicates.html",
        title=mark("Duplicates"),
        pairs=shown,
        more=len(pairs) == MOST_PAIRS,
        done=request.args.get("done", ""),
    )


@blueprint.get("/<one_id:str>/<other_id:str>")
@needs(Permission.MANAGE_CONTACTS)
async def show_pair(request: Request, one_id: str, other_id: str) -> HTTPResponse:
    """Two contacts side by side; the first one is kept."""
    return await _page(request, one_id, other_id)


@blueprint.post("/<one_id:str>/<other_id:str>/merge")
@needs(Permission.MANAGE_CONTACTS)
async def merge_pair(request: Request, one_id: str, other_id: str) -> HTTPResponse:
    """Make the second contact part of the first; ``<field>=other`` takes a value over from it."""
    login: Login = request.ctx.login
    database = wiring(request).database
    taken = tuple(name for name in CHOSEN if form_text(request, name) == "other")
    wanted = Merge(one_id, other_id, taken, form_text(request, "seen") or "unseen")
    try:
        await in_thread(lambda: merge(database, login.organisation_id, login.staff_id, wanted))
    except Refused:
        return await _page(request, one_id, other_id, problem=MEANWHILE, status=409)
    except NotFound as error:
        raise NotFound(presenters.NO_CONTACT) from error
    return redirect(f"/console/contacts/{one_id}?saved=merged", status=303)


@blueprint.post("/<one_id:str>/<other_id:str>/apart")
@needs(Permission.MANAGE_CONTACTS)
async def keep_apart(request: Request, one_id: str, other_id: str) -> HTTPResponse:
    """They are two people."""
    login: Login = request.ctx.login
    database = wiring(request).database
    try:
        await in_thread(lambda: tell_apart(database, login.organisation_id, login.staff_id, one_id, other_id))
    except NotFound as error:
        raise NotFound(presenters.NO_CONTACT) from error
    return redirect(f"{HERE}?done=apart", status=303)


async def _page(request: Request, one_id: str, other_id: str, *, problem: str = "", status: int = 200) -> HTTPResponse:
    login: Login = request.ctx.login
    database = wiring(request).database

    def read() -> tuple[Contact, Contact]:
        with database.tenant_reading(login.organisation_id) as session:
            return one_contact(session, one_id), one_contact(session, other_id)

    try:
        one, other = await in_thread(read)
    except NotFound as error:
        raise NotFound(presenters.NO_CONTACT) from error
    return await page(
        request,
        "contacts/merge.html",
        status_code=status,
        title=mark("Merge two contacts"),
        problem=problem,
        seen=fingerprint(one, other),
        one=presenters.row(one, login.language),
        other=presenters.row(other, login.language),
        fields=[_choice(one, other, name) for name in CHOSEN],
    )


def _choice(one: Contact, other: Contact, name: str) -> dict[str, str | bool]:
    """A field of both; where only one of them has a value there is nothing to choose."""
    mine, theirs = getattr(one, name) or "", getattr(other, name) or ""
    return {
        "name": name,
        "label": presenters.MERGED[name],
        "one": mine,
        "other": theirs,
        "open": bool(mine and theirs and mine != theirs),
    }
