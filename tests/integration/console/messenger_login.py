"""What the tests of the Facebook page in the console do: log in, agree at Facebook, choose pages, ask as a program."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlsplit

import httpx

from ramah.messaging.models import ChannelAccount
from ramah.people import Staff
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.contents import rows_of
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import StaffMember, logged_in

HOME = "/console/channels/messenger"
API = "/api/messenger/connect"
TICKET = re.compile(r'name="ticket" value="([^"]+)"')


def administrator(
    console: ServedConsole, database: Database, tenant: Tenant, language: str, role: str = "admin"
) -> StaffMember:
    """Somebody of the staff with this role, logged in."""
    with database.tenant(tenant.id) as session:
        email = f"{role}-{language}@{tenant.id}.example"
        person = Staff(email=email, name=role, password_hash="-", roles=["agent", role], language=language)
        session.add(person)
    return logged_in(console, database, tenant.id, person.id)


def back_from_facebook(member: StaffMember) -> str:
    """Press the button, agree at Facebook, and come back: the path and query of the callback."""
    dialog = member.get(f"{HOME}/login")
    assert dialog.status_code == 302
    answer = httpx.get(dialog.headers["location"], trust_env=False, timeout=5.0)
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def ticket_of(page: httpx.Response) -> str:
    """The ticket of the page where one chooses."""
    found = TICKET.search(page.text)
    assert found is not None
    return html.unescape(found[1])


def connect(member: StaffMember, *page_ids: str) -> httpx.Response:
    """Choose pages after a login."""
    ticket = ticket_of(member.get(back_from_facebook(member)))
    fields = {"ticket": ticket, "csrf_token": member.csrf, "page_id": list(page_ids)}
    return member.client.post(f"{HOME}/pages", data=fields)


def offer_to(member: StaffMember) -> dict[str, Any]:
    """What a program gets for the code that Facebook sent back."""
    back = dict(httpx.QueryParams(back_from_facebook(member).partition("?")[2]))
    return dict(ask(member, back).json())


def ask(member: StaffMember, body: dict[str, Any]) -> httpx.Response:
    """A program's request."""
    return member.client.post(API, json=body, headers={"x-csrf-token": member.csrf})


def pages_in(database: Database) -> list[ChannelAccount]:
    """The connected pages of everybody."""
    return [account for account in rows_of(database, ChannelAccount) if account.kind == "messenger"]
