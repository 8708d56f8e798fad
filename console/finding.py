"""What the command bar finds: customers and conversations by a few letters."""

from __future__ import annotations

from collections.abc import Sequence

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from console.inbox.presenters import contact_name
from console.security import staff_only
from console.wiring import in_thread, wiring
from ramah.desk.contact_book import find_contacts
from ramah.desk.inbox_list import Page, list_page
from ramah.desk.list_filters import Filter
from ramah.people import Contact
from ramah.people.sessions import Login
from ramah.store import Database

blueprint = Blueprint("finding", url_prefix="/console")
MOST = 8
SHORTEST, LONGEST = 2, 80


@blueprint.get("/find")
@staff_only
async def find(request: Request) -> HTTPResponse:
    """``{"found": [{"label", "detail", "path"}]}`` for ``q``; nothing for less than two letters."""
    login: Login = request.ctx.login
    database, words = wiring(request).database, request.args.get("q", "").strip()[:LONGEST]
    found = await in_thread(lambda: _found(database, login, words)) if len(words) >= SHORTEST else []
    return json({"found": found}, headers={"cache-control": "no-store"})


def _found(database: Database, login: Login, words: str) -> list[dict[str, str]]:
    with database.tenant_reading(login.organisation_id) as session:
        page = list_page(session, login.staff_id, Filter(search=words), None)
        people = find_contacts(session, words, most=MOST).contacts
    return [*_conversations(page, login), *_contacts(people, login)]


def _contacts(people: Sequence[Contact], login: Login) -> list[dict[str, str]]:
    return [
        {
            "label": contact_name(contact, login.language),
            "detail": " · ".join(part for part in (contact.phone, contact.email, contact.plate) if part),
            "path": f"/console/contacts/{contact.id}",
        }
        for contact in people
    ]


def _conversations(page: Page, login: Login) -> list[dict[str, str]]:
    return [
        {
            "label": contact_name(item.contact, login.language),
            "detail": item.conversation.preview,
            "path": f"/console/conversations/{item.conversation.id}",
        }
        for item in page.items[:MOST]
    ]
