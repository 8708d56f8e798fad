"""Two contacts that are one person become one, with all that either had."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import inspect, select

from ramah.billing.models import Bill, Proof
from ramah.booking.models import Draft
from ramah.desk.contact_book import Change, change_contact
from ramah.desk.contacts.blocking import block
from ramah.desk.contacts.merging import Merge, fingerprint, merge, owned, survivor_of, tell_apart
from ramah.lib.errors import NotFound, Refused
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, HandledBy, MediaFile
from ramah.people import Contact, ContactChange, ContactMerge, Identity
from ramah.people.account_models import AuditEntry
from ramah.people.models import ConsentRecord
from ramah.store import Behalf, Database, utc_now
from ramah.support.models import Ticket
from tests.integration.conftest import Tenant, text_message

OLD, NEW = "62811000001", "62811000002"


def add(database: Database, tenant: Tenant, **known: Any) -> str:
    with database.tenant(tenant.id) as session:
        contact = Contact(**known)
        session.add(contact)
        session.flush()
        return contact.id


def person(database: Database, tenant: Tenant, number: str, key: str) -> tuple[str, str]:
    """Somebody who wrote from a number: the contact and the conversation."""
    conversation_id = accept(database, tenant.whatsapp, text_message("halo", key, who=number)).conversation_id
    with database.tenant_reading(tenant.id) as session:
        return session.get_one(Conversation, conversation_id).contact_id, conversation_id


def kept(database: Database, tenant: Tenant, contact_id: str) -> Contact:
    with database.tenant_reading(tenant.id) as session:
        return session.get_one(Contact, contact_id)


def rows_of_everything(gone: str, conversation_id: str, staff_id: str, other: str) -> dict[str, Callable[[], Any]]:
    """One row of each table that belongs to a contact; where these live is read from the database."""
    return {
        "identities": lambda: Identity(contact_id=gone, platform_type="telegram", platform_id="77"),
        "consent_records": lambda: ConsentRecord(
            contact_id=gone, allowed=False, channel="whatsapp", source="keyword", evidence="inbound-1"
        ),
        "contact_changes": lambda: ContactChange(contact_id=gone, staff_id=staff_id, field="plate", new="B 1"),
        "contact_merges": lambda: ContactMerge(gone_id=other, survivor_id=gone, staff_id=staff_id),
        "drafts": lambda: Draft(reference="B-1", conversation_id=conversation_id, contact_id=gone),
        "tickets": lambda: Ticket(
            reference="T-1", conversation_id=conversation_id, contact_id=gone, description="kotor"
        ),
        "bills": lambda: Bill(
            reference="I-1",
            contact_id=gone,
            description="cuci",
            amount_minor=1,
            currency="IDR",
            due_on=date(2026, 1, 1),
        ),
        "payment_proofs": lambda: Proof(
            source="s-1", contact_id=gone, conversation_id=conversation_id, media_id="media"
        ),
    }


def test_a_merge_takes_along_all_that_belongs_to_a_contact_in_any_table(database: Database, kilap: Tenant) -> None:
    survivor, _ = person(database, kilap, OLD, "1")
    gone, conversation_id = person(database, kilap, NEW, "2")
    factories = rows_of_everything(gone, conversation_id, kilap.alice, "00000000-0000-0000-0000-000000000000")
    with database.tenant(kilap.id) as session:
        media = MediaFile(
            id="media", channel_account_id=kilap.whatsapp.id, conversation_id=conversation_id, kind="image", remote={}
        )
        session.add(media)
        session.flush()
        session.add_all(make() for make in factories.values())
    assert merge(database, kilap.id, kilap.alice, Merge(survivor, gone))
    expected = named_by_the_database(database)
    told_apart = {("distinct_contacts", "first_id"), ("distinct_contacts", "second_id")}
    assert {(c.class_.__tablename__, c.key) for c in owned()} == expected - told_apart
    with database.tenant_reading(kilap.id) as session:
        for column in owned():
            rows = session.scalars(select(column)).all()
            table = column.class_.__tablename__
            assert rows and set(rows) == {survivor}, f"{table}: write a row of it in rows_of_everything"
        assert session.get(Contact, gone) is None and survivor_of(session, gone) == survivor


def named_by_the_database(database: Database) -> set[tuple[str, str]]:
    """The columns that lead to a contact as the migrated database has them, and those that are only called so."""
    found, look = set[tuple[str, str]](), inspect(database.engine)
    for table in look.get_table_names():
        keys = [key for key in look.get_foreign_keys(table) if key["referred_table"] == "contacts"]
        found |= {(table, column) for key in keys for column in key["constrained_columns"]}
        found |= {(table, column["name"]) for column in look.get_columns(table) if column["name"] == "contact_id"}
    return found


def test_chosen_values_win_and_what_is_known_fills_the_gaps(database: Database, kilap: Tenant) -> None:
    survivor = add(database, kilap, first_name="Siti", phone="+62811", phone_proved=True, plate="B 1")
    gone = add(database, kilap, first_name="Sity", phone="+62822", email="siti@example.com", plate="B 2")
    assert merge(database, kilap.id, kilap.alice, Merge(survivor, gone, taken=("plate", "phone")))
    one = kept(database, kilap, survivor)
    assert (one.first_name, one.phone, one.email, one.plate) == ("Siti", "+62822", "siti@example.com", "B 2")
    assert not one.phone_proved, "the proof was of the other number"
    with database.tenant_reading(kilap.id) as session:
        changes = {(c.field, c.old, c.new, c.staff_id) for c in session.scalars(select(ContactChange))}
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "contact.merged")).one()
    expected = {("plate", "B 1", "B 2"), ("email", None, "siti@example.com"), ("phone", "+62811", "+62822")}
    assert changes == {(*one, kilap.alice) for one in expected}
    assert entry.staff_id == kilap.alice and entry.subject_id == survivor
    assert (entry.old or {})["first_name"] == "Sity" and (entry.new or {})["plate"] == "B 2"


@pytest.mark.parametrize("stopped", ["survivor", "gone"])
def test_the_stricter_consent_wins_whoever_of_them_gave_it(database: Database, kilap: Tenant, stopped: str) -> None:
    at = utc_now()
    ids = {
        name: add(database, kilap, first_name=name, opted_out_at=at if name == stopped else None)
        for name in ("survivor", "gone")
    }
    with database.tenant(kilap.id) as session:  # both rest on a message of the same name
        session.add_all(
            ConsentRecord(contact_id=one, allowed=True, channel="whatsapp", source="keyword", evidence="inbound-1")
            for one in ids.values()
        )
    merge(database, kilap.id, kilap.alice, Merge(ids["survivor"], ids["gone"]))
    assert kept(database, kilap, ids["survivor"]).opted_out_at == at
    with database.tenant_reading(kilap.id) as session:
        records = session.scalars(select(ConsentRecord).order_by(ConsentRecord.id)).all()
    assert len(records) == 2 + (stopped == "gone")
    assert records[-1].allowed is (stopped == "survivor"), "the last record says what counts"


def test_who_was_blocked_under_one_name_stays_blocked(database: Database, kilap: Tenant) -> None:
    survivor, open_one = person(database, kilap, OLD, "1")
    gone, _ = person(database, kilap, NEW, "2")
    block(database, kilap.id, gone, kilap.alice)
    merge(database, kilap.id, kilap.alice, Merge(survivor, gone))
    assert kept(database, kilap, survivor).blocked_at is not None
    with database.tenant_reading(kilap.id) as session:
        assert session.get_one(Conversation, open_one).handled_by == HandledBy.CLOSED


def test_each_address_keeps_its_own_open_thread_and_is_answered_there(database: Database, kilap: Tenant) -> None:
    survivor, first = person(database, kilap, OLD, "1")
    gone, second = person(database, kilap, NEW, "2")
    merge(database, kilap.id, kilap.alice, Merge(survivor, gone))
    assert accept(database, kilap.whatsapp, text_message("lagi", "3", who=OLD)).conversation_id == first
    assert accept(database, kilap.whatsapp, text_message("lagi", "4", who=NEW)).conversation_id == second
    with database.tenant_reading(kilap.id) as session:
        threads = {c.id: (c.recipient, c.contact_id) for c in session.scalars(select(Conversation))}
    assert threads == {first: (OLD, survivor), second: (NEW, survivor)}


def test_an_address_that_both_had_goes_on_in_one_thread(database: Database, kilap: Tenant) -> None:
    survivor, first = person(database, kilap, OLD, "1")
    gone, second = person(database, kilap, NEW, "2")
    with database.tenant(kilap.id) as session:  # the number changed hands
        session.get_one(Conversation, second).recipient = OLD
    merge(database, kilap.id, kilap.alice, Merge(survivor, gone))
    with database.tenant_reading(kilap.id) as session:
        states = {c.id: c.handled_by for c in session.scalars(select(Conversation))}
    assert states == {first: HandledBy.BOT, second: HandledBy.CLOSED}


def test_of_many_who_merge_the_same_pair_at_once_one_does_it_and_none_fails(database: Database, kilap: Tenant) -> None:
    survivor, _ = person(database, kilap, OLD, "1")
    gone, _ = person(database, kilap, NEW, "2")
    results = at_once([lambda: merge(database, kilap.id, kilap.alice, Merge(survivor, gone))] * 6)
    assert sorted(map(str, results)) == ["False"] * 5 + ["True"]
    with pytest.raises(Refused):
        merge(database, kilap.id, kilap.bob, Merge(gone, survivor))


def test_two_who_merge_a_pair_in_opposite_directions_lose_nobody(database: Database, kilap: Tenant) -> None:
    one, _ = person(database, kilap, OLD, "1")
    other, _ = person(database, kilap, NEW, "2")
    results = at_once([lambda: merge(database, kilap.id, kilap.alice, Merge(one, other)),
                       lambda: merge(database, kilap.id, kilap.bob, Merge(other, one))])  # fmt: skip
    assert sorted(type(result).__name__ for result in results) == ["Refused", "bool"]
    with database.tenant_reading(kilap.id) as session:
        (left,) = session.scalars(select(Contact.id)).all()
        assert set(session.scalars(select(Conversation.contact_id))) == {left}


def test_messages_that_arrive_meanwhile_are_all_kept_with_the_survivor(database: Database, kilap: Tenant) -> None:
    survivor, _ = person(database, kilap, OLD, "1")
    gone, _ = person(database, kilap, NEW, "2")

    def arrive(number: int) -> Callable[[], Any]:
        message = text_message("halo", f"meanwhile-{number}", who=(OLD, NEW)[number % 2])
        return lambda: accept(database, kilap.whatsapp, message)

    jobs = [arrive(number) for number in range(8)]
    jobs.insert(3, lambda: merge(database, kilap.id, kilap.alice, Merge(survivor, gone)))
    assert not [one for one in at_once(jobs) if isinstance(one, Exception)]
    with database.tenant_reading(kilap.id) as session:
        assert set(session.scalars(select(Conversation.contact_id))) == {survivor}
        assert session.scalars(select(Contact.id)).all() == [survivor]


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    results: list[Any] = []

    def run(job: Callable[[], Any]) -> None:
        try:
            results.append(job())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_what_changed_since_it_was_shown_is_not_merged_blindly(database: Database, kilap: Tenant) -> None:
    survivor, gone = (add(database, kilap, first_name=name) for name in ("Siti", "Sity"))
    seen = fingerprint(kept(database, kilap, survivor), kept(database, kilap, gone))
    change_contact(database, kilap.id, gone, kilap.bob, Change("plate", "b 9", ""))
    with pytest.raises(Refused):
        merge(database, kilap.id, kilap.alice, Merge(survivor, gone, seen=seen))
    assert kept(database, kilap, gone).plate == "B 9"


def test_nobody_merges_whom_they_may_not_see(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    mine, theirs = add(database, kilap, first_name="Ani"), add(database, stranger, first_name="Ani")
    far, conversation_id = person(database, kilap, OLD, "1")
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, conversation_id).outlet = "WEST"
    limited = database.on_behalf(Behalf(kilap.alice, outlets=("EAST",)))
    for place, other in ((database, theirs), (limited, far)):
        with pytest.raises(NotFound):
            merge(place, kilap.id, kilap.alice, Merge(mine, other))
        with pytest.raises(NotFound):
            tell_apart(place, kilap.id, kilap.alice, mine, other)
