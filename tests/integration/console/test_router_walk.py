"""Every route by everybody: each role, a colleague of another outlet, somebody of another organisation, nobody."""

from __future__ import annotations

import re
from contextlib import ExitStack, closing

import httpx
import pytest

from ramah.messaging.models import Conversation
from ramah.people import Outlet, Staff
from ramah.people.account_models import StaffScope
from ramah.people.roles import Permission, Role, permissions
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.access_rules import RULES, THREAD, Access
from tests.integration.console.contents import everything
from tests.integration.console.served import ServedConsole
from tests.integration.console.test_access import MESSAGE, address
from tests.integration.console.visitors import StaffMember, logged_in

NEEDED = {
    "/console/ledger": Permission.SEE_LEDGER,
    "/api/ledger": Permission.SEE_LEDGER,
    "/console/channels": Permission.MANAGE_CHANNELS,
    "/api/channels": Permission.MANAGE_CHANNELS,
    "/api/messenger": Permission.MANAGE_CHANNELS,
    "/console/hours": Permission.MANAGE_HOURS,
    "/console/hours/mode": Permission.MANAGE_SETTINGS,
    "/api/app/chatbot": Permission.MANAGE_HOURS,
    "/console/queue/settings": Permission.MANAGE_QUEUE,
    "/api/app/queue/settings": Permission.MANAGE_QUEUE,
    "/api/app/divisions/": Permission.MANAGE_QUEUE,
    "/console/contacts/export": Permission.MANAGE_CONTACTS,
    "/console/contacts/duplicates": Permission.MANAGE_CONTACTS,
    "/console/contacts/import": Permission.MANAGE_CONTACTS,
    "/console/labels": Permission.MANAGE_LABELS,
    "/console/canned-replies": Permission.MANAGE_CANNED_REPLIES,
    "/console/payments/": Permission.DECIDE_PAYMENTS,
    "/console/alerts/": Permission.MANAGE_SETTINGS,
    "/console/staff/security": Permission.MANAGE_SETTINGS,
    "/console/staff": Permission.MANAGE_STAFF,
    "/console/audit": Permission.SEE_AUDIT,
    "/console/messages": Permission.SEE_LEDGER,
    "/console/why": Permission.SEE_WHY,
    "/console/incidents": Permission.SEE_INCIDENTS,
    "/api/admin/staff": Permission.MANAGE_STAFF,
    "/api/admin/users": Permission.MANAGE_CONTACTS,
    "/api/admin/audit": Permission.SEE_AUDIT,
}
"""What the paths that begin so need; the others are for everybody who answers."""
FOR_ALL_WHO_ANSWER = ("/console/payments/count",)


def needed(path: str) -> Permission:
    if path in FOR_ALL_WHO_ANSWER:
        return Permission.ANSWER
    found = [prefix for prefix in NEEDED if path.startswith(prefix)]
    return NEEDED[max(found, key=len)] if found else Permission.ANSWER


ROLE_RULES = sorted(rule for rule, access in RULES.items() if access is Access.ROLE)


def asked(rule: str) -> tuple[str, str]:
    method, path = rule.split()
    path = re.sub(r"<\w+:str>", "00000000-0000-0000-0000-000000000000", path)
    return method, re.sub(r"<\w+:int>", "0", path)


def person(console: ServedConsole, database: Database, tenant: Tenant, *roles: str) -> StaffMember:
    name = "-".join(roles) or "nobody"
    with database.tenant(tenant.id) as session:
        one = Staff(email=f"{name}@walk.example", name=name, password_hash="-", roles=list(roles))
        session.add(one)
        session.flush()
        staff_id = one.id
    return logged_in(console, database, tenant.id, staff_id)


def test_each_role_comes_as_far_as_it_grants_and_no_further(
    console: ServedConsole, database: Database, kilap: Tenant
) -> None:
    with ExitStack() as stack:
        people = {role: person(console, database, kilap, role) for role in Role}
        for one in people.values():
            stack.enter_context(closing(one.client))
        before = everything(database)
        for rule in ROLE_RULES:
            method, path = asked(rule)
            for role, one in people.items():
                if needed(path) in permissions([role]):
                    continue
                answer = one.client.request(method, path, headers={"x-csrf-token": one.csrf})
                assert answer.status_code == 403, (rule, role)
        assert everything(database) == before


def test_an_administrator_is_let_through_everywhere(console: ServedConsole, database: Database, kilap: Tenant) -> None:
    one = person(console, database, kilap, Role.ADMIN)
    with closing(one.client):
        refused = {}
        for rule in ROLE_RULES:
            method, path = asked(rule)
            if method == "GET":
                refused[rule] = one.client.get(path).status_code
    assert [rule for rule, status in refused.items() if status in (401, 403)] == []


def test_somebody_without_a_role_opens_nothing(console: ServedConsole, database: Database, kilap: Tenant) -> None:
    one = person(console, database, kilap)
    with closing(one.client):
        assert {one.get(path).status_code for path in ("/console", "/console/account", "/api/admin/conversations")} == {
            403
        }


@pytest.mark.usefixtures("kilap")
def test_nobody_comes_in_without_logging_in(anybody: httpx.Client, database: Database) -> None:
    before = everything(database)
    for rule in [rule for rule, access in RULES.items() if access in (Access.ROLE, Access.OWN)]:
        method, path = asked(rule.replace("<key:str>", "0"))
        answer = anybody.request(method, path)
        assert answer.status_code in (302, 401), rule
        assert answer.status_code == 401 or answer.headers["location"].startswith("/login?next=")
    assert everything(database) == before


@pytest.fixture
def limited(console: ServedConsole, database: Database, kilap: Tenant, conversation_id: str) -> StaffMember:
    """A colleague of the outlet WEST, while the conversation is about EAST."""
    one = person(console, database, kilap, Role.AGENT)
    with database.tenant(kilap.id) as session:
        place = {"street": "-", "city": "-", "country": "ID", "timezone": "Asia/Jakarta"}
        session.add_all([Outlet(code=code, name=code, **place) for code in ("WEST", "EAST")])
        session.get_one(Staff, one.id).limited = True
        session.add(StaffScope(staff_id=one.id, oid="WEST"))
        session.get_one(Conversation, conversation_id).outlet = "EAST"
    return one


THREAD_RULES = sorted(rule for rule in RULES if rule.split()[1].startswith(THREAD))


def test_a_colleague_of_another_outlet_neither_opens_nor_changes_it(
    limited: StaffMember, database: Database, conversation_id: str
) -> None:
    with closing(limited.client):
        assert limited.get("/console").status_code == 200
        before = everything(database)
        for rule in THREAD_RULES:
            method, path = rule.split()
            path = address(path, conversation_id).replace("<reference:str>", "T-1").replace("<proposal_id:str>", "0")
            answer = limited.get(path) if method == "GET" else limited.post(path, MESSAGE)
            # What cannot be read is refused before anybody looks whether the conversation is there.
            refused = (204,) if path.endswith("/row") else (404,) if method == "GET" else (400, 404)
            assert answer.status_code in refused, rule
            assert "secret of kilap" not in answer.text
        assert everything(database) == before


def test_a_colleague_of_another_outlet_does_not_find_it_in_any_list(limited: StaffMember, conversation_id: str) -> None:
    with closing(limited.client):
        for path in ("/console?q=secret", "/console/conversations", "/api/admin/conversations?q=secret"):
            answer = limited.get(path)
            assert answer.status_code == 200
            assert conversation_id not in answer.text


def test_a_colleague_of_its_own_outlet_opens_it(
    limited: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, conversation_id).outlet = "WEST"
    with closing(limited.client):
        assert "secret of kilap" in limited.get(f"/console/conversations/{conversation_id}").text
