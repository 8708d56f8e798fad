"""The panel beside a thread tells of complaints and why somebody waits."""

from __future__ import annotations

import re

import pytest

from ramah.messaging.conversations import locked
from ramah.messaging.queueing import ask_for_person
from ramah.store import Database
from ramah.support.models import TicketStatus
from ramah.support.tickets import Report, open_ticket, set_status
from tests.integration.conftest import Tenant
from tests.integration.console.visitors import StaffMember


@pytest.fixture
def side(conversation_id: str) -> str:
    """The address of the panel."""
    return f"/console/conversations/{conversation_id}/side"


def complain(database: Database, tenant: Tenant, conversation_id: str) -> str:
    """A complaint about damage; returns its reference."""
    return open_ticket(database, tenant.id, conversation_id, Report("pintu <b>lecet</b> habis dicuci")).reference


def test_a_panel_without_complaints_says_nothing_of_them(alice: StaffMember, side: str) -> None:
    assert "data-ticket" not in alice.get(side).text


def test_the_panel_shows_reference_priority_and_words(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str, side: str
) -> None:
    reference = complain(database, kilap, conversation_id)
    page = alice.get(side).text
    assert f'data-ticket="{reference}"' in page
    assert re.search(r'data-tone="bad">\s*Urgent', page)
    assert "pintu &lt;b&gt;lecet&lt;/b&gt; habis dicuci" in page


def test_a_solved_ticket_is_shown_as_solved(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str, side: str
) -> None:
    reference = complain(database, kilap, conversation_id)
    set_status(database, kilap.id, reference, TicketStatus.SOLVED)
    assert re.search(r'data-tone="good">\s*Solved', alice.get(side).text)


def test_the_reason_of_a_handover_is_told(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str, side: str
) -> None:
    with database.tenant(kilap.id) as session:
        ask_for_person(session, locked(session, conversation_id), "complaint")
    assert re.search(r"Why it waits</dt><dd>Complaint", alice.get(side).text)
