"""Mood and stage as operators see them: a chip in the list, a part of the panel beside the thread."""

from __future__ import annotations

from ramah.care import CareObserver
from ramah.messaging.conversations import locked
from ramah.messaging.inbox import accept
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, defaults, text_message
from tests.integration.console.visitors import HTMX, StaffMember

LIST = "/console/conversations"


def test_an_angry_customer_shows_in_the_list_and_beside_the_thread(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    runner = TurnRunner(database, ScriptedEngine(), defaults(), "w", observer=CareObserver(database))
    stored = accept(database, kilap.webchat, text_message("lama banget sih, cepetan!"))
    runner.run_one()
    page = alice.get(LIST).text
    assert 'data-mood="anger"' in page and "data-urgent" in page and "Greeting" in page
    side = alice.get(f"{LIST}/{stored.conversation_id}/side", headers=HTMX).text
    assert 'data-mood="anger"' in side and "Greeting" in side


def test_a_calm_customer_shows_no_chip(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    with database.tenant(kilap.id) as session:
        conversation = locked(session, conversation_id)
        conversation.mood, conversation.stage = "neutral", "details"
    page = alice.get(LIST).text
    assert "data-mood" not in page and "data-urgent" not in page and "Details" in page
    assert "Calm" in alice.get(f"{LIST}/{conversation_id}/side", headers=HTMX).text
