"""Drafts for approval: nothing reaches the customer before a person's word, and what is approved is sent once."""

from __future__ import annotations

import random
import threading

import pytest
from sqlalchemy import select

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.desk.approval import approve, discard
from ramah.desk.handover import close, release, take_over
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.messaging.engine_client import EngineButton, EngineReply, EngineTurn
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.hours.managing import set_mode
from ramah.messaging.inbox import accept
from ramah.messaging.ledger import prove_day
from ramah.messaging.models import (
    Conversation,
    HandledBy,
    Outbound,
    OutboundStatus,
    Proposal,
    ProposalStatus,
)
from ramah.messaging.proposals import open_proposal
from ramah.messaging.thread import read_thread
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, claimer, text_message
from tests.integration.days import today


@pytest.fixture
def drafting(database: Database, kilap: Tenant) -> Tenant:
    """An organisation whose bot drafts."""
    set_mode(database, kilap.id, BotMode.DRAFTS)
    return kilap


def ask(database: Database, tenant: Tenant, runner: TurnRunner, text: str = "halo", key: str = "1") -> str:
    """A customer writes, and the bot makes up its mind."""
    conversation_id = accept(database, tenant.whatsapp, text_message(text, key)).conversation_id
    while runner.run_one():
        pass
    return conversation_id


def waiting(database: Database, tenant: Tenant, conversation_id: str) -> Proposal | None:
    with database.tenant_reading(tenant.id) as session:
        return open_proposal(session, session.get_one(Conversation, conversation_id))


def draft(database: Database, tenant: Tenant, conversation_id: str) -> str:
    found = waiting(database, tenant, conversation_id)
    assert found is not None
    return found.id


def written(database: Database, tenant: Tenant) -> list[Outbound]:
    with database.tenant_reading(tenant.id) as session:
        return list(session.scalars(select(Outbound).order_by(Outbound.position)))


def conversation(database: Database, tenant: Tenant, conversation_id: str) -> Conversation:
    with database.tenant_reading(tenant.id) as session:
        return session.get_one(Conversation, conversation_id)


def statuses(database: Database, tenant: Tenant) -> list[str]:
    with database.tenant_reading(tenant.id) as session:
        return [row.status for row in session.scalars(select(Proposal).order_by(Proposal.after_position))]


def test_nothing_is_written_to_the_customer_before_somebody_approves(
    database: Database, drafting: Tenant, runner: TurnRunner
) -> None:
    conversation_id = ask(database, drafting, runner)
    assert written(database, drafting) == []
    assert claimer(database).claim() is None
    approve(database, drafting.id, conversation_id, draft(database, drafting, conversation_id), drafting.alice)
    (row,) = written(database, drafting)
    assert (row.author, row.content["text"], row.staff_id) == ("bot", "echo halo", drafting.alice)
    assert claimer(database).claim() is not None
    assert waiting(database, drafting, conversation_id) is None
    assert prove_day(database, drafting.id, today()).missing == ()


def test_a_changed_draft_keeps_its_buttons_and_an_emptied_message_stays_away(
    database: Database, drafting: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    buttons = [EngineButton(title="Cuci", payload="/choose")]
    engine.answer = lambda request: EngineTurn(
        replies=[EngineReply(text="satu"), EngineReply(text="dua", buttons=buttons)], language="id"
    )
    conversation_id = ask(database, drafting, runner)
    proposal_id = draft(database, drafting, conversation_id)
    approve(database, drafting.id, conversation_id, proposal_id, drafting.alice, ["", "dua ya, Kak"])
    (row,) = written(database, drafting)
    assert (row.content["text"], row.content["choices"][0]["title"]) == ("dua ya, Kak", "Cuci")
    with database.tenant_reading(drafting.id) as session:
        assert session.get_one(Proposal, proposal_id).edited


def test_a_draft_without_anything_left_is_refused_and_so_is_an_endless_one(
    database: Database, drafting: Tenant, runner: TurnRunner
) -> None:
    conversation_id = ask(database, drafting, runner)
    where = (database, drafting.id, conversation_id, draft(database, drafting, conversation_id), drafting.alice)
    with pytest.raises(Refused, match="Nothing is left"):
        approve(*where, ["  "])
    with pytest.raises(BadInput):
        approve(*where, ["x" * 5000])
    assert statuses(database, drafting) == [ProposalStatus.OPEN]


def test_a_second_press_sends_nothing_more_and_a_colleague_is_told_who_was_faster(
    database: Database, drafting: Tenant, runner: TurnRunner
) -> None:
    conversation_id = ask(database, drafting, runner)
    proposal_id = draft(database, drafting, conversation_id)
    for _ in range(2):
        approve(database, drafting.id, conversation_id, proposal_id, drafting.alice)
    for decide in (approve, discard):
        with pytest.raises(Refused, match="Alice was faster"):
            decide(database, drafting.id, conversation_id, proposal_id, drafting.bob)
    assert len(written(database, drafting)) == 1


def test_a_newer_message_puts_the_draft_out_of_date_even_before_its_own_turn(
    database: Database, drafting: Tenant, runner: TurnRunner
) -> None:
    conversation_id = ask(database, drafting, runner)
    old = draft(database, drafting, conversation_id)
    accept(database, drafting.whatsapp, text_message("eh, bukan", "2"))
    assert waiting(database, drafting, conversation_id) is None
    with pytest.raises(Refused, match="out of date"):
        approve(database, drafting.id, conversation_id, old, drafting.alice)
    while runner.run_one():
        pass
    assert statuses(database, drafting) == [ProposalStatus.STALE, ProposalStatus.OPEN]
    assert draft(database, drafting, conversation_id) != old


def test_a_thumbs_up_does_not_put_it_out_of_date(database: Database, drafting: Tenant, runner: TurnRunner) -> None:
    conversation_id = ask(database, drafting, runner)
    sender = Sender(platform_id="62811000001")
    accept(database, drafting.whatsapp, Incoming(external_id="r", sender=sender, kind=IncomingKind.REACTION, text="👍"))
    while runner.run_one():
        pass
    approve(database, drafting.id, conversation_id, draft(database, drafting, conversation_id), drafting.alice)
    assert len(written(database, drafting)) == 1


@pytest.mark.parametrize("change", [take_over, close])
def test_a_change_of_hands_puts_it_out_of_date(
    database: Database, drafting: Tenant, runner: TurnRunner, change: object
) -> None:
    conversation_id = ask(database, drafting, runner)
    proposal_id = draft(database, drafting, conversation_id)
    assert callable(change)
    change(database, drafting.id, conversation_id, drafting.bob)
    assert statuses(database, drafting) == [ProposalStatus.STALE]
    assert conversation(database, drafting, conversation_id).proposed_at is None
    with pytest.raises(Refused, match="out of date"):
        approve(database, drafting.id, conversation_id, proposal_id, drafting.alice)


def test_what_was_approved_and_not_sent_yet_is_dropped_by_a_takeover(
    database: Database, drafting: Tenant, runner: TurnRunner
) -> None:
    conversation_id = ask(database, drafting, runner)
    approve(database, drafting.id, conversation_id, draft(database, drafting, conversation_id), drafting.alice)
    take_over(database, drafting.id, conversation_id, drafting.bob)
    assert [row.status for row in written(database, drafting)] == [OutboundStatus.DROPPED]


def test_a_turn_that_ends_after_the_takeover_leaves_nothing_to_approve(
    database: Database, drafting: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    conversation_id = accept(database, drafting.whatsapp, text_message("halo")).conversation_id

    def answer(request: object) -> EngineTurn:
        take_over(database, drafting.id, conversation_id, drafting.alice)
        return EngineTurn(replies=[EngineReply(text="terlambat")])

    engine.answer = answer
    runner.run_one()
    assert statuses(database, drafting) == [ProposalStatus.STALE]
    assert waiting(database, drafting, conversation_id) is None


def test_a_discarded_draft_leaves_the_customer_to_a_person(
    database: Database, drafting: Tenant, runner: TurnRunner
) -> None:
    conversation_id = ask(database, drafting, runner)
    proposal_id = draft(database, drafting, conversation_id)
    for _ in range(2):
        discard(database, drafting.id, conversation_id, proposal_id, drafting.alice)
    row = conversation(database, drafting, conversation_id)
    assert (row.handled_by, row.handover_reason) == (HandledBy.QUEUE, "draft_discarded")
    assert written(database, drafting) == []
    proof = prove_day(database, drafting.id, today())
    assert proof.missing == ()
    assert (proof.counts["answered"], proof.counts["with_person"]) == (0, 1)


def test_the_dialogue_is_told_that_its_last_words_were_never_read(
    database: Database, drafting: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    conversation_id = ask(database, drafting, runner)
    discard(database, drafting.id, conversation_id, draft(database, drafting, conversation_id), drafting.alice)
    take_over(database, drafting.id, conversation_id, drafting.alice)
    release(database, drafting.id, conversation_id, drafting.alice)
    ask(database, drafting, runner, "ya", "2")
    approve(database, drafting.id, conversation_id, draft(database, drafting, conversation_id), drafting.alice)
    ask(database, drafting, runner, "ya", "3")
    assert ["unheard" in turn.metadata for turn in engine.turns] == [False, True, False]


def test_it_is_told_so_after_the_bot_may_answer_again_too(
    database: Database, drafting: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    ask(database, drafting, runner)
    set_mode(database, drafting.id, BotMode.ANSWERS)
    ask(database, drafting, runner, "ya", "2")
    ask(database, drafting, runner, "ya", "3")
    assert ["unheard" in turn.metadata for turn in engine.turns] == [False, True, False]
    assert len(written(database, drafting)) == 2


def test_a_draft_that_hands_over_waits_in_the_queue(
    database: Database, drafting: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    handover = EngineReply(custom={"handover": {"reason": "asked"}})
    engine.answer = lambda request: EngineTurn(replies=[EngineReply(text="sebentar ya"), handover])
    conversation_id = ask(database, drafting, runner)
    assert conversation(database, drafting, conversation_id).handled_by == HandledBy.QUEUE
    approve(database, drafting.id, conversation_id, draft(database, drafting, conversation_id), drafting.alice)
    assert [row.content["text"] for row in written(database, drafting)] == ["sebentar ya"]


def test_an_outsider_decides_nothing(
    database: Database, drafting: Tenant, runner: TurnRunner, stranger: Tenant
) -> None:
    conversation_id = ask(database, drafting, runner)
    proposal_id = draft(database, drafting, conversation_id)
    for decide in (approve, discard):
        with pytest.raises(NotFound):
            decide(database, stranger.id, conversation_id, proposal_id, stranger.alice)
    other = accept(database, drafting.whatsapp, text_message("lain", "9", "62811000009")).conversation_id
    with pytest.raises(NotFound):
        approve(database, drafting.id, other, proposal_id, drafting.alice)


def test_approvals_racing_a_takeover_send_once_at_most_and_never_after_it(
    database: Database, drafting: Tenant, runner: TurnRunner
) -> None:
    dice = random.Random(11)
    seen = set()
    for number in range(30):
        who = f"6281{number:06}"
        conversation_id = accept(database, drafting.whatsapp, text_message("halo", who, who)).conversation_id
        runner.run_one()
        proposal_id, refused = draft(database, drafting, conversation_id), list[Refused]()

        def decide(
            staff_id: str, conversation_id: str = conversation_id, proposal_id: str = proposal_id,
            refused: list[Refused] = refused,
        ) -> None:  # fmt: skip
            try:
                approve(database, drafting.id, conversation_id, proposal_id, staff_id)
            except Refused as error:
                refused.append(error)

        jobs = [threading.Thread(target=decide, args=(who_presses,)) for who_presses in (drafting.alice, drafting.bob)]
        jobs.append(threading.Thread(target=take_over, args=(database, drafting.id, conversation_id, drafting.bob)))
        dice.shuffle(jobs)
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
        with database.tenant_reading(drafting.id) as session:
            rows = session.scalars(select(Outbound).where(Outbound.conversation_id == conversation_id)).all()
            taken = next(line for line in read_thread(session, conversation_id) if line.kind == "taken_over").position
        assert len(rows) <= 1
        assert len(refused) == 2 - len(rows)
        assert all(row.position < taken and row.status == OutboundStatus.DROPPED for row in rows)
        seen.add(len(rows))
    assert claimer(database).claim() is None
    assert seen
