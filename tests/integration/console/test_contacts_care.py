"""The pages on which contacts are merged, imported and blocked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from sqlalchemy import select

from ramah.desk.importing.running import import_some
from ramah.people import Contact, Staff
from ramah.store import Database
from tests.databases import backends
from tests.integration.conftest import Tenant
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import StaffMember, logged_in

BOOK = "/console/contacts"
PAIRS = f"{BOOK}/duplicates"
IMPORT = f"{BOOK}/import"
BOTH = pytest.mark.parametrize("database", backends(), indirect=True)
FILE = "Nama;No HP;Email\nAni;0812-3456-7890;\n=cmd|' /C calc'!A0;12;\n"


@pytest.fixture
def boss(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Bob, who supervises and reads Indonesian."""
    with database.tenant(kilap.id) as session:
        staff = session.get_one(Staff, kilap.bob)
        staff.roles, staff.language = ["supervisor"], "id"
    member = logged_in(console, database, kilap.id, kilap.bob)
    with closing(member.client):
        yield member


def add(database: Database, kilap: Tenant, **known: str) -> str:
    with database.tenant(kilap.id) as session:
        contact = Contact(**known)
        session.add(contact)
        session.flush()
        return contact.id


def upload(member: StaffMember, content: bytes, name: str = "kontak.csv") -> httpx.Response:
    return member.client.post(IMPORT, files={"file": (name, content)}, headers={"x-csrf-token": member.csrf})


@BOTH
def test_a_pair_is_found_compared_and_merged_as_chosen(boss: StaffMember, database: Database, kilap: Tenant) -> None:
    one = add(database, kilap, first_name="Siti", phone="+62811", plate="B 1")
    other = add(database, kilap, first_name="Sity", phone="+62811", email="siti@example.com", plate="B 2")
    assert f"{PAIRS}/{one}/{other}" in boss.get(PAIRS).text
    shown = boss.get(f"{PAIRS}/{one}/{other}").text
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    assert 'name="plate" value="other"' in shown and 'name="email"' not in shown, "one value leaves nothing to choose"
    done = boss.post(f"{PAIRS}/{one}/{other}/merge", {"seen": seen, "plate": "other", "first_name": "one"})
    assert done.headers["location"] == f"{BOOK}/{one}?saved=merged"
    page = boss.get(f"{BOOK}/{one}").text
    assert all(f'value="{value}"' in page for value in ("Siti", "B 2", "siti@example.com"))
    assert boss.get(f"{BOOK}/{other}").headers["location"] == f"{BOOK}/{one}?saved=was-merged"


def test_who_looks_at_an_old_page_is_shown_how_it_is_now(boss: StaffMember, database: Database, kilap: Tenant) -> None:
    one, other = (add(database, kilap, first_name=name, phone="+62811") for name in ("Siti", "Sity"))
    for seen in ("", "0123456789abcdef"):
        late = boss.post(f"{PAIRS}/{one}/{other}/merge", {"seen": seen})
        assert late.status_code == 409 and f"{PAIRS}/{one}/{other}/merge" in late.text
    assert boss.get(f"{PAIRS}/{one}/00000000-0000-0000-0000-000000000000").status_code == 404


def test_two_people_are_told_apart(boss: StaffMember, database: Database, kilap: Tenant) -> None:
    one, other = (add(database, kilap, first_name=name, phone="+62811") for name in ("Siti", "Budi"))
    assert boss.post(f"{PAIRS}/{one}/{other}/apart").headers["location"] == f"{PAIRS}?done=apart"
    assert one not in boss.get(PAIRS).text


@BOTH
def test_a_file_is_looked_at_imported_and_its_refused_rows_come_back(
    boss: StaffMember, database: Database, kilap: Tenant
) -> None:
    where = upload(boss, FILE.encode("cp1252")).headers["location"]
    page = boss.get(where).text
    assert 'name="column-0"' in page and "Ini bukan nomor telepon" in page
    columns = {"column-0": "first_name", "column-1": "phone", "column-2": "", "existing": "fill", "begin": "yes"}
    assert boss.post(where, columns).headers["location"] == where
    assert "hx-trigger" in boss.get(where, headers={"hx-request": "true"}).text
    while import_some(database, "w1"):
        pass
    assert "hx-trigger" not in boss.get(where, headers={"hx-request": "true"}).text
    rows = list(csv.reader(io.StringIO(boss.get(f"{where}/rejected.csv").content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Nama depan", "Telepon"] and rows[1][0].startswith("'=cmd")
    assert rows[1][-1].startswith("Ini bukan nomor telepon")
    with database.tenant_reading(kilap.id) as session:
        assert [(one.first_name, one.phone) for one in session.scalars(select(Contact))] == [("Ani", "+6281234567890")]
    assert boss.post(where, columns).status_code == 409, "it has begun"


@pytest.mark.parametrize("content", [b"", b"Nama\n", b"PK\x03\x04\x00\x00"])
def test_what_is_no_list_of_contacts_is_said_beside_the_form(boss: StaffMember, content: bytes) -> None:
    answer = upload(boss, content)
    assert answer.status_code == 400 and 'role="alert"' in answer.text


def test_a_file_of_others_does_not_exist(
    boss: StaffMember, charlie: StaffMember, alice: StaffMember, database: Database, stranger: Tenant
) -> None:
    where = upload(boss, FILE.encode()).headers["location"]
    with database.tenant(stranger.id) as session:
        session.get_one(Staff, stranger.alice).roles = ["admin"]
    answers = [charlie.get(where), charlie.post(where, {"begin": "yes"}), charlie.post(f"{where}/cancel"),
               charlie.get(f"{where}/rejected.csv")]  # fmt: skip
    assert [one.status_code for one in answers] == [404] * 4
    assert alice.get(where).status_code == 403 and "import" not in alice.get(BOOK).text.split("<main")[-1]


def test_whoever_answers_blocks_and_unblocks_and_everybody_sees_it(
    alice: StaffMember, bob: StaffMember, charlie: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    with database.tenant_reading(kilap.id) as session:
        contact_id = session.scalars(select(Contact.id)).one()
    assert charlie.post(f"{BOOK}/{contact_id}/block").status_code == 404
    assert alice.post(f"{BOOK}/{contact_id}/block").status_code == 303
    for path in (f"{BOOK}/{contact_id}", f"/console/conversations/{conversation_id}", "/console?filter=closed"):
        assert "data-blocked" in bob.get(path).text, path
    assert "Blocked" in bob.get(BOOK).text
    assert bob.post(f"/console/conversations/{conversation_id}/reopen").status_code == 409
    assert bob.post(f"{BOOK}/{contact_id}/unblock").status_code == 303
    assert "data-blocked" not in bob.get(f"{BOOK}/{contact_id}").text
