"""Live events are numbered without gaps within an organisation, whoever writes them, and nobody misses one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import time_machine
from sqlalchemy import select

from ramah.messaging.live import LiveReader, announce, forget_old_events, missed_events
from ramah.messaging.models import LiveEvent
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant


def tell(database: Database, tenant: Tenant, *names: str) -> None:
    with database.tenant(tenant.id) as session:
        for name in names:
            announce(session, tenant.id, name, "conversation")


def numbers(database: Database, tenant: Tenant) -> list[int]:
    with database.tenant_reading(tenant.id) as session:
        return list(session.scalars(select(LiveEvent.sequence).order_by(LiveEvent.sequence)))


def test_numbers_have_no_gaps_however_many_write_at_once(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    with ThreadPoolExecutor(8) as pool:
        for tenant in (kilap, stranger):
            list(pool.map(lambda number, tenant=tenant: tell(database, tenant, f"c{number}", f"d{number}"), range(20)))
    assert numbers(database, kilap) == numbers(database, stranger) == list(range(1, 41))


def test_a_change_that_was_taken_back_takes_no_number(database: Database, kilap: Tenant) -> None:
    tell(database, kilap, "a")
    try:
        with database.tenant(kilap.id) as session:
            announce(session, kilap.id, "b", "conversation")
            raise RuntimeError
    except RuntimeError:
        tell(database, kilap, "c")
    assert numbers(database, kilap) == [1, 2]


def test_a_reader_sees_each_event_once_and_in_order(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    tell(database, kilap, "before")
    reader = LiveReader(database)
    seen = []
    for round_number in range(5):
        tell(database, kilap, f"k{round_number}")
        tell(database, stranger, f"s{round_number}")
        seen += reader.fetch()
    assert reader.fetch() == []
    assert [event.sequence for event in seen if event.organisation_id == kilap.id] == [2, 3, 4, 5, 6]
    assert [event.conversation_id for event in seen if event.organisation_id == stranger.id] == [
        f"s{number}" for number in range(5)
    ]


def test_a_reader_that_fell_far_behind_is_given_what_its_look_back_does_not_reach(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    reader = LiveReader(database)
    # Rows of the first organisation, hidden from the reader's look at the newest rows by many of another.
    reader._last_id = 10_000
    tell(database, kilap, *(f"c{number}" for number in range(30)))
    with database.every_organisation() as session:
        for row in session.scalars(select(LiveEvent).where(LiveEvent.sequence == 30)):
            row.id = 10_001
    assert [event.sequence for event in reader.fetch()] == list(range(1, 31))


def test_readers_can_ask_for_what_they_missed(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    tell(database, kilap, "a", "b", "c")
    tell(database, stranger, "x")
    missed = missed_events(database, kilap.id, 1)
    assert missed is not None
    assert [(event.sequence, event.conversation_id) for event in missed] == [(2, "b"), (3, "c")]
    assert missed_events(database, kilap.id, 3) == []
    assert missed_events(database, kilap.id, 0, most=2) is None


def test_events_that_were_forgotten_are_not_passed_off_as_none(database: Database, kilap: Tenant) -> None:
    tell(database, kilap, "old")
    with time_machine.travel(utc_now() + timedelta(days=8)):
        assert forget_old_events(database, 7) == 1
        assert missed_events(database, kilap.id, 0) is None
        tell(database, kilap, "new")
    assert numbers(database, kilap) == [2]
    assert missed_events(database, kilap.id, 0) is None
    assert missed_events(database, kilap.id, 1) is not None
