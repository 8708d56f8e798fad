"""Who is blocked: their words are kept, and nobody answers, counts, queues or sends."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ramah.channels.content import Outgoing
from ramah.desk.assigning import reopen
from ramah.desk.contacts.blocking import block, unblock
from ramah.lib.errors import Refused
from ramah.messaging.claims import claim_turn
from ramah.messaging.conversations import locked
from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.inbox import accept, request_say
from ramah.messaging.models import Author, Conversation, HandledBy, Inbound, InboundStatus, Outbound, Priority
from ramah.messaging.outbox import Schedule, Writer, write_outbound
from ramah.messaging.queueing import ask_for_person
from ramah.messaging.routing import Route, route
from ramah.messaging.turn_runner import TurnRunner
from ramah.messaging.turns import finish_turn
from ramah.messaging.wishes import OptedOut
from ramah.people.account_models import AuditEntry
from ramah.store import Behalf, Database
from tests.integration.conftest import ScriptedEngine, Tenant, claimer, text_message


def wrote(database: Database, kilap: Tenant, key: str = "1", text: str = "halo") -> Conversation:
    conversation_id = accept(database, kilap.whatsapp, text_message(text, key)).conversation_id
    return now(database, kilap, conversation_id)


def now(database: Database, kilap: Tenant, conversation_id: str) -> Conversation:
    with database.tenant_reading(kilap.id) as session:
        return session.get_one(Conversation, conversation_id)


def sent(database: Database, kilap: Tenant) -> list[str]:
    with database.tenant_reading(kilap.id) as session:
        return list(session.scalars(select(Outbound.status)))


def test_what_they_write_is_kept_and_answered_by_nobody(
    database: Database, kilap: Tenant, engine: ScriptedEngine, runner: TurnRunner
) -> None:
    before = wrote(database, kilap)
    runner.run_one()
    block(database, kilap.id, before.contact_id, kilap.alice)
    after = [wrote(database, kilap, str(number), f"halo {number}") for number in (2, 3)]
    assert [one.id for one in after] == [before.id] * 2, "kept in the thread that is closed"
    while runner.run_one():
        pass
    assert len(engine.turns) == 1 and engine.said == []
    last = now(database, kilap, before.id)
    assert (last.handled_by, last.unread, last.preview) == (HandledBy.CLOSED, 0, "halo 3")
    with database.tenant_reading(kilap.id) as session:
        kept = session.scalars(select(Inbound).order_by(Inbound.position)).all()
    assert [row.text for row in kept] == ["halo", "halo 2", "halo 3"]
    assert {row.status for row in kept} == {InboundStatus.DONE}


def test_a_message_that_was_taken_before_the_block_is_routed_to_nobody(database: Database, kilap: Tenant) -> None:
    """The conversation of somebody new may be opened at the moment at which they are blocked."""
    conversation = wrote(database, kilap)
    block(database, kilap.id, conversation.contact_id, kilap.alice)
    with database.tenant(kilap.id) as session:
        locked(session, conversation.id).handled_by = HandledBy.BOT
    claim = claim_turn(database, "w1", 60)
    assert claim is not None and claim.blocked and route(claim) is Route.SILENT


def test_a_turn_that_was_running_says_nothing_any_more(database: Database, kilap: Tenant) -> None:
    conversation = wrote(database, kilap)
    claim = claim_turn(database, "w1", 60)
    assert claim is not None
    block(database, kilap.id, conversation.contact_id, kilap.alice)
    handover = EngineReply(custom={"handover": {"reason": "talk_to_person"}})
    finish_turn(database, claim, EngineTurn(replies=[EngineReply(text="siap kak"), handover]), 1)
    assert sent(database, kilap) == ["dropped"]
    assert now(database, kilap, conversation.id).handled_by == HandledBy.CLOSED


def test_who_waits_in_the_queue_leaves_it_and_what_was_to_be_sent_is_dropped(database: Database, kilap: Tenant) -> None:
    conversation = wrote(database, kilap)
    with database.tenant(kilap.id) as session:
        row = locked(session, conversation.id)
        ask_for_person(session, row, "talk_to_person")
        for number, author in enumerate((Author.BOT, Author.SYSTEM)):
            write_outbound(session, row, Writer(author, row.epoch), Outgoing(text="sabar ya"), f"k{number}")
    block(database, kilap.id, conversation.contact_id, kilap.alice)
    last = now(database, kilap, conversation.id)
    assert (last.handled_by, last.unread) == (HandledBy.CLOSED, 0)
    assert set(sent(database, kilap)) == {"dropped"} and claimer(database).claim() is None


@pytest.mark.parametrize("priority", [Priority.REMINDER, Priority.PROMOTION])
def test_no_campaign_and_no_reminder_goes_to_them(database: Database, kilap: Tenant, priority: Priority) -> None:
    conversation = wrote(database, kilap)
    block(database, kilap.id, conversation.contact_id, kilap.alice)
    with database.tenant(kilap.id) as session:
        row, schedule = locked(session, conversation.id), Schedule(priority=priority)
        with pytest.raises(OptedOut):
            write_outbound(session, row, Writer(Author.SYSTEM, row.epoch), Outgoing(text="promo"), "p", schedule)


def test_what_the_bot_would_say_by_itself_stays_unsaid(
    database: Database, kilap: Tenant, engine: ScriptedEngine, runner: TurnRunner
) -> None:
    conversation = wrote(database, kilap)
    block(database, kilap.id, conversation.contact_id, kilap.alice)
    with database.tenant(kilap.id) as session:
        request_say(session, locked(session, conversation.id), "paid-1", "utter_paid", {})
    while runner.run_one():
        pass
    assert engine.said == [] and sent(database, kilap) == []


def test_a_block_counts_in_all_outlets_whoever_sets_it(database: Database, kilap: Tenant) -> None:
    here = wrote(database, kilap)
    with database.tenant(kilap.id) as session:
        far = Conversation(
            channel_account_id=kilap.webchat.id, contact_id=here.contact_id, recipient="v-1", outlet="WEST", unread=2
        )
        session.add(far)
    limited = database.on_behalf(Behalf(kilap.alice, outlets=("EAST",)))
    assert block(limited, kilap.id, here.contact_id, kilap.alice)
    last = now(database, kilap, far.id)
    assert (last.handled_by, last.unread) == (HandledBy.CLOSED, 0)


def test_a_closed_thread_of_theirs_is_not_opened_by_hand(database: Database, kilap: Tenant) -> None:
    conversation = wrote(database, kilap)
    block(database, kilap.id, conversation.contact_id, kilap.alice)
    with pytest.raises(Refused, match="blocked"):
        reopen(database, kilap.id, conversation.id, kilap.alice)


def test_after_unblocking_the_next_message_is_answered(
    database: Database, kilap: Tenant, engine: ScriptedEngine, runner: TurnRunner
) -> None:
    first = wrote(database, kilap)
    assert block(database, kilap.id, first.contact_id, kilap.alice)
    assert not block(database, kilap.id, first.contact_id, kilap.bob), "a second press changes nothing"
    assert unblock(database, kilap.id, first.contact_id, kilap.bob)
    again = wrote(database, kilap, "2", "maaf tadi")
    while runner.run_one():
        pass
    assert again.id != first.id and again.unread == 1 and [turn.text for turn in engine.turns] == ["maaf tadi"]
    with database.tenant_reading(kilap.id) as session:
        noted = session.execute(select(AuditEntry.action, AuditEntry.staff_id).order_by(AuditEntry.id)).all()
    acts = [tuple(row) for row in noted if row[0].startswith("contact.")]
    assert acts == [("contact.blocked", kilap.alice), ("contact.unblocked", kilap.bob)]
