"""A thread: what is shown of it, and what operators do in it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from ramah.desk.handover import close, take_over
from ramah.messaging.inbox import accept
from ramah.messaging.models import ChannelAccount, Conversation, Inbound, Outbound, ThreadNote
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database, utc_now
from tests.integration.conftest import ScriptedEngine, Tenant, text_message
from tests.integration.console.contents import conversation_of, count, everything, rows_of
from tests.integration.console.visitors import HTMX, StaffMember

LONGEST_TEXT = 4096


@pytest.fixture
def thread(conversation_id: str) -> str:
    """The address of the conversation."""
    return f"/console/conversations/{conversation_id}"


def positions(page: str) -> list[int]:
    """The positions of the messages of a page."""
    return [int(found) for found in re.findall(r'id="message-(\d+)"', page)]


def say_many(database: Database, tenant: Tenant, number: int) -> None:
    for index in range(number):
        accept(database, tenant.whatsapp, text_message(f"baris {index}", key=f"many-{index}"))


def test_opening_a_thread_shows_it_whole_or_as_a_part_and_marks_it_read(
    alice: StaffMember, database: Database, conversation_id: str, thread: str
) -> None:
    assert conversation_of(database, conversation_id).unread == 1
    part = alice.get(thread, headers=HTMX).text
    assert "<html" not in part
    assert "secret of kilap" in part
    assert conversation_of(database, conversation_id).unread == 0
    assert "<html" in alice.get(thread).text
    assert "<html" in alice.get(thread, headers={**HTMX, "hx-history-restore-request": "true"}).text


def test_marking_as_read_is_a_change_of_its_own(
    alice: StaffMember, database: Database, conversation_id: str, thread: str
) -> None:
    alice.get(f"{thread}/messages?after=0")
    assert conversation_of(database, conversation_id).unread == 1
    assert alice.post(f"{thread}/read").status_code == 204
    assert conversation_of(database, conversation_id).unread == 0


def test_new_lines_come_after_a_position(alice: StaffMember, database: Database, kilap: Tenant, thread: str) -> None:
    say_many(database, kilap, 3)
    assert positions(alice.get(f"{thread}/messages?after=0").text) == [1, 2, 3, 4]
    assert positions(alice.get(f"{thread}/messages?after=3").text) == [4]
    assert positions(alice.get(f"{thread}/messages?after=4").text) == []


def test_a_long_thread_is_read_backwards_piece_by_piece(
    alice: StaffMember, database: Database, kilap: Tenant, thread: str
) -> None:
    say_many(database, kilap, 450)
    page = alice.get(thread, headers=HTMX).text
    seen, earlier = positions(page), "data-earlier" in page
    while earlier:
        page = alice.get(f"{thread}/messages", params={"before": seen[0]}).text
        seen, earlier = positions(page) + seen, "data-earlier" in page
    assert seen == list(range(1, 452))


def test_taking_over_gives_the_thread_to_one_person(
    alice: StaffMember, database: Database, conversation_id: str, thread: str
) -> None:
    assert alice.post(f"{thread}/take").status_code == 204
    taken = conversation_of(database, conversation_id)
    assert (taken.handled_by, taken.staff_id, taken.epoch) == ("human", alice.id, 1)
    assert alice.post(f"{thread}/take").status_code == 204
    assert conversation_of(database, conversation_id).epoch == 1
    assert [note.kind for note in rows_of(database, ThreadNote)] == ["taken_over"]
    page = alice.get(thread).text
    assert "Alice took over" in page
    assert 'data-action="release"' in page
    assert 'data-action="take"' not in page


def test_a_colleague_who_is_second_is_told_and_changes_nothing(
    alice: StaffMember, bob: StaffMember, database: Database, thread: str
) -> None:
    alice.post(f"{thread}/take")
    before = everything(database)
    for action, fields in (("take", {}), ("release", {}), ("close", {}), ("messages", {"text": "x", "send_key": "k"})):
        answer = bob.post(f"{thread}/{action}", fields)
        assert answer.status_code == 409, action
        assert answer.json()["message"] in (
            "Alice has this conversation",
            "take the conversation over first",
        ), action
    assert everything(database) == before
    assert "Alice is answering" in bob.get(thread).text


def test_of_two_people_at_the_same_moment_one_gets_the_thread(
    alice: StaffMember, bob: StaffMember, database: Database, conversation_id: str, thread: str
) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda person: person.post(f"{thread}/take").status_code, (alice, bob)))
    assert sorted(answers) == [204, 409]
    winner = (alice, bob)[answers.index(204)]
    assert conversation_of(database, conversation_id).staff_id == winner.id


def test_what_a_person_writes_goes_out_once(
    alice: StaffMember, database: Database, conversation_id: str, thread: str
) -> None:
    alice.post(f"{thread}/take")
    for _ in range(2):
        assert alice.post(f"{thread}/messages", {"text": " Saya bantu\nya ", "send_key": "k1"}).status_code == 204
    (row,) = rows_of(database, Outbound)
    assert (row.author, row.staff_id, row.status, row.content["text"]) == (
        "staff",
        alice.id,
        "queued",
        "Saya bantu\nya",
    )
    page = alice.get(f"{thread}/messages?after=1").text
    assert "Saya bantu\nya" in page
    assert 'data-status="queued"' in page


def test_nobody_writes_without_having_the_thread(alice: StaffMember, database: Database, thread: str) -> None:
    answer = alice.post(f"{thread}/messages", {"text": "halo", "send_key": "k1"})
    assert answer.status_code == 409
    assert answer.json()["message"] == "take the conversation over first"
    assert count(database, Outbound) == 0


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "x" * (LONGEST_TEXT + 1)])
def test_an_empty_or_too_long_message_is_refused(
    alice: StaffMember, database: Database, thread: str, text: str
) -> None:
    alice.post(f"{thread}/take")
    answer = alice.post(f"{thread}/messages", {"text": text, "send_key": "k1"})
    assert answer.status_code == 400
    assert "message is" in answer.json()["message"]
    assert count(database, Outbound) == 0


def test_the_longest_message_is_taken(alice: StaffMember, database: Database, thread: str) -> None:
    alice.post(f"{thread}/take")
    assert alice.post(f"{thread}/messages", {"text": "é" * LONGEST_TEXT, "send_key": "k"}).status_code == 204
    assert "".join(row.content["text"] for row in rows_of(database, Outbound)) == "é" * LONGEST_TEXT


def test_releasing_gives_the_thread_back_to_the_bot(
    alice: StaffMember,
    database: Database,
    conversation_id: str,
    thread: str,
    runner: TurnRunner,
    engine: ScriptedEngine,
) -> None:
    alice.post(f"{thread}/take")
    assert alice.post(f"{thread}/release").status_code == 204
    released = conversation_of(database, conversation_id)
    assert (released.handled_by, released.staff_id, released.epoch) == ("bot", None, 2)
    while runner.run_one():
        pass
    assert [said.response for said in engine.said] == ["utter_handed_back"]


def test_closing_ends_the_thread_and_the_next_message_opens_another(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str, thread: str
) -> None:
    assert alice.post(f"{thread}/close").status_code == 204
    assert conversation_of(database, conversation_id).handled_by == "closed"
    assert alice.post(f"{thread}/take").status_code == 409
    assert "This conversation is closed" in alice.get(thread).text
    accept(database, kilap.whatsapp, text_message("halo lagi", key="again"))
    assert count(database, Conversation) == 2
    assert count(database, Inbound) == 2
    assert conversation_of(database, conversation_id).handled_by == "closed"


def test_the_side_shows_the_customer_and_what_was_understood(
    alice: StaffMember, thread: str, runner: TurnRunner
) -> None:
    assert "Nothing yet in this conversation." in alice.get(f"{thread}/side").text
    runner.run_one()
    side = alice.get(f"{thread}/side").text
    assert "62811000001" in side
    assert "secret of kilap" in side
    assert "No bookings yet." in side


def test_actions_offered_are_those_allowed(
    alice: StaffMember, bob: StaffMember, database: Database, kilap: Tenant, conversation_id: str, thread: str
) -> None:
    def offered(person: StaffMember) -> set[str]:
        return set(re.findall(r'data-action="(\w+)"', person.get(thread).text))

    assert offered(alice) == {"take", "close"}
    take_over(database, kilap.id, conversation_id, bob.id)
    assert (offered(alice), offered(bob)) == (set(), {"release", "close"})
    close(database, kilap.id, conversation_id, bob.id)
    assert (offered(alice), offered(bob)) == ({"reopen"}, {"reopen"})


def close_window(database: Database, tenant: Tenant, conversation_id: str) -> None:
    parameter = {"place": "body", "text": "Budi"}
    template = {"name": "reminder", "language": "id", "preview": "Halo {{1}}, kami siap.", "parameters": [parameter]}
    with database.tenant(tenant.id) as session:
        session.get_one(Conversation, conversation_id).last_inbound_at = utc_now() - timedelta(hours=30)
        session.get_one(ChannelAccount, tenant.whatsapp.id).options = {"templates": [template]}


def test_a_closed_window_offers_templates_in_place_of_the_reply_box(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    take_over(database, kilap.id, conversation_id, alice.id)
    close_window(database, kilap, conversation_id)
    shown = alice.get(f"/console/conversations/{conversation_id}", headers={"hx-request": "true"}).text
    assert "data-can-write" not in shown
    assert "Halo {{1}}, kami siap." in shown and 'value="Budi"' in shown
    refused = alice.post(f"/console/conversations/{conversation_id}/messages", {"text": "hai", "send_key": "k"})
    assert refused.status_code == 409
    for _ in range(2):
        sent = alice.post(
            f"/console/conversations/{conversation_id}/template",
            {"name": "reminder", "send_key": "t1", "value-0": "Pak\nBudi"},
        )
        assert sent.status_code == 204
    with database.tenant_reading(kilap.id) as session:
        (row,) = session.scalars(select(Outbound)).all()
    assert row.content["template"]["preview"] == "Halo Pak Budi, kami siap."
    empty = alice.post(f"/console/conversations/{conversation_id}/template", {"name": "reminder", "value-0": " "})
    assert empty.status_code == 400
