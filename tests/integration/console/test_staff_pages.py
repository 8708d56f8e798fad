"""The staff page: inviting, joining, roles and outlets, leaving, and the rules for logins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from ramah.desk.handover import take_over
from ramah.messaging.models import HandledBy
from ramah.people import Outlet, Staff, StaffSession
from ramah.people.account_models import AuditEntry, StaffLink
from ramah.people.passwords import hash_password
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant
from tests.integration.console.contents import conversation_of, count, everything, rows_of
from tests.integration.console.served import ServedConsole
from tests.integration.console.test_login import try_login
from tests.integration.console.visitors import StaffMember, logged_in

NEW = {"name": "Sari", "email": "Sari@kilap.example ", "roles": "sales", "language": "id", "limited": "no"}
PASSWORD = "kuda lari di pantai"


@pytest.fixture
def admin(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Alice, who administers; she has a password."""
    with database.tenant(kilap.id) as session:
        alice = session.get_one(Staff, kilap.alice)
        alice.roles, alice.password_hash = ["admin"], "$argon2id$somehow"
    member = logged_in(console, database, kilap.id, kilap.alice)
    with closing(member.client):
        yield member


def link_in(page: str) -> str:
    found = re.search(r'<code class="staff-link">https?://[^/]+(/account/join/[\w-]+)</code>', page)
    assert found is not None, page
    return found[1]


def actions(database: Database) -> list[str]:
    return [entry.action for entry in rows_of(database, AuditEntry)]


def test_an_invitation_leads_to_a_password_and_a_login(
    admin: StaffMember, anybody: httpx.Client, database: Database
) -> None:
    link = link_in(admin.post("/console/staff", NEW).text)
    page = anybody.get(link)
    assert "Sari" in page.text
    assert '<html lang="id">' in page.text
    assert anybody.post(link, data={"password": PASSWORD}).status_code == 200
    assert try_login(anybody, "sari@kilap.example", PASSWORD).status_code == 302
    assert anybody.get("/console").status_code == 200
    assert actions(database) == ["staff.invited", "staff.joined", "login.done"]


def test_an_invitation_works_once(admin: StaffMember, anybody: httpx.Client) -> None:
    link = link_in(admin.post("/console/staff", NEW).text)
    assert anybody.post(link, data={"password": PASSWORD}).status_code == 200
    assert anybody.get(link).status_code == 404
    assert anybody.post(link, data={"password": "another long one"}).status_code == 404


def test_an_invitation_ends_after_three_days(admin: StaffMember, anybody: httpx.Client, database: Database) -> None:
    link = link_in(admin.post("/console/staff", NEW).text)
    (stored,) = rows_of(database, StaffLink)
    assert timedelta(hours=71) < stored.expires_at - utc_now() <= timedelta(hours=72)
    assert link.rsplit("/", 1)[1] not in (stored.token_hash, stored.sealed)
    with database.every_organisation() as session:
        session.execute(update(StaffLink).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert anybody.get(link).status_code == 404


def test_a_new_invitation_ends_the_old_one(admin: StaffMember, anybody: httpx.Client, database: Database) -> None:
    first = link_in(admin.post("/console/staff", NEW).text)
    (sari,) = [one for one in rows_of(database, Staff) if one.name == "Sari"]
    second = link_in(admin.post(f"/console/staff/{sari.id}/invite").text)
    assert anybody.get(first).status_code == 404
    assert anybody.get(second).status_code == 200


@pytest.mark.parametrize("password", ["short", "password2026!", "Bismillah123", "sari@kilap.example"])
def test_a_weak_password_is_refused_and_the_link_still_works(
    admin: StaffMember, anybody: httpx.Client, password: str
) -> None:
    link = link_in(admin.post("/console/staff", NEW).text)
    assert anybody.post(link, data={"password": password}).status_code == 400
    assert anybody.post(link, data={"password": PASSWORD}).status_code == 200


def test_somebody_who_is_only_invited_cannot_log_in(admin: StaffMember, anybody: httpx.Client) -> None:
    admin.post("/console/staff", NEW)
    for password in ("", "nobody has this password"):
        assert try_login(anybody, "sari@kilap.example", password).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"name": " "}, 400), ({"email": "sari"}, 400), ({"roles": "owner"}, 400), ({"email": "bob@kilap.example"}, 409),
     ({"email": "alice@stranger.example"}, 409), ({"limited": "yes", "oid": "NOWHERE"}, 400)],
)  # fmt: skip
@pytest.mark.usefixtures("stranger")
def test_what_cannot_be_invited_is_said_on_the_page(
    admin: StaffMember, database: Database, wrong: dict[str, str], status: int
) -> None:
    before = everything(database)
    assert admin.post("/console/staff", NEW | wrong).status_code == status
    assert everything(database) == before


def test_roles_and_outlets_are_set_and_noted_with_what_was_before(
    admin: StaffMember, database: Database, kilap: Tenant
) -> None:
    with database.tenant(kilap.id) as session:
        place = {"street": "-", "city": "-", "country": "ID", "timezone": "Asia/Jakarta"}
        session.add(Outlet(code="WEST", name="West", franchise="F1", **place))
    admin.post(f"/console/staff/{kilap.bob}", {"roles": "supervisor", "limited": "yes", "fid": "F1"})
    with database.tenant_reading(kilap.id) as session:
        bob = session.get_one(Staff, kilap.bob)
        assert (bob.roles, bob.limited) == (["supervisor"], True)
    (entry,) = rows_of(database, AuditEntry)
    assert entry.old == {"roles": ["agent"], "limited": False, "fid": [], "oid": []}
    assert entry.new == {"roles": ["supervisor"], "limited": True, "fid": ["F1"], "oid": []}
    assert (entry.staff_id, entry.subject_id, entry.address) == (kilap.alice, kilap.bob, "127.0.0.1")


def test_the_last_administrator_stays_one(admin: StaffMember, database: Database, kilap: Tenant) -> None:
    before = everything(database)
    assert admin.post(f"/console/staff/{kilap.alice}", {"roles": "agent", "limited": "no"}).status_code == 409
    assert admin.post(f"/console/staff/{kilap.alice}/deactivate").status_code == 409
    assert everything(database) == before


def test_who_leaves_is_out_at_once_and_what_they_had_waits(
    admin: StaffMember, bob: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    take_over(database, kilap.id, conversation_id, kilap.bob)
    assert bob.get("/console").status_code == 200
    assert admin.post(f"/console/staff/{kilap.bob}/deactivate").status_code == 303
    assert bob.get("/console").status_code == 302
    assert [one.staff_id for one in rows_of(database, StaffSession)] == [kilap.alice]
    conversation = conversation_of(database, conversation_id)
    assert (conversation.handled_by, conversation.staff_id) == (HandledBy.QUEUE, None)
    assert "put it back into the queue" in admin.get(f"/console/conversations/{conversation_id}").text


def test_a_colleague_of_another_organisation_does_not_exist(
    admin: StaffMember, database: Database, stranger: Tenant
) -> None:
    before = everything(database)
    assert admin.get(f"/console/staff/{stranger.alice}").status_code == 404
    fields = {"roles": "admin", "limited": "no"}
    for act in ("", "/invite", "/deactivate", "/activate", "/forget-second-factor"):
        assert admin.post(f"/console/staff/{stranger.alice}{act}", fields).status_code == 404
    assert everything(database) == before
    assert "stranger.example" not in admin.get("/console/staff").text


def test_nobody_locks_themselves_out(admin: StaffMember, database: Database, kilap: Tenant) -> None:
    before = everything(database)
    assert admin.post("/console/staff/security", {"networks": "203.0.113.0/24"}).status_code == 409
    assert admin.post("/console/staff/security", {"networks": "somewhere"}).status_code == 400
    assert everything(database) == before
    assert admin.post("/console/staff/security", {"networks": "127.0.0.0/8\n203.0.113.7"}).status_code == 303
    assert admin.get("/console/staff").status_code == 200


def test_outside_the_networks_nobody_logs_in_or_goes_on(
    admin: StaffMember, bob: StaffMember, anybody: httpx.Client, database: Database, kilap: Tenant
) -> None:
    from ramah.people import Organisation

    with database.every_organisation() as session:
        session.get_one(Organisation, kilap.id).security = {"networks": ["203.0.113.0/24"]}
        session.get_one(Staff, kilap.bob).password_hash = hash_password(PASSWORD)
    assert bob.get("/console").status_code == 403
    assert try_login(anybody, "bob@kilap.example", "wrong").status_code == 401
    assert try_login(anybody, "bob@kilap.example", PASSWORD).status_code == 403
    assert actions(database) == ["login.failed", "login.failed"]


def test_a_role_that_requires_a_second_factor_leads_to_setting_it_up(
    admin: StaffMember, bob: StaffMember, database: Database
) -> None:
    assert admin.post("/console/staff/security", {"second_factor_roles": "agent"}).status_code == 303
    answer = bob.get("/console")
    assert (answer.status_code, answer.headers["location"]) == (302, "/console/account/second-factor")
    assert bob.get("/console/account/second-factor").status_code == 200
    assert bob.get("/api/admin/conversations").status_code == 403
    assert count(database, AuditEntry) == 1
