"""The bot never talks over a person."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from ramah.desk.handover import close, release, take_over, write
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.messaging.claims import claim_turn
from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.inbox import accept
from ramah.messaging.ledger import prove_day
from ramah.messaging.models import Conversation, HandledBy, Outbound, OutboundStatus, ThreadNote
from ramah.messaging.thread import read_thread
from ramah.messaging.turn_runner import TurnRunner
from ramah.messaging.turns import finish_turn
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, text_message
from tests.integration.days import today


def start(database: Database, tenant: Tenant, who: str = "62811000001") -> str:
    return accept(database, tenant.whatsapp, text_message("halo", key=who, who=who)).conversation_id


def test_a_reply_computed_before_the_takeover_is_dropped(database: Database, kilap: Tenant) -> None:
    conversation_id = start(database, kilap)
    claim = claim_turn(database, "w", 60)
    assert claim is not None
    take_over(database, kilap.id, conversation_id, kilap.alice)
    assert finish_turn(database, claim, EngineTurn(replies=[EngineReply(text="bot")]), 1)
    with database.tenant_reading(kilap.id) as session:
        assert [row.status for row in session.scalars(select(Outbound))] == [OutboundStatus.DROPPED]


def test_what_the_bot_had_queued_is_dropped_at_the_takeover(
    database: Database, kilap: Tenant, runner: TurnRunner
) -> None:
    conversation_id = start(database, kilap)
    runner.run_one()
    take_over(database, kilap.id, conversation_id, kilap.alice)
    with database.tenant_reading(kilap.id) as session:
        assert [row.status for row in session.scalars(select(Outbound))] == [OutboundStatus.DROPPED]


def test_the_engine_is_not_asked_while_a_person_has_the_chat(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    conversation_id = start(database, kilap)
    runner.run_one()
    take_over(database, kilap.id, conversation_id, kilap.alice)
    accept(database, kilap.whatsapp, text_message("ada orang?", key="2"))
    while runner.run_one():
        pass
    assert len(engine.turns) == 1


def test_what_was_written_to_a_person_is_not_answered_by_the_bot_after_the_release(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    conversation_id = start(database, kilap)
    runner.run_one()
    take_over(database, kilap.id, conversation_id, kilap.alice)
    accept(database, kilap.whatsapp, text_message("ada orang?", key="2"))
    busy = claim_turn(database, "slow", 60)
    assert busy is not None
    accept(database, kilap.whatsapp, text_message("halo?", key="3"))
    release(database, kilap.id, conversation_id, kilap.alice)
    assert not finish_turn(database, busy, EngineTurn(replies=[EngineReply(text="too late")]), 1)
    while runner.run_one():
        pass
    assert [turn.text for turn in engine.turns] == ["halo"]
    assert [said.response for said in engine.said] == ["utter_handed_back"]
    assert prove_day(database, kilap.id, today()).missing == ()


def test_the_bot_says_that_it_is_back_and_answers_again_after_the_release(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    conversation_id = start(database, kilap)
    runner.run_one()
    take_over(database, kilap.id, conversation_id, kilap.alice)
    write(database, kilap.id, conversation_id, kilap.alice, "saya bantu ya", "k1")
    release(database, kilap.id, conversation_id, kilap.alice)
    accept(database, kilap.whatsapp, text_message("oke", key="2"))
    while runner.run_one():
        pass
    with database.tenant_reading(kilap.id) as session:
        lines = [(line.author, line.text or line.kind) for line in read_thread(session, conversation_id)]
    # The first answer was still queued at the takeover, so it was dropped. The bot's lines come in the
    # order in which they were computed, after the message that they follow.
    assert lines == [
        ("customer", "halo"),
        ("note", "taken_over"),
        ("staff", "saya bantu ya"),
        ("note", "released"),
        ("customer", "oke"),
        ("bot", "utter_handed_back"),
        ("bot", "echo oke"),
    ]


def test_only_one_of_many_takes_a_conversation(database: Database, kilap: Tenant) -> None:
    conversation_id = start(database, kilap)

    def attempt(staff_id: str) -> str | None:
        try:
            take_over(database, kilap.id, conversation_id, staff_id)
        except Refused:
            return None
        return staff_id

    with ThreadPoolExecutor(8) as pool:
        winners = {one for one in pool.map(attempt, [kilap.alice, kilap.bob] * 4) if one}
    assert len(winners) == 1
    with database.tenant_reading(kilap.id) as session:
        assert session.get_one(Conversation, conversation_id).staff_id in winners
        assert len(session.scalars(select(ThreadNote)).all()) == 1


def test_takeovers_racing_turns_leave_no_bot_message_behind_them(database: Database, kilap: Tenant) -> None:
    dice = random.Random(7)
    for number in range(60):
        conversation_id = start(database, kilap, who=f"6281{number:06}")
        claim = claim_turn(database, "w", 60)
        assert claim is not None
        turn = EngineTurn(replies=[EngineReply(text="bot")])
        jobs = [
            threading.Thread(target=take_over, args=(database, kilap.id, conversation_id, kilap.alice)),
            threading.Thread(target=finish_turn, args=(database, claim, turn, 1)),
        ]
        dice.shuffle(jobs)
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
        with database.tenant_reading(kilap.id) as session:
            lines = read_thread(session, conversation_id)
        taken = next(line.position for line in lines if line.kind == "taken_over")
        assert not [line for line in lines if line.author == "bot" and line.position > taken]


def test_a_person_writes_each_message_once_however_often_it_is_sent(database: Database, kilap: Tenant) -> None:
    conversation_id = start(database, kilap)
    take_over(database, kilap.id, conversation_id, kilap.alice)
    for _ in range(3):
        write(database, kilap.id, conversation_id, kilap.alice, "halo", "same-key")
    with database.tenant_reading(kilap.id) as session:
        assert len(session.scalars(select(Outbound).where(Outbound.author == "staff")).all()) == 1


def test_writing_without_having_taken_over_is_refused(database: Database, kilap: Tenant) -> None:
    conversation_id = start(database, kilap)
    with pytest.raises(Refused):
        write(database, kilap.id, conversation_id, kilap.alice, "halo", "k")
    take_over(database, kilap.id, conversation_id, kilap.alice)
    with pytest.raises(Refused):
        write(database, kilap.id, conversation_id, kilap.bob, "halo", "k")
    with pytest.raises(BadInput):
        write(database, kilap.id, conversation_id, kilap.alice, "  ", "k")


def test_an_outsider_can_do_nothing(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    conversation_id = start(database, kilap)
    for act in (take_over, release, close):
        with pytest.raises(NotFound):
            act(database, stranger.id, conversation_id, stranger.alice)
    with pytest.raises(NotFound):
        write(database, stranger.id, conversation_id, stranger.alice, "halo", "k")


def test_a_closed_conversation_is_followed_by_a_new_one(database: Database, kilap: Tenant) -> None:
    first = start(database, kilap)
    close(database, kilap.id, first, kilap.alice)
    second = accept(database, kilap.whatsapp, text_message("lagi", key="2")).conversation_id
    assert second != first
    with database.tenant_reading(kilap.id) as session:
        assert session.get_one(Conversation, first).handled_by == HandledBy.CLOSED
