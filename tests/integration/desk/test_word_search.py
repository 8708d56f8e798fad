"""A search by index finds what a look at every row finds, in texts of any kind and whatever becomes of them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ramah.desk.contact_book import find_contacts, fits
from ramah.desk.contacts.merging import Merge, merge
from ramah.desk.inbox_list import list_page
from ramah.desk.list_filters import Filter, conditions
from ramah.desk.messages.asking import talks_with
from ramah.messaging.models import Conversation
from ramah.people import Contact
from ramah.people.contact_list import contact_page
from ramah.store import Behalf, Database, trigrams
from ramah.store.trigrams import rows_with
from tests.integration.conftest import Tenant

PIECES = [
    *"aA bB%_/'\"*-(.ÉéßİıÅſk\n中文😀é",
    "an",
    "Bu",
    "di ",
    "OR",
    "AND",
    "NEAR",
    "budi",
    "0811",
    "B 12",
    " XY",
    "sudah ",
]
PHONES = ("+628110001234", "+60123456789", None)


def words(dice: random.Random, most: int) -> str:
    return "".join(dice.choice(PIECES) for _ in range(dice.randint(0, most)))


def fill(session: Session, account_id: str, dice: random.Random, number: int) -> None:
    people = [
        Contact(
            id=f"{dice.getrandbits(64):036d}",
            first_name=words(dice, 5) or None,
            last_name=words(dice, 4) or None,
            profile_name=words(dice, 8) or None,
            phone=dice.choice(PHONES),
            email=words(dice, 3) or None,
            plate=words(dice, 4)[:20] or None,
        )
        for _ in range(number)
    ]
    session.add_all(people)
    session.flush()
    session.add_all(
        Conversation(
            channel_account_id=account_id, contact_id=one.id, recipient=str(index), preview=words(dice, 12)[:120]
        )
        for index, one in enumerate(people)
    )


def searches(dice: random.Random, session: Session) -> Iterator[str]:
    """Parts of what is there, in other capitals, and what hardly is."""
    previews = list(session.scalars(select(Conversation.preview)))
    names = [name for name in session.scalars(select(Contact.profile_name)) if name]
    for found in dice.sample(previews, 30) + dice.sample(names, 15):
        start = dice.randint(0, max(0, len(found) - 3))
        part = found[start : start + dice.randint(1, 9)].strip()
        if part:
            yield dice.choice((part, part.upper(), part.lower()))
    yield from ("B12", "0811-000", "+60 123", "zzzyx", '"', "-", "a b", "x" * 100, "an", "AND", '" OR "')


@pytest.mark.parametrize("seed", range(3))
def test_a_search_by_index_finds_what_a_look_at_every_row_finds(database: Database, kilap: Tenant, seed: int) -> None:
    dice = random.Random(seed)
    with database.tenant(kilap.id) as session:
        fill(session, kilap.whatsapp.id, dice, 150)
        session.flush()
        _change_some(session, dice)
    with database.tenant_reading(kilap.id) as session:
        asked = list(searches(dice, session))
        for search in asked:
            assert talks_listed(session, kilap, search) == talks_looked_at(session, kilap, search), search
            assert people_listed(session, search) == people_looked_at(session, search), search
        assert sum(bool(rows_with(session, Conversation, search)) for search in asked) > 10


def _change_some(session: Session, dice: random.Random) -> None:
    for contact in dice.sample(list(session.scalars(select(Contact).order_by(Contact.id))), 40):
        contact.first_name, contact.plate = words(dice, 5) or None, words(dice, 4)[:20] or None
    for conversation in dice.sample(list(session.scalars(select(Conversation).order_by(Conversation.recipient))), 40):
        conversation.preview = words(dice, 12)[:120]
    gone = dice.sample(sorted(session.scalars(select(Contact.id))), 20)
    session.flush()
    session.execute(delete(Conversation).where(Conversation.contact_id.in_(gone)))
    session.execute(delete(Contact).where(Contact.id.in_(gone)))


def talks_listed(session: Session, tenant: Tenant, search: str) -> set[str]:
    found: set[str] = set()
    before: str | None = None
    while True:
        page = list_page(session, tenant.alice, Filter(search=search), before)
        found |= {item.conversation.id for item in page.items}
        before = page.next_before
        if before is None:
            return found


def talks_looked_at(session: Session, tenant: Tenant, search: str) -> set[str]:
    every = select(Conversation.id).join(Contact, Contact.id == Conversation.contact_id)
    return set(session.scalars(every.where(*conditions(Filter(search=search), tenant.alice))))


def people_listed(session: Session, search: str) -> set[str]:
    return {contact.id for contact in find_contacts(session, search, most=1000).contacts}


def people_looked_at(session: Session, search: str) -> set[str]:
    return set(session.scalars(select(Contact.id).where(fits(search))))


def add(database: Database, tenant: Tenant, preview: str = "halo", **known: str) -> tuple[str, str]:
    """A contact with a conversation."""
    with database.tenant(tenant.id) as session:
        contact = Contact(**known)
        session.add(contact)
        session.flush()
        talk = Conversation(
            channel_account_id=tenant.whatsapp.id, contact_id=contact.id, recipient=contact.id, preview=preview
        )
        session.add(talk)
        session.flush()
        return contact.id, talk.id


def named(database: Database, tenant: Tenant, model: type[Contact] | type[Conversation], search: str) -> list[str]:
    """What the index itself says."""
    with database.tenant_reading(tenant.id) as session:
        found = rows_with(session, model, search)
    assert found is not None
    return found


def test_what_was_erased_or_corrected_is_named_by_the_old_words_no_longer(database: Database, kilap: Tenant) -> None:
    contact_id, talk_id = add(database, kilap, "alamat saya Jalan Kenanga", first_name="Rahasia", email="r@example.com")
    assert named(database, kilap, Contact, "rahasia") == [contact_id]
    assert named(database, kilap, Conversation, "kenanga") == [talk_id]
    with database.tenant(kilap.id) as session:
        session.execute(update(Contact).values(first_name=None, email=None, last_name="Anonim"))
        session.execute(update(Conversation).values(preview=""))
    assert named(database, kilap, Contact, "rahasia") == named(database, kilap, Contact, "r@example") == []
    assert named(database, kilap, Conversation, "kenanga") == []
    assert named(database, kilap, Contact, "anonim") == [contact_id]
    with database.tenant(kilap.id) as session:
        session.execute(delete(Conversation))
        session.execute(delete(Contact))
    assert named(database, kilap, Contact, "anonim") == []


def test_a_write_that_was_taken_back_leaves_the_index_as_it_was(database: Database, kilap: Tenant) -> None:
    contact_id, _ = add(database, kilap, first_name="Kasturi")
    with database.tenant(kilap.id) as session:
        session.get_one(Contact, contact_id).first_name = "Melati"
        session.flush()
        session.rollback()
    assert named(database, kilap, Contact, "kasturi") == [contact_id]
    assert named(database, kilap, Contact, "melati") == []


def test_merged_contacts_are_found_by_the_words_that_stayed(database: Database, kilap: Tenant) -> None:
    survivor, _ = add(database, kilap, first_name="Kasturi")
    gone, talk_id = add(database, kilap, first_name="Melati", plate="B 1234 XY")
    assert merge(database, kilap.id, kilap.alice, Merge(survivor, gone))
    assert named(database, kilap, Contact, "melati") == []
    assert named(database, kilap, Contact, "b1234xy") == [survivor]
    with database.tenant_reading(kilap.id) as session:
        assert talk_id in talks_listed(session, kilap, "Kasturi")


def test_neither_another_organisation_nor_another_outlet_is_found(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    contact_id, talk_id = add(database, kilap, "soal Kasturi", first_name="Kasturi")
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, talk_id).outlet = "WEST"
    elsewhere = database.on_behalf(Behalf(kilap.alice, outlets=("EAST",)))
    there = database.on_behalf(Behalf(kilap.alice, outlets=("WEST",)))
    for seen, tenant, found in ((database, stranger, False), (elsewhere, kilap, False), (there, kilap, True)):
        with seen.tenant_reading(tenant.id) as session:
            assert talks_listed(session, tenant, "kasturi") == ({talk_id} if found else set())
            assert people_listed(session, "kasturi") == ({contact_id} if found else set())
            assert talks_with(session, "kasturi") == ([talk_id] if found else [])
            assert len(contact_page(session, "kasturi", "")[0]) == int(found)


def test_words_that_very_many_have_are_found_by_looking_at_the_rows_in_order(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trigrams, "MOST", 3)
    talks = {add(database, kilap, f"pesan sama {number}")[1] for number in range(5)}
    with database.tenant_reading(kilap.id) as session:
        assert rows_with(session, Conversation, "pesan sama") is None
        assert talks_listed(session, kilap, "pesan sama") == talks


def test_vacuum_does_not_mix_up_the_rows(database: Database, kilap: Tenant) -> None:
    if not database.is_sqlite:
        pytest.skip("VACUUM gives rows other numbers on SQLite alone")
    people = [add(database, kilap, first_name=f"Orang-{number:03}")[0] for number in range(20)]
    with database.tenant(kilap.id) as session:
        session.execute(delete(Conversation))
        session.execute(delete(Contact).where(Contact.id.in_(people[:15])))
    with closing(sqlite3.connect(str(database.engine.url.database))) as connection:
        connection.execute("VACUUM")
    assert [named(database, kilap, Contact, f"orang-{number:03}") for number in range(14, 17)] == [
        [],
        [people[15]],
        [people[16]],
    ]
