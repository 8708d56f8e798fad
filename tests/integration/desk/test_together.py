"""Two people and one conversation: who takes it, who is told, who has just answered, who is there too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from ramah.desk.assigning import assign, reopen
from ramah.desk.collisions import AnsweredMeanwhile
from ramah.desk.handover import close, take_over
from ramah.desk.models import ThreadWatcher
from ramah.desk.notes import NOTE, mentioned, write_note
from ramah.desk.people import Colleague, Operator
from ramah.desk.reply_drafts import draft_of, keep_draft
from ramah.desk.watching import Doing, forget_watchers, note_doing
from ramah.desk.writing import Reply, write_reply
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, HandledBy, LiveEvent, Outbound, ThreadNote
from ramah.people import Staff
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, text_message

OPERATORS = 200


@pytest.fixture
def thread(database: Database, kilap: Tenant) -> str:
    """A conversation with one message."""
    return accept(database, kilap.whatsapp, text_message("halo")).conversation_id


def told(database: Database, tenant: Tenant, kind: str) -> list[LiveEvent]:
    with database.tenant_reading(tenant.id) as session:
        return list(session.scalars(select(LiveEvent).where(LiveEvent.kind == kind)))


def lines(database: Database, tenant: Tenant, thread: str) -> list[tuple[str, str | None]]:
    with database.tenant_reading(tenant.id) as session:
        rows = session.scalars(select(ThreadNote).where(ThreadNote.conversation_id == thread).order_by(ThreadNote.id))
        return [(row.kind, row.text) for row in rows]


def test_of_two_hundred_operators_one_takes_it_and_the_others_hear_who(
    database: Database, kilap: Tenant, thread: str
) -> None:
    with database.tenant(kilap.id) as session:
        crowd = [Staff(email=f"o{n}@k.example", name=f"Operator {n}", password_hash="-") for n in range(OPERATORS)]
        session.add_all(crowd)
        session.flush()
        names = {person.id: person.name for person in crowd}
    together = Barrier(20)

    def take(staff_id: str) -> str | None:
        together.wait(60)
        try:
            take_over(database, kilap.id, thread, staff_id)
        except Refused as refused:
            return str(refused)
        return None

    with ThreadPoolExecutor(20) as pool:
        heard = dict(zip(names, pool.map(take, names), strict=True))
    (winner,) = [staff_id for staff_id, words in heard.items() if words is None]
    assert {words for words in heard.values() if words} == {f"{names[winner]} has this conversation"}
    assert lines(database, kilap, thread) == [("taken_over", None)]


def test_a_colleague_is_given_a_conversation_and_told(database: Database, kilap: Tenant, thread: str) -> None:
    assert assign(database, kilap.id, thread, Operator(kilap.alice), kilap.bob)
    assert not assign(database, kilap.id, thread, Operator(kilap.alice), kilap.bob)
    (event,) = told(database, kilap, "assigned")
    assert event.data == {"staff_ids": [kilap.bob], "by": "Alice"}
    assert lines(database, kilap, thread) == [("assigned", "Bob")]


def test_only_who_may_takes_a_conversation_from_a_colleague(
    database: Database, kilap: Tenant, stranger: Tenant, thread: str
) -> None:
    take_over(database, kilap.id, thread, kilap.bob)
    with pytest.raises(Refused, match="Bob has this conversation"):
        assign(database, kilap.id, thread, Operator(kilap.alice), kilap.alice)
    assert assign(database, kilap.id, thread, Operator(kilap.alice, may_take_from_others=True), kilap.alice)
    with pytest.raises(NotFound):
        assign(database, kilap.id, thread, Operator(kilap.alice), stranger.alice)


def test_who_writes_after_a_colleague_answered_is_asked_first(database: Database, kilap: Tenant, thread: str) -> None:
    take_over(database, kilap.id, thread, kilap.bob)
    write_reply(database, kilap.id, thread, kilap.bob, Reply("saya bantu"), "b1")
    assign(database, kilap.id, thread, Operator(kilap.bob), kilap.alice)
    with pytest.raises(AnsweredMeanwhile, match=r"^Bob answered \d+ s ago\. Send anyway\?$"):
        write_reply(database, kilap.id, thread, kilap.alice, Reply("saya juga", seen=1), "a1")
    assert write_reply(database, kilap.id, thread, kilap.alice, Reply("saya juga", seen=1, anyway=True), "a1")
    assert write_reply(database, kilap.id, thread, kilap.alice, Reply("lagi", seen=99), "a2")


def test_ones_own_answers_are_no_collision(database: Database, kilap: Tenant, thread: str) -> None:
    take_over(database, kilap.id, thread, kilap.alice)
    for number in range(2):
        assert write_reply(database, kilap.id, thread, kilap.alice, Reply("ya", seen=1), f"k{number}")


def test_a_variable_that_nobody_filled_is_not_sent(database: Database, kilap: Tenant, thread: str) -> None:
    take_over(database, kilap.id, thread, kilap.alice)
    with pytest.raises(BadInput, match=r"fill in \{\{booking.reference\}\} first"):
        write_reply(database, kilap.id, thread, kilap.alice, Reply("nomor {{booking.reference}}"), "k")


def test_an_answer_to_a_bubble_names_it_where_the_channel_can(database: Database, kilap: Tenant, thread: str) -> None:
    take_over(database, kilap.id, thread, kilap.alice)
    (row,) = write_reply(database, kilap.id, thread, kilap.alice, Reply("ya", answers=1), "k")
    assert row.content["reply_to"] == "m-1"
    web = accept(database, kilap.webchat, text_message("hai", key="w", who="visitor")).conversation_id
    take_over(database, kilap.id, web, kilap.alice)
    (plain,) = write_reply(database, kilap.id, web, kilap.alice, Reply("ya", answers=1), "k")
    assert "reply_to" not in plain.content


def test_a_draft_is_kept_for_its_writer_until_it_is_sent(database: Database, kilap: Tenant, thread: str) -> None:
    for text in ("sa", "saya cek"):
        keep_draft(database, kilap.id, thread, kilap.alice, text)

    def kept(staff_id: str) -> str:
        with database.tenant_reading(kilap.id) as session:
            return draft_of(session, thread, staff_id)

    assert (kept(kilap.alice), kept(kilap.bob)) == ("saya cek", "")
    take_over(database, kilap.id, thread, kilap.alice)
    write_reply(database, kilap.id, thread, kilap.alice, Reply("saya cek"), "k")
    assert kept(kilap.alice) == ""


def test_colleagues_are_told_of_reading_and_writing_only_when_it_changes(
    database: Database, kilap: Tenant, thread: str
) -> None:
    assert note_doing(database, kilap.id, thread, kilap.alice, Doing.READING) == []
    for _ in range(5):
        (seen,) = note_doing(database, kilap.id, thread, kilap.bob, Doing.WRITING)
    assert (seen.name, seen.writing) == ("Alice", False)
    (seen,) = note_doing(database, kilap.id, thread, kilap.alice, Doing.READING)
    assert (seen.name, seen.writing) == ("Bob", True)
    assert len(told(database, kilap, "presence")) == 2
    note_doing(database, kilap.id, thread, kilap.bob, Doing.GONE)
    assert note_doing(database, kilap.id, thread, kilap.alice, Doing.READING) == []


def test_somebody_whose_page_fell_silent_is_no_longer_there(database: Database, kilap: Tenant, thread: str) -> None:
    note_doing(database, kilap.id, thread, kilap.bob, Doing.WRITING)
    with database.tenant(kilap.id) as session:
        row = session.get_one(ThreadWatcher, (thread, kilap.bob))
        row.reading_until = utc_now() - timedelta(hours=2)
    assert note_doing(database, kilap.id, thread, kilap.alice, Doing.READING) == []
    assert forget_watchers(database) == 1


def test_two_windows_of_one_person_may_open_at_the_same_moment(database: Database, kilap: Tenant, thread: str) -> None:
    together = Barrier(8)

    def arrive(_: int) -> None:
        together.wait(60)
        note_doing(database, kilap.id, thread, kilap.bob, Doing.READING)
        keep_draft(database, kilap.id, thread, kilap.bob, "sama")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(arrive, range(8)))
    assert [one.name for one in note_doing(database, kilap.id, thread, kilap.alice, Doing.READING)] == ["Bob"]


def test_a_closed_conversation_is_opened_again_by_one_person(database: Database, kilap: Tenant, thread: str) -> None:
    close(database, kilap.id, thread, kilap.bob)
    reopen(database, kilap.id, thread, kilap.alice)
    with pytest.raises(Refused):
        reopen(database, kilap.id, thread, kilap.bob)
    with database.tenant_reading(kilap.id) as session:
        found = session.get_one(Conversation, thread)
        assert (found.handled_by, found.staff_id) == (HandledBy.HUMAN, kilap.alice)


def test_what_goes_on_elsewhere_is_not_opened_again(database: Database, kilap: Tenant, thread: str) -> None:
    close(database, kilap.id, thread, kilap.bob)
    later = accept(database, kilap.whatsapp, text_message("halo lagi", key="2")).conversation_id
    assert later != thread
    for _ in range(2):
        with pytest.raises(Refused, match="goes on in a later one"):
            reopen(database, kilap.id, thread, kilap.alice)
        close(database, kilap.id, later, kilap.bob)


def test_reopening_while_the_customer_writes_leaves_one_open_conversation(
    database: Database, kilap: Tenant, thread: str
) -> None:
    close(database, kilap.id, thread, kilap.bob)
    together = Barrier(2)

    def open_again() -> bool:
        together.wait(60)
        try:
            reopen(database, kilap.id, thread, kilap.alice)
        except Refused:
            return False
        return True

    def write() -> str:
        together.wait(60)
        return accept(database, kilap.whatsapp, text_message("halo", key="race")).conversation_id

    with ThreadPoolExecutor(2) as pool:
        opened, used = pool.submit(open_again), pool.submit(write)
        assert (used.result() == thread) == opened.result()
    with database.tenant_reading(kilap.id) as session:
        still = session.scalars(select(Conversation.id).where(Conversation.handled_by != HandledBy.CLOSED)).all()
    assert still == [used.result()]


def test_a_note_is_never_sent_and_names_the_longest_name(database: Database, kilap: Tenant, thread: str) -> None:
    position = write_note(database, kilap.id, thread, kilap.alice, "jangan lupa", "n1")
    assert write_note(database, kilap.id, thread, kilap.alice, "jangan lupa", "n1") == position
    assert lines(database, kilap, thread) == [(NOTE, "jangan lupa")]
    with database.tenant_reading(kilap.id) as session:
        assert session.scalars(select(Outbound)).all() == []
    people = [Colleague("1", "Siti"), Colleague("2", "Siti Aminah")]
    assert [one.id for one in mentioned("cek @Siti Aminah", people)] == ["2"]
