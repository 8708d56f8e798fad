"""What operators do with a ticket in the panel, and who may not."""

from __future__ import annotations

import re

import httpx
import pytest

from ramah.people import Staff
from ramah.store import Database
from ramah.support.models import Ticket, TicketStatus
from ramah.support.tickets import Report, find_ticket, open_ticket
from tests.integration.conftest import Tenant
from tests.integration.console.contents import everything
from tests.integration.console.visitors import StaffMember

CHANGES = {"take": {}, "status": {"status": "working"}, "notes": {"text": "sudah ditelepon", "send_key": "note-0"}}


@pytest.fixture
def reference(database: Database, kilap: Tenant, conversation_id: str) -> str:
    """An open ticket."""
    return open_ticket(database, kilap.id, conversation_id, Report("bemper penyok")).reference


@pytest.fixture
def path(conversation_id: str, reference: str) -> str:
    """The beginning of its addresses."""
    return f"/console/conversations/{conversation_id}/tickets/{reference}"


@pytest.mark.parametrize("change", CHANGES)
def test_an_outsider_finds_no_ticket_and_changes_nothing(
    charlie: StaffMember, database: Database, path: str, change: str
) -> None:
    before = everything(database)
    assert charlie.post(f"{path}/{change}", CHANGES[change]).status_code == 404
    assert everything(database) == before


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_a_ticket_without_a_login_or_the_token(
    anybody: httpx.Client, alice: StaffMember, database: Database, path: str, change: str
) -> None:
    before = everything(database)
    assert anybody.post(f"{path}/{change}", data=CHANGES[change]).status_code == 401
    assert alice.client.post(f"{path}/{change}", data=CHANGES[change]).status_code == 403
    assert everything(database) == before


@pytest.mark.parametrize("change", CHANGES)
def test_staff_of_the_organisation_change_it(alice: StaffMember, database: Database, path: str, change: str) -> None:
    before = everything(database)
    assert alice.post(f"{path}/{change}", CHANGES[change]).status_code == 204
    assert everything(database) != before


def test_a_ticket_of_another_conversation_is_not_found(alice: StaffMember, reference: str) -> None:
    assert alice.post(f"/console/conversations/none/tickets/{reference}/take").status_code == 404


def test_the_panel_shows_who_has_it_its_status_and_its_notes(
    alice: StaffMember, bob: StaffMember, conversation_id: str, path: str
) -> None:
    side = f"/console/conversations/{conversation_id}/side"
    assert "Nobody takes care of it yet" in alice.get(side).text
    alice.post(f"{path}/take")
    alice.post(f"{path}/notes", {"text": "<i>telepon</i> besok", "send_key": "note-1"})
    page = bob.get(side).text
    assert "Alice takes care of it" in page
    assert "&lt;i&gt;telepon&lt;/i&gt; besok" in page
    assert re.search(r'data-status="working" aria-pressed="true"', page)
    assert "You take care of it" in alice.get(side).text


def test_a_colleague_is_told_whose_ticket_it_is(alice: StaffMember, bob: StaffMember, path: str) -> None:
    assert alice.post(f"{path}/take").status_code == 204
    answer = bob.post(f"{path}/take")
    assert answer.status_code == 409
    assert "Alice has this ticket" in answer.text


def test_a_supervisor_takes_a_ticket_from_a_colleague(
    alice: StaffMember, bob: StaffMember, database: Database, kilap: Tenant, path: str
) -> None:
    alice.post(f"{path}/take")
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, bob.id).roles = ["supervisor"]
    assert bob.post(f"{path}/take").status_code == 204
    with database.tenant(kilap.id) as session:
        assert session.get_one(Staff, bob.id).id == session.query(Ticket).one().assigned_to


@pytest.mark.parametrize("status", ["reopened", "nonsense", ""])
def test_a_status_that_nobody_sets_by_hand_is_refused(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str, reference: str, path: str, status: str
) -> None:
    assert alice.post(f"{path}/status", {"status": status}).status_code == 400
    found = find_ticket(database, kilap.id, conversation_id, reference)
    assert found is not None and found.status is TicketStatus.OPEN


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_an_empty_or_endless_note_is_refused(alice: StaffMember, path: str, text: str) -> None:
    answer = alice.post(f"{path}/notes", {"text": text, "send_key": "note-0"})
    assert answer.status_code == 400
    assert "Write a note" in answer.text
