"""Contacts that may be one person are found, unless somebody said that they are two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from ramah.desk.contacts.duplicates import Reason, duplicates
from ramah.desk.contacts.merging import Merge, merge, tell_apart
from ramah.people import Contact, DistinctContacts, Identity
from ramah.store import Database
from tests.integration.conftest import Tenant


def add(database: Database, tenant: Tenant, **known: Any) -> str:
    with database.tenant(tenant.id) as session:
        contact = Contact(**known)
        session.add(contact)
        session.flush()
        return contact.id


def reasons(database: Database, tenant: Tenant) -> Mapping[frozenset[str], set[Reason]]:
    with database.tenant_reading(tenant.id) as session:
        return {frozenset((p.first.id, p.second.id)): set(p.reasons) for p in duplicates(session)}


def test_the_same_number_mail_policy_or_plate_is_suspicious(database: Database, kilap: Tenant) -> None:
    one = add(database, kilap, phone="+62811", email="Siti@Example.com", policy_number="POL 7", plate="B 1234 XYZ")
    by_phone = add(database, kilap, phone="+62811")
    by_mail = add(database, kilap, email="siti@example.com")
    by_policy = add(database, kilap, policy_number="pol-7", plate="b1234xyz")
    wrote = add(database, kilap, first_name="Budi")
    add(database, kilap, phone="+62899", email="else@example.com", plate="B 9")
    with database.tenant(kilap.id) as session:
        session.add(Identity(contact_id=wrote, platform_type="email", platform_id="siti@example.com"))
    found = reasons(database, kilap)
    assert found == {
        frozenset((one, by_phone)): {Reason.PHONE},
        frozenset((one, by_mail)): {Reason.EMAIL},
        frozenset((one, wrote)): {Reason.EMAIL},
        frozenset((by_mail, wrote)): {Reason.EMAIL},
        frozenset((one, by_policy)): {Reason.POLICY, Reason.PLATE},
    }


def test_like_names_need_a_second_fact(database: Database, kilap: Tenant) -> None:
    one = add(database, kilap, first_name="Siti", last_name="Rahma", phone="+6281234567890")
    turned = add(database, kilap, first_name="Rahma", last_name="Siti", phone="+60234567890")
    slipped = add(database, kilap, first_name="Siti", last_name="Rahma", phone="+6281234567891")
    add(database, kilap, first_name="Siti", last_name="Rahma", phone="+6289900000001")
    add(database, kilap, first_name="Budi", last_name="Santoso", phone="+6599934567890")
    found = reasons(database, kilap)
    assert found == {
        frozenset((one, turned)): {Reason.NAME_AND_PHONE},
        frozenset((one, slipped)): {Reason.NAME_AND_PHONE},
    }


def test_who_was_told_apart_is_suspected_no_more_also_under_another_name(database: Database, kilap: Tenant) -> None:
    one, two, three = (add(database, kilap, first_name=name, phone="+62811") for name in ("Ani", "Budi", "Ani"))
    for _ in range(2):  # a second press changes nothing
        tell_apart(database, kilap.id, kilap.alice, two, one)
    assert frozenset((one, two)) not in reasons(database, kilap)
    merge(database, kilap.id, kilap.alice, Merge(three, one))
    assert reasons(database, kilap) == {}
    with database.tenant_reading(kilap.id) as session:
        assert len(session.scalars(select(DistinctContacts)).all()) == 1


def test_many_who_share_a_number_share_no_person(database: Database, kilap: Tenant) -> None:
    for number in range(21):
        add(database, kilap, first_name=f"Person {number}", phone="+62215550000")
    assert reasons(database, kilap) == {}
