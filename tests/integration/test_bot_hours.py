"""Outside of its hours the bot is not asked: the customer is told once, a person gets the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.desk.handover import release, take_over
from ramah.messaging.claims import claim_turn
from ramah.messaging.engine_client import EngineError, EngineReply, EngineTurn
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.hours.keeping import Owner
from ramah.messaging.hours.managing import follow_default, set_mode
from ramah.messaging.inbox import accept, request_say
from ramah.messaging.ledger import prove_day
from ramah.messaging.models import (
    Conversation,
    HandledBy,
    Inbound,
    InboundStatus,
    Interaction,
)
from ramah.messaging.turn_runner import TurnRunner
from ramah.messaging.turns import finish_turn
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, text_message
from tests.integration.office_hours import EVENING, MORNING, NIGHT, NOON, conversation, keep_hours, run_all, said, write


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday noon, until a test says otherwise."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def evening(database: Database, kilap: Tenant, clock: time_machine.Traveller) -> time_machine.Traveller:
    """The bot keeps its hours, and those of this Monday are over."""
    keep_hours(database, kilap)
    clock.move_to(EVENING)
    return clock


pytestmark = pytest.mark.usefixtures("clock")


def test_in_its_hours_the_bot_answers(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    keep_hours(database, kilap)
    write(database, kilap, "halo", "1")
    run_all(runner)
    assert said(database, kilap) == ["echo halo"]
    assert len(engine.turns) == 1


@pytest.mark.usefixtures("evening")
def test_outside_of_them_the_customer_is_told_and_a_person_gets_it(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    conversation_id = write(database, kilap, "halo", "1")
    run_all(runner)
    assert (engine.turns, engine.said) == ([], [])
    (text,) = said(database, kilap)
    assert "buka lagi besok jam 08.00 WIB" in text
    row = conversation(database, kilap, conversation_id)
    assert (row.handled_by, row.handover_reason) == (HandledBy.QUEUE, "outside_hours")
    assert prove_day(database, kilap.id, EVENING.date()).missing == ()


def test_they_are_told_once_in_each_closed_period(
    database: Database, kilap: Tenant, runner: TurnRunner, clock: time_machine.Traveller
) -> None:
    keep_hours(database, kilap, needs_human=False)
    for number, moment in enumerate((EVENING, NIGHT, EVENING + timedelta(days=1), NIGHT + timedelta(days=1))):
        clock.move_to(moment)
        write(database, kilap, "halo", str(number))
        run_all(runner)
    assert len(said(database, kilap)) == 2


def test_a_conversation_that_waits_for_a_person_is_told_of_the_hours_and_not_sent_to_the_bot(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine, evening: time_machine.Traveller
) -> None:
    conversation_id = write(database, kilap, "halo", "1")
    run_all(runner)
    evening.move_to(NIGHT)
    write(database, kilap, "", "2", kind=IncomingKind.TAP, payload="/back_to_assistant")
    run_all(runner)
    assert len(said(database, kilap)) == 1
    assert conversation(database, kilap, conversation_id).handled_by == HandledBy.QUEUE
    evening.move_to(MORNING)
    write(database, kilap, "pagi", "3")
    run_all(runner)
    assert [asked.response for asked in engine.said] == ["utter_waiting_for_person"]
    write(database, kilap, "", "4", kind=IncomingKind.TAP, payload="/back_to_assistant")
    run_all(runner)
    assert conversation(database, kilap, conversation_id).handled_by == HandledBy.BOT


def test_without_a_mark_for_people_the_bot_goes_on_in_the_morning(
    database: Database, kilap: Tenant, runner: TurnRunner, clock: time_machine.Traveller
) -> None:
    keep_hours(database, kilap, needs_human=False, tells=False)
    clock.move_to(EVENING)
    conversation_id = write(database, kilap, "halo", "1")
    run_all(runner)
    assert said(database, kilap) == []
    assert conversation(database, kilap, conversation_id).handled_by == HandledBy.BOT
    clock.move_to(MORNING)
    write(database, kilap, "pagi", "2")
    run_all(runner)
    assert said(database, kilap) == ["echo pagi"]


def test_who_wrote_in_time_is_answered_however_late_the_engine_is_back(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine, clock: time_machine.Traveller
) -> None:
    keep_hours(database, kilap)
    engine.failure = EngineError("down", "unreachable")
    write(database, kilap, "halo", "1")
    runner.run_one()
    engine.failure = None
    clock.move_to(EVENING)
    run_all(runner)
    assert said(database, kilap) == ["echo halo"]


def test_who_wrote_at_night_and_is_read_in_the_morning_is_answered_not_told_that_it_is_closed(
    database: Database, kilap: Tenant, runner: TurnRunner, clock: time_machine.Traveller
) -> None:
    keep_hours(database, kilap)
    clock.move_to(NIGHT)
    write(database, kilap, "halo", "1")
    clock.move_to(MORNING)
    run_all(runner)
    assert said(database, kilap) == ["echo halo"]


@pytest.mark.usefixtures("evening")
def test_a_tap_of_a_running_booking_is_answered_by_the_hours_too(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    write(database, kilap, "Ya", "1", kind=IncomingKind.TAP, payload='/choose{"step":"confirmation"}')
    run_all(runner)
    assert engine.turns == []
    assert len(said(database, kilap)) == 1


def test_notices_of_what_happened_are_said_at_any_hour(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine, clock: time_machine.Traveller
) -> None:
    conversation_id = write(database, kilap, "halo", "1")
    run_all(runner)
    keep_hours(database, kilap)
    clock.move_to(EVENING)
    with database.tenant(kilap.id) as session:
        request_say(session, session.get_one(Conversation, conversation_id), "paid-1", "utter_paid", {})
    run_all(runner)
    assert [asked.response for asked in engine.said] == ["utter_paid"]


@pytest.mark.usefixtures("evening")
def test_a_stop_is_confirmed_at_any_hour_and_needs_nobody(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    conversation_id = write(database, kilap, "stop", "1")
    run_all(runner)
    assert [asked.response for asked in engine.said] == ["utter_stopped"]
    assert engine.turns == []
    assert conversation(database, kilap, conversation_id).handled_by == HandledBy.BOT


def test_a_conversation_with_a_person_is_untouched(
    database: Database, kilap: Tenant, runner: TurnRunner, clock: time_machine.Traveller
) -> None:
    keep_hours(database, kilap)
    conversation_id = write(database, kilap, "halo", "1")
    run_all(runner)
    take_over(database, kilap.id, conversation_id, kilap.alice)
    clock.move_to(EVENING)
    write(database, kilap, "masih di sana?", "2")
    run_all(runner)
    assert "masih" not in str(said(database, kilap)[1:])
    assert len(said(database, kilap)) == 1
    assert conversation(database, kilap, conversation_id).handled_by == HandledBy.HUMAN


@pytest.mark.usefixtures("evening")
def test_who_is_taken_over_meanwhile_is_not_told_and_hears_it_the_next_time(
    database: Database, kilap: Tenant, runner: TurnRunner
) -> None:
    conversation_id = write(database, kilap, "halo", "1")
    take_over(database, kilap.id, conversation_id, kilap.alice)
    run_all(runner)
    assert said(database, kilap) == []
    assert conversation(database, kilap, conversation_id).told_outside_at is None
    release(database, kilap.id, conversation_id, kilap.alice)
    write(database, kilap, "halo?", "2")
    run_all(runner)
    assert "jam layanan" in said(database, kilap)[-1]


@pytest.mark.usefixtures("evening")
def test_what_needs_no_answer_gets_none_outside_of_the_hours_either(
    database: Database, kilap: Tenant, runner: TurnRunner
) -> None:
    sender = Sender(platform_id="62811000001")
    accept(database, kilap.whatsapp, Incoming(external_id="r", sender=sender, kind=IncomingKind.REACTION, text="👍"))
    run_all(runner)
    assert said(database, kilap) == []


@pytest.mark.usefixtures("evening")
def test_each_message_of_the_night_is_accounted_for(database: Database, kilap: Tenant, runner: TurnRunner) -> None:
    for number in range(5):
        write(database, kilap, f"pesan {number}", str(number))
    run_all(runner)
    with database.tenant_reading(kilap.id) as session:
        assert {row.status for row in session.scalars(select(Inbound))} == {InboundStatus.DONE}
        assert [row.did for row in session.scalars(select(Interaction))] == [[{"action": "outside_hours"}]] * 5
    proof = prove_day(database, kilap.id, EVENING.date())
    assert proof.missing == ()
    assert proof.counts["messages_in"] == proof.counts["answered"] + proof.counts["with_person"] == 5


def test_a_lost_lease_tells_nobody_twice(
    database: Database, kilap: Tenant, runner: TurnRunner, evening: time_machine.Traveller
) -> None:
    write(database, kilap, "halo", "1")
    slow = claim_turn(database, "slow", 1)
    assert slow is not None
    evening.shift(timedelta(seconds=5))
    run_all(runner)
    assert not finish_turn(database, slow, EngineTurn(replies=[EngineReply(text="twice")]), 1)
    assert len(said(database, kilap)) == 1


def test_an_account_with_hours_of_its_own_follows_these_until_it_gives_them_up(
    database: Database, kilap: Tenant, runner: TurnRunner, clock: time_machine.Traveller
) -> None:
    keep_hours(database, kilap)
    keep_hours(database, kilap, kilap.whatsapp.id, week=[[{"opens": "00:00", "closes": "24:00"}]] * 7)
    clock.move_to(EVENING)
    write(database, kilap, "satu", "1")
    accept(database, kilap.webchat, text_message("dua", "2", "visitor"))
    run_all(runner)
    assert sorted(text[:8] for text in said(database, kilap)) == ["Terima k", "echo sat"]
    follow_default(database, Owner(kilap.id, kilap.whatsapp.id))
    write(database, kilap, "tiga", "3")
    run_all(runner)
    assert "echo tiga" not in said(database, kilap)


def test_switched_off_hours_are_none(
    database: Database, kilap: Tenant, runner: TurnRunner, clock: time_machine.Traveller
) -> None:
    keep_hours(database, kilap, enabled=False)
    clock.move_to(NIGHT)
    write(database, kilap, "halo", "1")
    run_all(runner)
    assert said(database, kilap) == ["echo halo"]


def test_a_bot_that_is_off_gives_everything_to_people(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    set_mode(database, kilap.id, BotMode.OFF)
    conversation_id = write(database, kilap, "halo", "1")
    run_all(runner)
    write(database, kilap, "", "2", kind=IncomingKind.TAP, payload="/back_to_assistant")
    run_all(runner)
    row = conversation(database, kilap, conversation_id)
    assert (row.handled_by, row.handover_reason) == (HandledBy.QUEUE, "bot_off")
    assert (said(database, kilap), engine.turns, engine.said) == ([], [], [])
    take_over(database, kilap.id, conversation_id, kilap.alice)
    release(database, kilap.id, conversation_id, kilap.alice)
    run_all(runner)
    assert engine.said == []
