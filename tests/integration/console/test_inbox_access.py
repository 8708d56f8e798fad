"""Who may do what beside a thread: outsiders nothing, another organisation nothing of ours, colleagues by role."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from ramah.desk.canned import save_canned
from ramah.desk.handover import close, take_over
from ramah.desk.list_filters import Filter
from ramah.desk.models import CannedReply, SavedFilter
from ramah.desk.saved_filters import save_filter
from ramah.desk.scheduling import Later, schedule
from ramah.people import Staff
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant
from tests.integration.console.contents import count, everything
from tests.integration.console.visitors import HTMX, StaffMember

SOON = (utc_now() + timedelta(hours=1)).isoformat()
CHANGES = {
    "notes": {"text": "catatan", "send_key": "n"},
    "draft": {"text": "belum"},
    "presence": {"doing": "reading"},
    "scheduled": {"text": "nanti", "send_key": "s", "at": SOON},
    "scheduled/none/cancel": {},
    "reopen": {},
}
READS = ("canned", "resume-card")
CANNED = {"shortcut": "hai", "language": "id", "text": "Hai {{contact.name}}"}
PAGE = "/console/canned-replies"


@pytest.fixture
def thread(conversation_id: str) -> str:
    """The address of the conversation."""
    return f"/console/conversations/{conversation_id}"


@pytest.fixture
def supervisor(alice: StaffMember, database: Database, kilap: Tenant) -> StaffMember:
    """Alice as a supervisor."""
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, alice.id).roles = ["supervisor"]
    return alice


def test_nobody_does_anything_beside_a_thread_without_logging_in(
    anybody: httpx.Client, database: Database, thread: str
) -> None:
    before = everything(database)
    for path, fields in CHANGES.items():
        assert anybody.post(f"{thread}/{path}", data=fields).status_code == 401
    for path in ("/console/act", "/console/filters", "/console/filters/x/delete", PAGE, f"{PAGE}/x/delete"):
        assert anybody.post(path, data={}).status_code == 401
    for path in READS:
        assert anybody.get(f"{thread}/{path}", headers=HTMX).status_code == 401
    for path in ("/console/act/label", PAGE):
        assert anybody.get(path, headers=HTMX).status_code == 401
    assert anybody.post(f"{thread}/files", files={"file": ("a.txt", b"x")}).status_code == 401
    assert everything(database) == before


def test_another_organisation_finds_nothing_of_ours(
    charlie: StaffMember, database: Database, kilap: Tenant, conversation_id: str, thread: str
) -> None:
    kept = save_filter(database, kilap.id, kilap.alice, "rahasia", Filter(chosen="mine"), shared=True)
    before = everything(database)
    for path, fields in CHANGES.items():
        assert charlie.post(f"{thread}/{path}", fields).status_code == 404, path
    for path in READS:
        assert charlie.get(f"{thread}/{path}", headers=HTMX).status_code == 404, path
    assert charlie.post(f"/console/filters/{kept}/delete").status_code == 404
    done = charlie.post("/console/act", {"action": "close", "ids": conversation_id}).json()
    assert (done["changed"], [one["id"] for one in done["refused"]]) == ([], [conversation_id])
    assert "rahasia" not in charlie.get("/console").text
    assert kilap.bob not in charlie.get("/console/act/assign", params={"ids": conversation_id}).text
    assert everything(database) == before


def test_a_file_is_not_kept_for_a_conversation_of_others(charlie: StaffMember, database: Database, thread: str) -> None:
    before = everything(database)
    headers = {"x-csrf-token": charlie.csrf, **HTMX}
    answer = charlie.client.post(f"{thread}/files", files={"file": ("a.txt", b"halo")}, headers=headers)
    assert answer.status_code == 404
    assert everything(database) == before


def test_staff_write_notes_drafts_and_plans(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str, thread: str
) -> None:
    take_over(database, kilap.id, conversation_id, alice.id)
    assert alice.post(f"{thread}/notes", CHANGES["notes"]).status_code == 204
    assert alice.post(f"{thread}/draft", CHANGES["draft"]).status_code == 204
    assert alice.post(f"{thread}/presence", CHANGES["presence"]).json() == {"others": []}
    assert alice.post(f"{thread}/presence", {"doing": "dancing"}).status_code == 400
    assert alice.post(f"{thread}/scheduled", CHANGES["scheduled"]).status_code == 204
    assert alice.post(f"{thread}/scheduled", {**CHANGES["scheduled"], "at": "2026-01-01T10:00"}).status_code == 400
    page = alice.get(thread).text
    assert "catatan" in page and "belum" in page and "nanti" in page


def test_a_planned_message_is_cancelled_from_the_thread(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str, thread: str
) -> None:
    take_over(database, kilap.id, conversation_id, alice.id)
    later = Later(utc_now() + timedelta(hours=1))
    found = schedule(database, kilap.id, conversation_id, alice.id, "nanti", "k", later)
    assert f'data-planned="{found}"' in alice.get(f"{thread}/messages?after=0").text
    assert alice.post(f"{thread}/scheduled/{found}/cancel").status_code == 204
    assert f'data-planned="{found}"' not in alice.get(f"{thread}/messages?after=0").text


def test_staff_label_several_conversations_and_open_a_closed_one_again(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str, thread: str
) -> None:
    done = alice.post("/console/act", {"action": "label", "name": "VIP", "ids": conversation_id}).json()
    assert done["changed"] == [conversation_id] and done["undo"]["action"] == "unlabel"
    assert "VIP" in alice.get("/console/conversations").text
    picker = alice.get("/console/act/label", params={"ids": conversation_id})
    assert 'aria-pressed="true"' in picker.text
    assert alice.get("/console/act/dance").status_code == 404
    close(database, kilap.id, conversation_id, alice.id)
    assert alice.post(f"{thread}/reopen").status_code == 204
    assert alice.post("/console/act", {"action": "dance", "ids": conversation_id}).status_code == 400


def test_staff_keep_filters_of_their_own(alice: StaffMember, database: Database) -> None:
    answer = alice.post("/console/filters", {"name": "Marah", "mood": "anger", "filter": "unread"})
    assert answer.status_code == 201
    assert "Marah" in alice.get("/console").text
    assert alice.post(f"/console/filters/{answer.json()['id']}/delete").status_code == 200
    assert count(database, SavedFilter) == 0
    assert alice.post("/console/filters", {"name": " "}).status_code == 400


def test_only_who_may_writes_canned_replies(bob: StaffMember, supervisor: StaffMember, database: Database) -> None:
    for answer in (bob.get(PAGE), bob.post(PAGE, CANNED), bob.post(f"{PAGE}/x/delete")):
        assert answer.status_code == 403
    assert count(database, CannedReply) == 0
    assert supervisor.post(PAGE, CANNED).status_code == 303
    assert "/hai" in supervisor.get(PAGE).text
    refused = supervisor.post(PAGE, {**CANNED, "text": "Hai {{contact.nama}}"})
    assert refused.status_code == 400
    assert "unknown variable {{contact.nama}}" in refused.text and "Hai {{contact.nama}}" in refused.text
    assert supervisor.post(PAGE, CANNED).status_code == 400


def test_a_canned_reply_of_another_organisation_is_not_found(
    supervisor: StaffMember, charlie: StaffMember, database: Database, stranger: Tenant
) -> None:
    theirs = save_canned(database, stranger.id, stranger.alice, None, "hai", "id", "rahasia mereka")
    assert supervisor.post(f"{PAGE}/{theirs}/delete").status_code == 404
    assert "rahasia mereka" not in supervisor.get(PAGE).text
    assert count(database, CannedReply) == 1


def test_a_canned_reply_is_offered_filled_in(
    alice: StaffMember, database: Database, kilap: Tenant, thread: str
) -> None:
    text = "Saya {{staff.name}}, nomor {{booking.reference}}"
    save_canned(database, kilap.id, kilap.alice, None, "nomor", "id", text)
    (offered,) = alice.get(f"{thread}/canned").json()["replies"]
    assert offered == {
        "shortcut": "nomor",
        "text": "Saya Alice, nomor {{booking.reference}}",
        "unfilled": ["booking.reference"],
    }


def test_the_page_is_asked_before_it_answers_after_a_colleague(
    alice: StaffMember, bob: StaffMember, conversation_id: str, thread: str
) -> None:
    bob.post(f"{thread}/take")
    assert bob.post(f"{thread}/messages", {"text": "dari Bob", "send_key": "b"}).status_code == 204
    bob.post("/console/act", {"action": "assign", "value": alice.id, "ids": conversation_id})
    fields = {"text": "dari Alice", "send_key": "a", "seen": "1"}
    asked = alice.post(f"{thread}/messages", fields)
    assert asked.status_code == 409 and asked.json()["ask"] is True
    assert asked.json()["message"].startswith("Bob answered ")
    assert alice.post(f"{thread}/messages", {**fields, "anyway": "yes"}).status_code == 204
