"""From an inbound message to its reply: nothing lost, nothing twice, in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from ramah.channels.content import IncomingKind
from ramah.lib.text import without_nulls
from ramah.messaging.claims import claim_turn
from ramah.messaging.engine_client import EngineError, EngineReply, EngineTurn
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, HandledBy, Inbound, Interaction, Outbound
from ramah.messaging.thread import read_thread
from ramah.messaging.turn_runner import TurnRunner
from ramah.messaging.turns import finish_turn
from ramah.observe.models import Incident
from ramah.store import Database, utc_now
from tests.integration.conftest import ScriptedEngine, Tenant, defaults, text_message


def texts(database: Database, tenant: Tenant, conversation_id: str) -> list[str]:
    with database.tenant_reading(tenant.id) as session:
        return [line.text for line in read_thread(session, conversation_id)]


def test_a_message_is_answered_once(database: Database, kilap: Tenant, runner: TurnRunner) -> None:
    stored = accept(database, kilap.webchat, text_message("halo"))
    assert runner.run_one()
    assert not runner.run_one()
    assert texts(database, kilap, stored.conversation_id) == ["halo", "echo halo"]


def test_a_repeated_delivery_changes_nothing(database: Database, kilap: Tenant, runner: TurnRunner) -> None:
    first = accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    again = accept(database, kilap.webchat, text_message("halo"))
    assert again.repeated and again.inbound_id == first.inbound_id
    assert not runner.run_one()


def test_forty_deliveries_at_once_make_one_row_and_one_turn(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    with ThreadPoolExecutor(40) as pool:
        stored = list(pool.map(lambda _: accept(database, kilap.webchat, text_message("halo")), range(40)))
    assert sum(not one.repeated for one in stored) == 1
    while runner.run_one():
        pass
    assert len(engine.turns) == 1
    with database.tenant_reading(kilap.id) as session:
        assert session.scalar(select(func.count(Conversation.id))) == 1


def test_messages_of_one_person_are_answered_in_order(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    for number in range(6):
        accept(database, kilap.webchat, text_message(f"pesan {number}", key=str(number)))
    while runner.run_one():
        pass
    assert [turn.text for turn in engine.turns] == [f"pesan {number}" for number in range(6)]


def test_two_workers_never_run_two_turns_of_one_conversation(database: Database, kilap: Tenant) -> None:
    for number in range(3):
        accept(database, kilap.webchat, text_message(f"pesan {number}", key=str(number)))
    first = claim_turn(database, "a", 60)
    assert first is not None and claim_turn(database, "b", 60) is None


def test_a_dead_workers_message_is_taken_up_by_the_next(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    accept(database, kilap.webchat, text_message("halo"))
    dead = claim_turn(database, "dead", 0.0)
    assert dead is not None
    assert runner.run_one()
    assert not finish_turn(database, dead, EngineTurn(replies=[EngineReply(text="too late")]), 1)
    assert texts(database, kilap, dead.conversation_id) == ["halo", "echo halo"]


def test_an_engine_that_is_down_is_waited_for(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    stored = accept(database, kilap.webchat, text_message("halo"))
    engine.failure = EngineError("refused", "unreachable")
    assert runner.run_one()
    make_due(database)
    engine.failure = None
    assert runner.run_one()
    assert texts(database, kilap, stored.conversation_id) == ["halo", "echo halo"]


AWAY = EngineError("no answer", "system_away", operation="action_x", subsystem="erp", place="ramah.x:y:1")


def test_another_system_that_is_away_is_waited_for_and_is_an_incident(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    stored = accept(database, kilap.webchat, text_message("halo"))
    engine.failure = AWAY
    for _ in range(2 * defaults().turn_attempts):
        assert runner.run_one()
        make_due(database)
    engine.failure = None
    assert runner.run_one()
    assert texts(database, kilap, stored.conversation_id) == ["halo", "echo halo"]
    with database.tenant_reading(kilap.id) as session:
        assert [(one.subsystem, one.place) for one in session.scalars(select(Incident))] == [("erp", "ramah.x:y:1")]


def test_tries_at_another_system_come_less_and_less_often(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    accept(database, kilap.webchat, text_message("halo"))
    engine.failure = AWAY
    waits = []
    for _ in range(6):
        assert runner.run_one()
        with database.tenant_reading(kilap.id) as session:
            waits.append((session.scalars(select(Inbound.next_try_at)).one() - utc_now()).total_seconds())
        make_due(database)
    assert 2.0 < waits[0] <= 4.0 and 10.0 < waits[-1] <= 15.0


def test_another_system_that_stays_away_is_not_waited_for_for_ever(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    stored = accept(database, kilap.webchat, text_message("halo"))
    with database.tenant(kilap.id) as session:
        patience = timedelta(seconds=defaults().system_patience)
        session.scalars(select(Inbound)).one().received_at = utc_now() - patience
    engine.failure = AWAY
    assert runner.run_one()
    engine.failure = None
    while runner.run_one():
        pass
    assert texts(database, kilap, stored.conversation_id) == ["halo", "utter_technical_trouble"]
    with database.tenant_reading(kilap.id) as session:
        assert session.get_one(Conversation, stored.conversation_id).handled_by == HandledBy.QUEUE


def test_a_turn_that_fails_for_good_goes_to_a_person_and_says_so(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    stored = accept(database, kilap.webchat, text_message("halo"))
    engine.failure = EngineError("boom", "action_failed", permanent=True)
    runner.run_one()
    engine.failure = None
    while runner.run_one():
        pass
    assert texts(database, kilap, stored.conversation_id) == ["halo", "utter_technical_trouble"]
    with database.tenant_reading(kilap.id) as session:
        assert session.get_one(Conversation, stored.conversation_id).handled_by == HandledBy.QUEUE


def test_what_was_understood_is_kept(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    engine.answer = lambda request: EngineTurn(
        replies=[EngineReply(text="ok")], understood={"intent": {"name": "greet", "confidence": 0.9}}, language="ms"
    )
    accept(database, kilap.webchat, text_message("hai"))
    runner.run_one()
    with database.tenant_reading(kilap.id) as session:
        turn = session.scalars(select(Interaction)).one()
        assert (turn.intent, turn.language) == ("greet", "ms")
        assert session.scalars(select(Conversation)).one().language == "ms"


def test_strange_texts_are_kept_as_written(database: Database, kilap: Tenant, runner: TurnRunner) -> None:
    strange = ["🙂🙂", "شكرا لك", "<b>x</b>'; DROP TABLE inbound;--", "a\x00b", "x" * 5000]
    for number, text in enumerate(strange):
        accept(database, kilap.webchat, text_message(text, key=str(number)))
    with database.tenant_reading(kilap.id) as session:
        kept = [row.text for row in session.scalars(select(Inbound).order_by(Inbound.position))]
    assert kept == without_nulls(strange)


def test_a_conversation_asked_for_a_person_waits_in_the_queue(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    engine.answer = lambda request: EngineTurn(
        replies=[EngineReply(text="sebentar"), EngineReply(custom={"handover": {"reason": "complaint"}})]
    )
    stored = accept(database, kilap.webchat, text_message("mau komplain"))
    runner.run_one()
    accept(database, kilap.webchat, text_message("halo?", key="2"))
    runner.run_one()
    assert len(engine.turns) == 1
    with database.tenant_reading(kilap.id) as session:
        conversation = session.get_one(Conversation, stored.conversation_id)
        assert (conversation.handled_by, conversation.handover_reason) == (HandledBy.QUEUE, "complaint")
        assert session.scalar(select(func.count(Outbound.id))) == 1


def make_due(database: Database) -> None:
    """Let all waiting messages be due now."""
    from ramah.store import utc_now

    with database.every_organisation() as session:
        for row in session.scalars(select(Inbound)):
            row.next_try_at = utc_now()


def test_a_file_with_words_under_it_is_answered_by_its_words(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    for key, text in (("1", "mobil saya lecet begini"), ("2", ""), ("3", "👍")):
        message = text_message(text, key=key).model_copy(update={"kind": IncomingKind.MEDIA})
        accept(database, kilap.webchat, message)
        assert runner.run_one()
    assert [turn.text for turn in engine.turns] == ["mobil saya lecet begini"]
    assert [said.response for said in engine.said] == ["utter_unsupported_message"] * 2


def test_a_button_that_somebody_else_made_counts_as_its_title(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    tap = text_message("Mulai").model_copy(update={"kind": IncomingKind.TAP, "payload": "GET_STARTED"})
    accept(database, kilap.whatsapp, tap)
    assert runner.run_one()
    assert [(turn.text, turn.payload) for turn in engine.turns] == [("Mulai", None)]
