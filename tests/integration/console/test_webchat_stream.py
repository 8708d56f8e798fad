"""The web chat's stream: what a visitor's page is told while it is open."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from ramah.desk.handover import close, take_over, write
from ramah.messaging import webchat
from ramah.messaging.models import Conversation, Outbound
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.contents import rows_of
from tests.integration.console.event_stream import EventStream, event_stream
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import Customer, customer_of


def listening(customer: Customer, after: int = 0) -> AbstractContextManager[EventStream]:
    """The open stream of a visitor's page."""
    address = f"/api/webchat/{customer.key}/stream"
    return event_stream(customer.client, address, {"after": after}, customer.headers)


def conversation(database: Database, tenant: Tenant) -> str:
    with database.tenant_reading(tenant.id) as session:
        return session.scalars(select(Conversation.id)).one()


def test_the_first_events_say_who_answers_and_whether_somebody_types(customer: Customer) -> None:
    with listening(customer) as stream:
        first, second = stream.next(), stream.next()
    assert (first.name, first.data) == ("state", {"handled_by": "bot", "agent": None})
    assert (second.name, second.data) == ("typing", {"on": False})


def test_the_stream_is_not_kept_by_anything_between(customer: Customer) -> None:
    with listening(customer) as stream:
        assert stream.response.headers["cache-control"] == "no-store"
        assert stream.response.headers["x-accel-buffering"] == "no"


def test_the_answer_of_the_bot_arrives_as_an_event(customer: Customer, runner: TurnRunner) -> None:
    with listening(customer) as stream:
        customer.say("halo")
        stream.until("typing", on=True)
        runner.run_one()
        *_, answer = stream.until("message", text="echo halo")
        assert stream.until("typing", on=False)
    assert (answer.data["from"], answer.data["position"]) == ("bot", 2)


def test_nobody_stops_typing_before_the_answer_is_there(
    customer: Customer, runner: TurnRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = webchat.read
    turns_left = [1]

    def read_just_before_the_answer(database: Database, who: webchat.Visitor, after: int | None) -> webchat.Shown:
        shown = reading(database, who, after)
        if turns_left:
            turns_left.pop()
            runner.run_one()
        return shown

    customer.say("halo")
    monkeypatch.setattr(webchat, "read", read_just_before_the_answer)
    with listening(customer) as stream:
        seen = stream.until("typing", on=False)
    assert "echo halo" in [event.data["text"] for event in seen if event.name == "message"]


def test_a_fetched_answer_counts_as_delivered(customer: Customer, runner: TurnRunner, database: Database) -> None:
    with listening(customer) as stream:
        customer.say("halo")
        runner.run_one()
        stream.until("message", text="echo halo")
        # The event after the next message comes only when the first one has been noted.
        customer.say("lagi")
        stream.until("message", text="lagi")
    assert [row.status for row in rows_of(database, Outbound)] == ["delivered"]


def test_a_page_that_comes_back_gets_only_what_it_missed(customer: Customer, runner: TurnRunner) -> None:
    with listening(customer) as stream:
        customer.say("halo")
        runner.run_one()
        *_, last = stream.until("message", text="echo halo")
    customer.say("masih ada?")
    runner.run_one()
    with listening(customer, after=last.data["position"]) as stream:
        missed = stream.until("message", text="echo masih ada?")
    assert [event.data["text"] for event in missed if event.name == "message"] == ["masih ada?", "echo masih ada?"]


def test_the_page_sees_a_person_take_over_and_write_but_no_note(
    customer: Customer, database: Database, kilap: Tenant
) -> None:
    customer.say("halo")
    conversation_id = conversation(database, kilap)
    with listening(customer, after=1) as stream:
        stream.until("typing")
        take_over(database, kilap.id, conversation_id, kilap.alice)
        stream.until("state", handled_by="human", agent="Alice")
        write(database, kilap.id, conversation_id, kilap.alice, "Saya bantu ya", "k")
        seen = stream.until("message", text="Saya bantu ya")
    assert [event.data["author"] for event in seen if event.name == "message"] == ["Alice"]


def test_a_stream_hears_nothing_of_other_visitors(console: ServedConsole, customer: Customer) -> None:
    customer.say("punya saya")
    other = customer_of(console, customer.key)
    with listening(customer, after=1) as stream:
        stream.until("typing")
        other.say("rahasia orang lain")
        customer.say("lanjut")
        seen = stream.until("message", text="lanjut")
    assert [event.data["text"] for event in seen if event.name == "message"] == ["lanjut"]


def test_two_pages_of_one_visitor_hear_the_same(customer: Customer, runner: TurnRunner) -> None:
    with listening(customer) as first, listening(customer) as second:
        customer.say("halo")
        runner.run_one()
        for stream in (first, second):
            stream.until("message", text="echo halo")


def test_an_open_page_hears_the_answer_after_a_closed_chat_began_anew(
    customer: Customer, database: Database, kilap: Tenant, runner: TurnRunner
) -> None:
    customer.say("halo")
    runner.run_one()
    with listening(customer) as stream:
        stream.until("message", text="echo halo")
        close(database, kilap.id, conversation(database, kilap), kilap.alice)
        stream.until("state", handled_by="closed")
        customer.say("satu lagi")
        runner.run_one()
        seen = stream.until("message", text="echo satu lagi")
        customer.say("dua lagi")
        seen += stream.until("message", text="dua lagi")
    assert [event.data["handled_by"] for event in seen if event.name == "state"] == ["bot"]
