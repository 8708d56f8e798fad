"""The bot's draft under the thread: read, changed, sent and discarded by staff, and by nobody else."""

from __future__ import annotations

import httpx
import pytest

from ramah.messaging.hours.bot import BotMode
from ramah.messaging.hours.managing import set_mode
from ramah.messaging.models import Proposal
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, defaults
from tests.integration.console.contents import everything
from tests.integration.console.visitors import StaffMember


@pytest.fixture
def proposal(database: Database, kilap: Tenant, conversation_id: str) -> str:
    """The address of a draft that waits in the conversation."""
    set_mode(database, kilap.id, BotMode.DRAFTS)
    TurnRunner(database, ScriptedEngine(), defaults(), "w").run_one()
    with database.tenant_reading(kilap.id) as session:
        return f"/console/conversations/{conversation_id}/proposals/{session.query(Proposal).one().id}"


def test_the_draft_stands_in_the_thread_and_is_sent_changed(
    alice: StaffMember, conversation_id: str, proposal: str
) -> None:
    thread = f"/console/conversations/{conversation_id}"
    assert "echo secret of kilap" in alice.get(thread).text
    assert conversation_id in alice.get("/console/conversations?filter=drafts").text
    assert alice.post(f"{proposal}/approve", {"text": "halo, Kak"}).status_code == 204
    page = alice.get(thread).text
    assert "halo, Kak" in page
    assert "approved by Alice" in page
    assert "data-proposal=" not in page
    assert conversation_id not in alice.get("/console/conversations?filter=drafts").text


@pytest.mark.parametrize("decision", ["approve", "discard"])
def test_who_may_not_decides_nothing_about_a_draft(
    anybody: httpx.Client, alice: StaffMember, charlie: StaffMember, database: Database, proposal: str, decision: str
) -> None:
    before = everything(database)
    assert anybody.post(f"{proposal}/{decision}").status_code == 401
    assert alice.client.post(f"{proposal}/{decision}").status_code == 403
    assert charlie.post(f"{proposal}/{decision}").status_code == 404
    assert everything(database) == before


def test_a_draft_that_somebody_else_has_discarded_is_refused_in_words(
    alice: StaffMember, bob: StaffMember, proposal: str
) -> None:
    assert alice.post(f"{proposal}/discard").status_code == 204
    answer = bob.post(f"{proposal}/approve")
    assert answer.status_code == 409
    assert "Alice was faster" in answer.json()["message"]
