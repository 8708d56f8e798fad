"""The operators' event stream: what an open inbox is told."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest

from ramah.desk.handover import take_over
from ramah.messaging.inbox import accept
from ramah.messaging.live import announce
from ramah.messaging.models import LiveEvent
from ramah.store import Database
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.contents import rows_of
from tests.integration.console.event_stream import EventStream, event_stream
from tests.integration.console.visitors import StaffMember

TOO_MANY = 501


def watching(
    person: StaffMember, after: int | str | None = None, last_event_id: str | None = None
) -> AbstractContextManager[EventStream]:
    """The open stream of a person's inbox."""
    params = {} if after is None else {"after": after}
    headers = {} if last_event_id is None else {"last-event-id": last_event_id}
    return event_stream(person.client, "/console/live", params, headers)


def newest(database: Database) -> int:
    """The number of the last event."""
    return max((event.id for event in rows_of(database, LiveEvent)), default=0)


def make_noise(database: Database, tenant: Tenant, conversation_id: str, number: int) -> None:
    """Events as if much had happened."""
    with database.tenant(tenant.id) as session:
        for place in range(number):
            announce(session, tenant.id, conversation_id, "status", position=place)


def test_an_open_inbox_hears_of_a_new_message(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    with watching(alice) as stream:
        ready = stream.next()
        assert (ready.name, ready.data) == ("ready", {"seq": 0})
        conversation_id = accept(database, kilap.whatsapp, text_message("halo")).conversation_id
        event = stream.next()
    assert (event.name, event.data["id"]) == ("conversation", conversation_id)
    assert event.id == str(event.data["seq"]) == str(newest(database))


def test_a_change_of_hands_comes_with_new_counts(
    alice: StaffMember, bob: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    with watching(alice) as hers, watching(bob) as his:
        hers.until("ready")
        his.until("ready")
        take_over(database, kilap.id, conversation_id, alice.id)
        assert hers.until("counts")[-1].data == {"waiting": 0, "mine": 1, "unread": 1, "mentions": 0}
        assert his.until("counts")[-1].data == {"waiting": 0, "mine": 0, "unread": 0, "mentions": 0}


@pytest.mark.parametrize("by_header", [True, False])
def test_a_page_that_comes_back_hears_what_it_missed(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str, by_header: bool
) -> None:
    seen = newest(database)
    other = accept(database, kilap.whatsapp, text_message("halo", key="2", who="628110002")).conversation_id
    stream_of = watching(alice, last_event_id=str(seen)) if by_header else watching(alice, after=seen)
    with stream_of as stream:
        events = stream.until("ready")
    assert [(event.name, event.data.get("id")) for event in events] == [("conversation", other), ("ready", None)]
    assert events[0].data["seq"] == newest(database)


def test_a_page_from_before_the_first_event_misses_nothing(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    assert 'data-live-seq="0"' in alice.get("/console").text
    conversation_id = accept(database, kilap.whatsapp, text_message("halo")).conversation_id
    with watching(alice, after=0) as stream:
        assert stream.next().data["id"] == conversation_id


def test_a_page_that_is_up_to_date_hears_nothing_twice(
    alice: StaffMember, database: Database, conversation_id: str
) -> None:
    with watching(alice, after=newest(database)) as stream:
        assert stream.next().name == "ready"


def test_a_page_that_is_too_far_behind_must_begin_anew(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    seen = newest(database)
    make_noise(database, kilap, conversation_id, TOO_MANY)
    with watching(alice, after=seen) as stream:
        assert [stream.next().name, stream.next().name] == ["reset", "ready"]


def test_a_page_that_reads_too_slowly_must_begin_anew(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    with watching(alice) as stream:
        stream.until("ready")
        # One look at the table hands out more than a page's queue holds.
        make_noise(database, kilap, conversation_id, 2 * TOO_MANY)
        *_, reset = stream.until("reset")
    assert reset.data["seq"] == newest(database)


def test_events_of_another_organisation_never_arrive(
    charlie: StaffMember, alice: StaffMember, database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    with watching(charlie) as stream:
        stream.until("ready")
        secret = accept(database, kilap.whatsapp, text_message("rahasia")).conversation_id
        take_over(database, kilap.id, secret, alice.id)
        own = accept(database, stranger.whatsapp, text_message("halo")).conversation_id
        events = stream.until("conversation", id=own)
    assert secret not in str(events)
    with watching(charlie, after=0) as stream:
        assert secret not in str(stream.until("ready"))


def test_numbers_that_are_none_of_ours_do_no_harm(alice: StaffMember, conversation_id: str) -> None:
    for number in ("x", "-1", "9" * 5000):
        with watching(alice, after=number) as stream:
            stream.until("ready")


def test_the_page_knows_which_events_it_contains(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    with watching(alice) as stream:
        stream.until("ready")
        accept(database, kilap.whatsapp, text_message("lagi", key="2"))
        stream.until("conversation", seq=newest(database))
    assert f'data-live-seq="{newest(database)}"' in alice.get("/console").text
