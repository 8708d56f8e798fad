"""Whoever waits too long for an answer is told so, once, before the answer, and never after a person took over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ramah.desk.handover import take_over
from ramah.messaging.claims import claim_turn
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, Inbound, Outbound, OutboundStatus
from ramah.messaging.slow import notice_in, tell_waiting
from ramah.messaging.turn_runner import TurnRunner
from ramah.people import Organisation
from ramah.settings import Settings
from ramah.store import Database, utc_now
from tests.integration.conftest import ScriptedEngine, Tenant, defaults, text_message

SOON = defaults(notice_after=6.0)


def wrote(database: Database, kilap: Tenant, text: str, key: str, seconds_ago: float, account: str = "webchat") -> int:
    """A message that has been waiting for so long."""
    accept(database, getattr(kilap, account), text_message(text, key))
    with database.tenant(kilap.id) as session:
        row = session.scalars(select(Inbound).where(Inbound.external_id == f"m-{key}")).one()
        row.received_at = utc_now() - timedelta(seconds=seconds_ago)
        return row.id


def said(database: Database, kilap: Tenant) -> list[str]:
    with database.tenant_reading(kilap.id) as session:
        rows = session.scalars(select(Outbound).order_by(Outbound.position))
        return [str(row.content["text"]) for row in rows if row.status != OutboundStatus.DROPPED]


@pytest.mark.parametrize("account", ["webchat", "whatsapp"])
def test_a_slow_answer_is_announced_once_and_comes_after_it(
    database: Database, kilap: Tenant, runner: TurnRunner, account: str
) -> None:
    wrote(database, kilap, "halo", "1", 7, account)
    claim = claim_turn(database, "other-worker", 60)
    assert claim is not None
    assert tell_waiting(database, SOON)
    assert not tell_waiting(database, SOON)
    with database.tenant(kilap.id) as session:
        session.execute(update(Conversation).values(lease_until=None))
    assert runner.run_one()
    assert said(database, kilap) == [notice_in("id"), "echo halo"]


def test_nobody_is_told_too_early_or_when_it_is_switched_off(database: Database, kilap: Tenant) -> None:
    wrote(database, kilap, "halo", "1", 5)
    assert not tell_waiting(database, SOON)
    wrote(database, kilap, "halo?", "2", 30)
    assert not tell_waiting(database, defaults(notice_after=0.0))
    assert said(database, kilap) == []


def test_a_worker_that_died_is_no_reason_to_say_it_twice(database: Database, kilap: Tenant) -> None:
    inbound_id = wrote(database, kilap, "halo", "1", 7)
    tell_waiting(database, SOON)
    with database.tenant(kilap.id) as session:
        session.execute(update(Outbound).values(created_at=utc_now() - timedelta(minutes=1)))
    assert not tell_waiting(database, SOON)
    with database.tenant_reading(kilap.id) as session:
        assert session.scalars(select(Outbound.send_key)).all() == [f"slow-{inbound_id}#0"]


def test_no_notice_follows_a_takeover(database: Database, kilap: Tenant) -> None:
    wrote(database, kilap, "halo", "1", 7)
    with database.tenant_reading(kilap.id) as session:
        conversation = session.scalars(select(Conversation)).one()
    take_over(database, kilap.id, conversation.id, kilap.alice)
    assert not tell_waiting(database, SOON)
    assert said(database, kilap) == []


def test_a_takeover_drops_a_notice_that_has_not_left(database: Database, kilap: Tenant) -> None:
    wrote(database, kilap, "halo", "1", 7, "whatsapp")
    assert tell_waiting(database, SOON)
    with database.tenant_reading(kilap.id) as session:
        conversation = session.scalars(select(Conversation)).one()
    take_over(database, kilap.id, conversation.id, kilap.alice)
    assert said(database, kilap) == []


def test_a_bot_that_only_drafts_says_nothing_by_itself(database: Database, kilap: Tenant) -> None:
    with database.every_organisation() as session:
        session.get_one(Organisation, kilap.id).bot_mode = "drafts"
    wrote(database, kilap, "halo", "1", 7)
    assert not tell_waiting(database, SOON)


def test_only_the_oldest_of_several_waiting_messages_is_announced(
    database: Database, kilap: Tenant, engine: ScriptedEngine
) -> None:
    wrote(database, kilap, "halo", "1", 9)
    wrote(database, kilap, "masih ada?", "2", 7)
    tell_waiting(database, SOON)
    tell_waiting(database, SOON)
    assert said(database, kilap) == [notice_in("id")]


@pytest.mark.parametrize(
    ("language", "word"), [("id", "Sebentar"), ("ms", "Sekejap"), ("en", "One moment"), ("xx", "One")]
)
def test_it_is_told_in_their_language(language: str, word: str) -> None:
    assert notice_in(language).startswith(word)


def test_the_settings_decide_when(database: Database, kilap: Tenant) -> None:
    wrote(database, kilap, "halo", "1", 3)
    config: Settings = defaults(notice_after=2.0)
    assert tell_waiting(database, config)
