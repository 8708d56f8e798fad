"""Who says stop gets no promotions and reminders any more, is told so once, and is answered as ever."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ramah.channels.content import Outgoing
from ramah.desk.handover import take_over
from ramah.messaging.consents import start_in_dialogue, stop_in_dialogue
from ramah.messaging.conversations import locked
from ramah.messaging.inbox import accept
from ramah.messaging.models import Author, Inbound, Outbound, Priority
from ramah.messaging.outbox import Schedule, Writer, write_outbound
from ramah.messaging.turn_runner import TurnRunner
from ramah.messaging.wishes import OptedOut
from ramah.people import Contact
from ramah.people.models import ConsentRecord
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, text_message


def says(database: Database, tenant: Tenant, text: str, key: str) -> str:
    """A message on WhatsApp; returns its conversation."""
    return accept(database, tenant.whatsapp, text_message(text, key=key)).conversation_id


def schedule(database: Database, tenant: Tenant, conversation_id: str, priority: Priority, key: str) -> None:
    """Put a message of this kind into the outbox."""
    with database.tenant(tenant.id) as session:
        conversation = locked(session, conversation_id)
        writer = Writer(Author.BOT, conversation.epoch)
        write_outbound(session, conversation, writer, Outgoing(text="promo"), key, Schedule(priority=priority))


def records(database: Database, tenant: Tenant) -> list[tuple[bool, str, str, str]]:
    """The consent records, oldest first."""
    with database.tenant_reading(tenant.id) as session:
        rows = session.scalars(select(ConsentRecord).order_by(ConsentRecord.id))
        return [(row.allowed, row.channel, row.source, row.words) for row in rows]


@pytest.mark.parametrize("text", ["STOP", "berhenti!", "Jangan kirim lagi.", "unsubscribe", "jangan hantar lagi"])
def test_a_key_word_is_recorded_as_it_arrives(database: Database, kilap: Tenant, text: str) -> None:
    says(database, kilap, text, "1")
    assert records(database, kilap) == [(False, "whatsapp", "keyword", text)]
    with database.tenant_reading(kilap.id) as session:
        assert session.scalars(select(Contact.opted_out_at)).one() is not None


@pytest.mark.parametrize("text", ["stop di depan rumah ya", "kapan berhenti hujannya", "mulai", "start"])
def test_other_words_change_nothing(database: Database, kilap: Tenant, text: str) -> None:
    says(database, kilap, text, "1")
    assert records(database, kilap) == []


@pytest.mark.parametrize("priority", [Priority.REMINDER, Priority.PROMOTION])
def test_promotions_and_reminders_are_refused_and_replies_pass(
    database: Database, kilap: Tenant, priority: Priority
) -> None:
    conversation_id = says(database, kilap, "stop", "1")
    with pytest.raises(OptedOut):
        schedule(database, kilap, conversation_id, priority, "p1")
    schedule(database, kilap, conversation_id, Priority.REPLY, "r1")
    says(database, kilap, "mulai lagi", "2")
    schedule(database, kilap, conversation_id, priority, "p2")
    with database.tenant_reading(kilap.id) as session:
        assert session.scalars(select(Outbound.priority).order_by(Outbound.priority)).all() == [0, priority]


def test_what_waits_to_be_sent_is_dropped_but_for_replies(database: Database, kilap: Tenant) -> None:
    conversation_id = says(database, kilap, "halo", "1")
    for priority in Priority:
        schedule(database, kilap, conversation_id, priority, f"p{priority}")
    says(database, kilap, "stop", "2")
    with database.tenant_reading(kilap.id) as session:
        rows = session.execute(select(Outbound.priority, Outbound.status).order_by(Outbound.priority)).all()
        assert [tuple(row) for row in rows] == [(0, "queued"), (1, "dropped"), (2, "dropped")]


def test_the_dialogue_confirms_a_key_word_whatever_it_understood(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    for key, text in enumerate(("stop", "mulai lagi", "mulai lagi")):
        says(database, kilap, text, str(key))
        assert runner.run_one()
    assert [turn.payload for turn in engine.turns] == ["/stop", "/opt_in", None]


def test_a_stop_is_confirmed_once(database: Database, kilap: Tenant) -> None:
    first, second = (accept(database, kilap.whatsapp, text_message("stop", key=key)) for key in "12")
    where = (database, kilap.id, first.conversation_id)
    assert stop_in_dialogue(*where, first.inbound_id)
    assert stop_in_dialogue(*where, first.inbound_id), "a turn that runs again says the same again"
    assert not stop_in_dialogue(*where, second.inbound_id)
    assert len(records(database, kilap)) == 1


def test_own_words_count_as_well_and_are_kept(database: Database, kilap: Tenant) -> None:
    stop = accept(database, kilap.whatsapp, text_message("capek dapet promo terus", key="1"))
    assert stop_in_dialogue(database, kilap.id, stop.conversation_id, stop.inbound_id)
    start = accept(database, kilap.whatsapp, text_message("kirim promo lagi deh", key="2"))
    assert start_in_dialogue(database, kilap.id, start.conversation_id, start.inbound_id)
    assert records(database, kilap) == [
        (False, "whatsapp", "dialogue", "capek dapet promo terus"),
        (True, "whatsapp", "dialogue", "kirim promo lagi deh"),
    ]


def test_who_says_stop_to_a_person_is_heard_too(database: Database, kilap: Tenant) -> None:
    conversation_id = says(database, kilap, "halo", "1")
    take_over(database, kilap.id, conversation_id, kilap.alice)
    says(database, kilap, "STOP", "2")
    assert len(records(database, kilap)) == 1
    with database.tenant_reading(kilap.id) as session:
        (asked,) = session.scalars(select(Inbound).where(Inbound.kind == "say"))
        assert asked.raw["response"] == "utter_stopped"


def test_the_same_message_twice_is_one_record(database: Database, kilap: Tenant) -> None:
    for _ in range(2):
        says(database, kilap, "stop", "1")
    assert len(records(database, kilap)) == 1


def test_another_organisation_may_still_write(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    says(database, kilap, "stop", "1")
    theirs = says(database, stranger, "halo", "1")
    schedule(database, stranger, theirs, Priority.PROMOTION, "p1")
