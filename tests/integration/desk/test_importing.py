"""A file of contacts becomes contacts: each row once, whoever is killed meanwhile; what is refused is given back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ramah.desk.importing import running
from ramah.desk.importing.running import import_some
from ramah.desk.importing.uploads import (
    begin,
    cancel,
    choose_columns,
    columns_of,
    keep_upload,
    one_import,
    preview,
    rejected_rows,
)
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.people import Contact, ContactChange, ContactImport
from ramah.people.account_models import AuditEntry
from ramah.people.contact_imports import ImportStatus
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant

MIXED = """Nama;No HP;Email;Polis
Siti Rahma;0812-3456-7890;siti@example.com;
Budi;12;;
;;;
Siti R;+62 812 3456 7890;;POL-1
Dua;0812-3456-7890;ani@example.com;
Ani;;ANI@example.com;
"""


def uploaded(database: Database, kilap: Tenant, text: str = MIXED) -> str:
    return keep_upload(database, kilap.id, kilap.alice, "kontak.csv", text.encode())


def job(database: Database, kilap: Tenant, import_id: str) -> ContactImport:
    with database.tenant_reading(kilap.id) as session:
        return one_import(session, import_id)


def imported(database: Database, kilap: Tenant, text: str = MIXED, existing: str = "fill") -> str:
    import_id = uploaded(database, kilap, text)
    columns = columns_of(job(database, kilap, import_id))
    choose_columns(database, kilap.id, import_id, columns, existing)
    begin(database, kilap.id, import_id, kilap.alice)
    while import_some(database, "w1"):
        pass
    return import_id


def book(database: Database, kilap: Tenant) -> list[Contact]:
    with database.tenant_reading(kilap.id) as session:
        return list(session.scalars(select(Contact).order_by(Contact.first_name)))


def add(database: Database, kilap: Tenant, **known: str) -> None:
    with database.tenant(kilap.id) as session:
        session.add(Contact(**known))


def test_a_file_becomes_contacts_and_what_is_refused_says_why(database: Database, kilap: Tenant) -> None:
    add(database, kilap, first_name="Ani", email="ani@example.com")
    import_id = imported(database, kilap)
    done = job(database, kilap, import_id)
    assert (done.status, done.total, done.done) == (ImportStatus.DONE, 5, 5), "an empty row is no row"
    assert (done.added, done.changed, done.unchanged, done.rejected) == (1, 1, 1, 2)
    siti = next(one for one in book(database, kilap) if one.first_name == "Siti Rahma")
    assert (siti.phone, siti.policy_number, siti.phone_proved) == ("+6281234567890", "POL-1", False)
    with database.tenant_reading(kilap.id) as session:
        refused = [(row.number, row.reason, row.cells[0]) for row in rejected_rows(session, import_id)]
        history = session.scalars(select(ContactChange)).all()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "contact.imported")).one()
    assert refused == [(3, "phone", "Budi"), (6, "two_contacts", "Dua")]
    assert [(one.field, one.old, one.new) for one in history] == [("policy_number", None, "POL-1")]
    assert entry.staff_id == kilap.alice and entry.subject == "kontak.csv" and (entry.new or {})["rows"] == 5


def test_the_preview_says_beforehand_what_will_happen(database: Database, kilap: Tenant) -> None:
    add(database, kilap, first_name="Ani", email="ani@example.com")
    import_id = uploaded(database, kilap)
    with database.tenant_reading(kilap.id) as session:
        row = one_import(session, import_id)
        looked = preview(session, row, columns_of(row))
    assert looked.columns == {0: "first_name", 1: "phone", 2: "email", 3: "policy_number"}
    assert (looked.new, looked.known, dict(looked.refused)) == (2, 2, {"phone": 1})
    assert [one.problem for one in looked.first] == [None, "phone", None, None, None]
    assert len(book(database, kilap)) == 1, "nothing was written"


@pytest.mark.parametrize(
    ("existing", "expected"),
    [("fill", ("Siti", "B 1")), ("replace", ("Sity", "B 1")), ("skip", ("Siti", None))],
)
def test_who_is_known_is_filled_in_replaced_or_left(
    database: Database, kilap: Tenant, existing: str, expected: tuple[str, str | None]
) -> None:
    add(database, kilap, first_name="Siti", phone="+6281234567890")
    imported(database, kilap, "nama,hp,plat\nSity,081234567890,b 1\n", existing)
    (one,) = book(database, kilap)
    assert (one.first_name, one.plate) == expected


def test_whoever_is_killed_meanwhile_no_row_is_imported_twice_or_left_out(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PIECE", 7)
    rows = "".join(f"Person {number:03},\n" for number in range(50))
    import_id = uploaded(database, kilap, "Nama,Email\n" + rows)
    begin(database, kilap.id, import_id, kilap.alice)
    assert import_some(database, "w1") and job(database, kilap, import_id).done == 7
    with monkeypatch.context() as killed:

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        killed.setattr(running, "utc_now", die_after(2, die))
        with pytest.raises(KeyboardInterrupt):  # after the rows were written, before they were committed
            import_some(database, "w1")
    assert job(database, kilap, import_id).done == 7
    assert not import_some(database, "w2"), "the lease of the first is not over"
    with database.tenant(kilap.id) as session:
        session.execute(update(ContactImport).values(lease_until=utc_now() - timedelta(seconds=1)))
    while import_some(database, "w2"):
        pass
    names = [one.first_name for one in book(database, kilap)]
    assert names == [f"Person {number:03}" for number in range(50)]
    assert job(database, kilap, import_id).status == ImportStatus.DONE


def die_after(calls: int, die: object) -> object:
    """The clock, which stops the process at its n-th look."""
    seen: list[int] = []

    def clock() -> object:
        seen.append(1)
        return die() if len(seen) == calls else utc_now()  # type: ignore[operator]

    return clock


def test_beginning_twice_does_it_once_and_stopping_keeps_what_is_there(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PIECE", 2)
    import_id = uploaded(database, kilap, "Nama\nAni\nBudi\nCitra\n")
    for _ in range(2):
        begin(database, kilap.id, import_id, kilap.alice)
    import_some(database, "w1")
    cancel(database, kilap.id, import_id)
    assert not import_some(database, "w1")
    assert [one.first_name for one in book(database, kilap)] == ["Ani", "Budi"]
    assert job(database, kilap, import_id).status == ImportStatus.CANCELLED
    with pytest.raises(Refused):
        begin(database, kilap.id, import_id, kilap.alice)
    with database.tenant_reading(kilap.id) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "contact.imported")).all()
    assert len(entries) == 1


def test_without_a_column_to_know_people_by_nothing_begins(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    import_id = uploaded(database, kilap, "Kota;Bahasa\nBandung;id\n")
    with pytest.raises(BadInput):
        begin(database, kilap.id, import_id, kilap.alice)
    with pytest.raises(NotFound):
        begin(database, stranger.id, import_id, stranger.alice)
