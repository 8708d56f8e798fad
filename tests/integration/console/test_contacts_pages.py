"""The book of contacts: found by what people know, corrected with a history, exported without harm."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from sqlalchemy import select

from ramah.desk.contact_book import Change, change_contact, find_contacts
from ramah.lib.errors import NotFound, Refused
from ramah.lib.spreadsheets import harmless
from ramah.messaging.models import Conversation
from ramah.people import Contact, ContactChange, Staff
from ramah.people.account_models import AuditEntry
from ramah.store import Behalf, Database
from tests.databases import backends
from tests.integration.conftest import Tenant
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import StaffMember, logged_in

BOOK = "/console/contacts"
BOTH = pytest.mark.parametrize("database", backends(), indirect=True)


@pytest.fixture
def siti(database: Database, kilap: Tenant) -> str:
    """Siti, with all that one may know of somebody."""
    return added(
        database, kilap, first_name="Siti", last_name="Rahma", phone="+6281234567890", email="siti@example.com",
        policy_number="POL-77", plate="B 1234 XYZ",
    )  # fmt: skip


@pytest.fixture
def admin(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Bob, who may take the whole book with him."""
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.bob).roles = ["admin"]
    member = logged_in(console, database, kilap.id, kilap.bob)
    with closing(member.client):
        yield member


def added(database: Database, kilap: Tenant, **known: str) -> str:
    with database.tenant(kilap.id) as session:
        contact = Contact(**known)
        session.add(contact)
        session.flush()
        return contact.id


def shown(member: StaffMember, words: str) -> bool:
    return "Siti Rahma" in member.get(BOOK, params={"q": words}, headers={"hx-request": "true"}).text


def written(database: Database, kilap: Tenant, contact_id: str) -> tuple[Contact, list[ContactChange]]:
    with database.tenant_reading(kilap.id) as session:
        changes = select(ContactChange).order_by(ContactChange.id)
        return session.get_one(Contact, contact_id), list(session.scalars(changes))


@BOTH
def test_a_contact_is_found_by_all_that_people_know_of_them(alice: StaffMember, siti: str) -> None:
    assert siti
    for words in ("siti r", "0812-3456 7890", "+62 812 3456", "SITI@EXAMPLE", "pol-77", "b1234xyz", "B 1234", ""):
        assert shown(alice, words), words
    assert not any(shown(alice, words) for words in ("budi", "%", "0899", "POL-78"))


@BOTH
def test_pages_of_the_book_show_everybody_once(database: Database, kilap: Tenant) -> None:
    expected = {added(database, kilap, first_name=f"Person {number}") for number in range(7)}
    seen: list[str] = []
    after: str | None = None
    with database.tenant_reading(kilap.id) as session:
        while after or not seen:
            page = find_contacts(session, "person", after, most=3)
            seen.extend(contact.id for contact in page.contacts)
            after = page.next_after
    assert len(seen) == 7 and set(seen) == expected


@BOTH
def test_a_correction_is_kept_with_who_made_it(
    alice: StaffMember, database: Database, kilap: Tenant, siti: str
) -> None:
    for _ in range(2):  # a second press changes nothing
        answer = alice.post(f"{BOOK}/{siti}", {"field": "phone", "value": "0813 9999 8888", "seen": "+6281234567890"})
        assert answer.headers["location"] == f"{BOOK}/{siti}?saved=phone"
    contact, changes = written(database, kilap, siti)
    assert contact.phone == "+6281399998888"
    assert [(c.field, c.old, c.new, c.staff_id) for c in changes] == [
        ("phone", "+6281234567890", "+6281399998888", kilap.alice)
    ]
    page = alice.get(f"{BOOK}/{siti}").text
    assert "+6281399998888" in page and "Alice" in page


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "12"), ("email", "siti@"), ("plate", "B" * 21), ("language", "fr")]
)
def test_what_cannot_stand_in_a_field_is_said_beside_it_and_kept_for_the_writer(
    alice: StaffMember, database: Database, kilap: Tenant, siti: str, field: str, value: str
) -> None:
    seen = {"phone": "+6281234567890", "email": "siti@example.com", "plate": "B 1234 XYZ", "language": ""}[field]
    answer = alice.post(f"{BOOK}/{siti}", {"field": field, "value": value, "seen": seen})
    assert answer.status_code == 400 and f'id="problem-{field}"' in answer.text
    assert field == "language" or f'value="{value}"' in answer.text
    assert written(database, kilap, siti)[1] == []


def test_a_field_that_no_person_may_write_is_refused(alice: StaffMember, siti: str) -> None:
    for field in ("id", "organisation_id", "phone_proved", "opted_out_at", ""):
        assert alice.post(f"{BOOK}/{siti}", {"field": field, "value": "1", "seen": ""}).status_code == 400


def test_who_comes_second_is_shown_what_the_first_one_wrote(alice: StaffMember, bob: StaffMember, siti: str) -> None:
    assert alice.post(f"{BOOK}/{siti}", {"field": "last_name", "value": "Aminah", "seen": "Rahma"}).status_code == 303
    late = bob.post(f"{BOOK}/{siti}", {"field": "last_name", "value": "Zahra", "seen": "Rahma"})
    assert late.status_code == 409 and "Aminah" in late.text and 'value="Zahra"' in late.text


@BOTH
def test_of_many_corrections_at_once_one_wins(database: Database, kilap: Tenant, siti: str) -> None:
    results: list[str] = []

    def write(name: str) -> None:
        try:
            change_contact(database, kilap.id, siti, kilap.alice, Change("first_name", name, "Siti"))
            results.append(name)
        except Refused:
            results.append("")

    threads = [threading.Thread(target=write, args=(f"Name {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    contact, changes = written(database, kilap, siti)
    assert len(results) == 8 and [name for name in results if name] == [contact.first_name]
    assert [(change.old, change.new) for change in changes] == [("Siti", contact.first_name)]


def test_the_page_shows_every_channel_in_one_line_of_time(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    with database.tenant_reading(kilap.id) as session:
        contact = session.scalars(select(Contact)).one()
    page = alice.get(f"{BOOK}/{contact.id}").text
    assert f"/console/conversations/{conversation_id}" in page and "secret of kilap" in page


def test_the_whole_book_is_exported_as_the_search_has_it(
    admin: StaffMember, database: Database, kilap: Tenant, siti: str
) -> None:
    added(database, kilap, first_name="=HYPERLINK(1)", last_name="-2+3")
    assert siti
    answer = admin.get(f"{BOOK}/export.csv")
    rows = {row["first_name"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert set(rows) == {"Siti", "'=HYPERLINK(1)"} and rows["'=HYPERLINK(1)"]["last_name"] == "'-2+3"
    assert rows["Siti"]["phone"] == "+6281234567890"
    found = admin.get(f"{BOOK}/export.csv", params={"q": "siti"}).text
    assert found.count("\n") == 2 and "HYPERLINK" not in found


@pytest.mark.parametrize(
    ("text", "safe"), [("+62811", "'+62811"), ("+628111222", "+628111222"), ("@x", "'@x"), ("Ani - Budi", "Ani - Budi")]
)
def test_a_spreadsheet_runs_nothing_of_it(text: str, safe: str) -> None:
    assert harmless(text) == safe


def test_who_only_answers_corrects_but_takes_no_book_along(alice: StaffMember, siti: str) -> None:
    assert alice.get(f"{BOOK}/{siti}").status_code == 200
    assert alice.get(f"{BOOK}/export.csv").status_code == 403
    assert "export.csv" not in alice.get(BOOK).text


def test_another_organisation_and_outsiders_see_and_change_nothing(
    charlie: StaffMember, anybody: httpx.Client, database: Database, kilap: Tenant, siti: str
) -> None:
    change = {"field": "last_name", "value": "X", "seen": "Rahma"}
    assert not shown(charlie, "siti")
    assert [charlie.get(f"{BOOK}/{siti}").status_code, charlie.post(f"{BOOK}/{siti}", change).status_code] == [404, 404]
    for path in (BOOK, f"{BOOK}/{siti}", f"{BOOK}/export.csv"):
        assert anybody.get(path).headers["location"].startswith("/login")
    assert anybody.post(f"{BOOK}/{siti}", data=change).status_code == 401
    assert written(database, kilap, siti)[0].last_name == "Rahma"


@BOTH
def test_who_is_limited_to_an_outlet_sees_those_who_wrote_to_it(
    database: Database, kilap: Tenant, conversation_id: str, siti: str
) -> None:
    with database.tenant(kilap.id) as session:
        conversation = session.get_one(Conversation, conversation_id)
        conversation.outlet, theirs = "WEST", conversation.contact_id
    for outlet, expected in (("WEST", [theirs]), ("EAST", [])):
        limited = database.on_behalf(Behalf(kilap.alice, outlets=(outlet,)))
        with limited.tenant_reading(kilap.id) as session:
            assert [contact.id for contact in find_contacts(session, "").contacts] == expected
        with pytest.raises(NotFound):
            change_contact(limited, kilap.id, siti, kilap.alice, Change("plate", "B 1", "B 1234 XYZ"))


def test_corrections_and_exports_stand_in_the_audit_log(
    admin: StaffMember, database: Database, kilap: Tenant, siti: str
) -> None:
    admin.post(f"{BOOK}/{siti}", {"field": "plate", "value": "B 1", "seen": "B 1234 XYZ"})
    admin.get(f"{BOOK}/export.csv", params={"q": "siti"})
    with database.tenant_reading(kilap.id) as session:
        kept = [
            (e.action, e.staff_id, e.old, e.new) for e in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        ]
    assert ("contact.changed", kilap.bob, {"plate": "B 1234 XYZ"}, {"plate": "B 1"}) in kept
    assert ("export.contacts", kilap.bob, None, {"search": "siti"}) in kept
