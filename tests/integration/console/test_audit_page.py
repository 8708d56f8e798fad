"""The audit log: what stands in it, its filters, pages and export, and that nobody changes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ramah.people import Staff
from ramah.people.account_models import AuditEntry
from ramah.people.audit import PAGE, Subject, record
from ramah.store import Database
from tests.databases import backends
from tests.integration.conftest import Tenant
from tests.integration.console.contents import rows_of
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import StaffMember, logged_in


@pytest.fixture
def admin(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Alice, who administers."""
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.alice).roles = ["admin"]
    member = logged_in(console, database, kilap.id, kilap.alice)
    with closing(member.client):
        yield member


def note(database: Database, tenant: Tenant, action: str, name: str = "", times: int = 1) -> None:
    with database.tenant(tenant.id) as session:
        for _ in range(times):
            record(session, action, Subject("staff", tenant.bob, name), new={"roles": ["agent"]}, staff_id=tenant.bob)


def test_acts_on_a_conversation_are_noted_with_before_and_after(
    alice: StaffMember, database: Database, conversation_id: str
) -> None:
    for act in ("take", "release", "close"):
        assert alice.post(f"/console/conversations/{conversation_id}/{act}").status_code == 204
    noted = rows_of(database, AuditEntry)
    wanted = ["conversation.taken_over", "conversation.released", "conversation.closed"]
    assert [one.action for one in noted] == wanted
    assert noted[0].old == {"handled_by": "bot", "staff_id": None}
    assert noted[0].new == {"handled_by": "human", "staff_id": alice.id}
    assert {(one.staff_id, one.address) for one in noted} == {(alice.id, "127.0.0.1")}


def test_the_page_calls_colleagues_by_their_names(admin: StaffMember, conversation_id: str) -> None:
    admin.post(f"/console/conversations/{conversation_id}/take")
    page = admin.get("/console/audit").text
    assert "staff_id: <ins>Alice</ins>" in page


def test_an_act_that_fails_is_not_noted(
    alice: StaffMember, bob: StaffMember, database: Database, conversation_id: str
) -> None:
    alice.post(f"/console/conversations/{conversation_id}/take")
    assert bob.post(f"/console/conversations/{conversation_id}/take").status_code == 409
    assert len(rows_of(database, AuditEntry)) == 1


def test_secrets_never_stand_in_it(database: Database, kilap: Tenant) -> None:
    with database.tenant(kilap.id) as session:
        record(session, "account.password", old={"password": "old-1"}, new={"token": "t-1", "name": "Bob"})
    (entry,) = rows_of(database, AuditEntry)
    assert (entry.old, entry.new) == ({}, {"name": "Bob"})


@pytest.mark.parametrize("database", backends(), indirect=True)
def test_the_database_refuses_to_change_or_delete_what_stands_there(database: Database, kilap: Tenant) -> None:
    note(database, kilap, "staff.changed")
    for statement in ("UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"):
        with pytest.raises(DBAPIError, match="only added"), database.every_organisation() as session:
            session.execute(text(statement))
    assert [one.action for one in rows_of(database, AuditEntry)] == ["staff.changed"]


def test_the_filters_find_by_person_action_and_day(admin: StaffMember, database: Database, kilap: Tenant) -> None:
    note(database, kilap, "staff.changed", "Budi Mawar")
    shown = {
        "": True,
        f"who={kilap.bob}": True,
        f"who={kilap.alice}": False,
        "what=staff.changed": True,
        "what=login.done": False,
        "since=2020-01-01&until=2020-01-02": False,
        "since=2020-01-01": True,
    }
    for query, there in shown.items():
        assert ("Budi Mawar" in admin.get(f"/console/audit?{query}").text) is there, query
    assert admin.get("/console/audit?since=soon").status_code == 400


def test_pages_follow_one_another_without_gaps(admin: StaffMember, database: Database, kilap: Tenant) -> None:
    note(database, kilap, "staff.changed", times=PAGE * 2 + 3)
    seen, following = [], ""
    while following is not None:
        body = admin.get(f"/api/admin/audit{following and f'?before={following}'}").json()
        seen += [entry["id"] for entry in body["entries"]]
        following = body["next"]
    assert seen == sorted({one.id for one in rows_of(database, AuditEntry)}, reverse=True)
    assert len(seen) == PAGE * 2 + 3


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1"])
def test_the_export_holds_no_formula_and_is_noted(
    admin: StaffMember, database: Database, kilap: Tenant, name: str
) -> None:
    note(database, kilap, "staff.changed", name)
    answer = admin.post("/console/audit/export?what=staff")
    (row,) = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert row["subject"] == f"'{name}"
    last = rows_of(database, AuditEntry)[-1]
    assert (last.action, last.staff_id, last.new) == ("export.audit", kilap.alice, {"rows": 1, "what": "staff"})


def test_another_organisation_reads_nothing_of_it(
    console: ServedConsole, admin: StaffMember, database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    note(database, kilap, "staff.changed", "Budi Mawar")
    with database.tenant(stranger.id) as session:
        session.get_one(Staff, stranger.alice).roles = ["admin"]
    other = logged_in(console, database, stranger.id, stranger.alice)
    with closing(other.client):
        assert "Budi Mawar" not in other.get("/console/audit").text
        assert other.post("/console/audit/export").text.count("\n") == 1
    assert "Budi Mawar" in admin.get("/console/audit").text
