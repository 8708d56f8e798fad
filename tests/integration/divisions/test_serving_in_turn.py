"""Places and assignments: first come, first served, counted now, told to the customer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from ramah.desk.handover import close, release, take_over, write
from ramah.messaging.divisions.assigning import serve, serve_everywhere
from ramah.messaging.divisions.moving_up import is_worth_telling, move_up_everywhere
from ramah.messaging.divisions.presence import Presence, choose_presence, heard_from
from ramah.messaging.divisions.reassigning import take_back_everywhere
from ramah.messaging.models import Conversation, HandledBy, QueueWait, StaffPresence, WaitStatus
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant
from tests.integration.divisions.queues import Queue

PLACE = "Anda masih dalam antrian ke {}. mohon menunggu"


def place_told(queue: Queue, chat: str) -> str:
    return queue.heard(chat)[-1].split("\n")[0]


def test_the_place_is_right_after_others_left(queue: Queue) -> None:
    queue.open()
    chats = [queue.write(who, "billing") for who in ("1", "2", "3", "4")]
    queue.write("4", "#")
    assert place_told(queue, chats[3]) == PLACE.format(4)
    queue.write("1", "batal antri")
    take_over(queue.database, queue.tenant.id, chats[1], queue.tenant.alice)
    queue.write("4", "#")
    assert place_told(queue, chats[3]) == PLACE.format(2)


def test_lines_do_not_count_one_another(queue: Queue) -> None:
    queue.open()
    queue.write("1", "billing")
    assert "antrian ke 1" in queue.heard(queue.write("2", "support"))[-1]


def test_who_waits_longest_is_served_first_and_told_by_whom(queue: Queue) -> None:
    queue.open()
    chats = [queue.write(who, "billing") for who in ("1", "2", "3")]
    queue.serve_in(queue.tenant.alice, "Billing")
    assert [one.conversation_id for one in serve(queue.database, queue.tenant.id)] == chats[:2]
    assert queue.heard(chats[0])[-1] == "Halo, sekarang Anda dilayani oleh Alice. Silakan lanjutkan ceritanya."
    assert queue.conversation(chats[2]).handled_by == HandledBy.QUEUE
    (wait,) = queue.waits(chats[0])
    assert (wait.status, wait.staff_id) == (WaitStatus.ASSIGNED, queue.tenant.alice)


def test_urgent_ones_come_first(queue: Queue) -> None:
    queue.open()
    chats = [queue.write(who, "billing") for who in ("1", "2")]
    with queue.database.tenant(queue.tenant.id) as session:
        session.get_one(Conversation, chats[1]).queue_rank = 0
    queue.serve_in(queue.tenant.alice, "Billing")
    assert [one.conversation_id for one in serve(queue.database, queue.tenant.id)] == [chats[1], chats[0]]


def test_whoever_is_free_is_there_at_once(queue: Queue) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    chat = queue.write("1", "billing")
    # "We are connecting you" had not left yet, so it is dropped: it is over.
    assert queue.heard(chat) == ["Halo, sekarang Anda dilayani oleh Alice. Silakan lanjutkan ceritanya."]
    assert queue.waits(chat)[0].place_at_start == 1


def test_customers_go_to_whoever_has_most_room(queue: Queue) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    queue.serve_in(queue.tenant.bob, "Billing", "Support")
    chats = [queue.write(who, "billing") for who in ("1", "2", "3", "4", "5")]
    holders = [queue.conversation(chat).staff_id for chat in chats]
    assert holders[4] is None
    assert {holders.count(queue.tenant.alice), holders.count(queue.tenant.bob)} == {2}
    assert holders[0] != holders[1]


@pytest.mark.parametrize("ends", [close, release])
def test_whoever_gets_room_is_given_the_next(queue: Queue, ends: object) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    chats = [queue.write(who, "billing") for who in ("1", "2", "3")]
    assert callable(ends)
    ends(queue.database, queue.tenant.id, chats[0], queue.tenant.alice)
    assert queue.conversation(chats[2]).staff_id == queue.tenant.alice


def test_only_those_who_serve_in_a_division_get_its_customers(queue: Queue) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    queue.serve_in(queue.tenant.bob, "Support")
    assert queue.conversation(queue.write("1", "support")).staff_id == queue.tenant.bob


def test_a_division_without_anybody_is_served_by_all(queue: Queue) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    assert queue.conversation(queue.write("1", "support")).staff_id == queue.tenant.alice


def test_nobody_is_assigned_to_the_away_the_idle_and_the_gone(queue: Queue) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    queue.serve_in(queue.tenant.bob, "Billing")
    queue.vanish(queue.tenant.alice, 2)
    assert choose_presence(queue.database, queue.tenant.id, queue.tenant.bob, away=True) is Presence.AWAY
    chat = queue.write("1", "billing")
    assert queue.conversation(chat).handled_by == HandledBy.QUEUE
    assert choose_presence(queue.database, queue.tenant.id, queue.tenant.bob, away=False) is Presence.ONLINE
    assert serve_everywhere(queue.database)
    assert queue.conversation(chat).staff_id == queue.tenant.bob


def test_a_page_that_is_open_with_nobody_at_it_is_away(queue: Queue) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    queue.vanish(queue.tenant.alice, 11)
    assert heard_from(queue.database, queue.tenant.id, queue.tenant.alice, active=False) is Presence.AWAY
    assert heard_from(queue.database, queue.tenant.id, queue.tenant.alice, active=True) is Presence.ONLINE


def test_another_organisations_agents_and_customers_are_not_mixed(queue: Queue, stranger: Tenant) -> None:
    queue.open()
    heard_from(queue.database, stranger.id, stranger.alice, active=True)
    chat = queue.write("1", "billing")
    assert serve(queue.database, stranger.id) == []
    assert serve(queue.database, queue.tenant.id) == []
    assert queue.conversation(chat).handled_by == HandledBy.QUEUE


def test_who_was_left_by_a_vanished_agent_goes_back_to_the_head(queue: Queue) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    first = queue.write("1", "billing")
    queue.write("2", "billing")
    later = queue.write("3", "billing")
    queue.vanish(queue.tenant.alice, 30)
    assert take_back_everywhere(queue.database)
    assert queue.heard(first)[-1].startswith("Maaf, rekan kami sedang tidak bisa melanjutkan.")
    queue.serve_in(queue.tenant.bob, "Billing")
    served = [one.conversation_id for one in serve(queue.database, queue.tenant.id)]
    assert served[0] == first and later not in served
    assert [wait.status for wait in queue.waits(first)] == [WaitStatus.ASSIGNED, WaitStatus.ASSIGNED]


def test_who_was_answered_stays_with_their_agent(queue: Queue) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    chat = queue.write("1", "billing")
    write(queue.database, queue.tenant.id, chat, queue.tenant.alice, "sudah saya cek ya", "k1")
    queue.vanish(queue.tenant.alice, 30)
    assert not take_back_everywhere(queue.database)
    queue.write("1", "halo?")
    assert take_back_everywhere(queue.database)
    assert not take_back_everywhere(queue.database)


def test_an_agent_who_is_gone_only_shortly_keeps_everybody(queue: Queue) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    queue.write("1", "billing")
    queue.vanish(queue.tenant.alice, 3)
    assert not take_back_everywhere(queue.database)


def told_long_ago(database: Database, tenant: Tenant) -> None:
    with database.tenant(tenant.id) as session:
        session.execute(update(QueueWait).values(told_at=utc_now() - timedelta(minutes=4)))


def test_a_line_that_moved_is_told_but_not_at_every_step(queue: Queue) -> None:
    queue.open()
    chats = [queue.write(str(who), "billing") for who in range(1, 7)]
    for chat in chats[:3]:
        take_over(queue.database, queue.tenant.id, chat, queue.tenant.alice)
    assert not move_up_everywhere(queue.database)  # they were told their place just now
    told_long_ago(queue.database, queue.tenant)
    assert move_up_everywhere(queue.database)
    assert [queue.heard(chat)[-1] for chat in chats[3:]] == [
        "Giliran Anda berikutnya. Tetap di chat ini, ya.",
        "Antrian bergerak, sekarang Anda di urutan ke 2.",
        "Antrian bergerak, sekarang Anda di urutan ke 3.",
    ]
    assert not move_up_everywhere(queue.database)


@pytest.mark.parametrize(
    ("told", "now", "worth"), [(2, 1, True), (1, 1, False), (3, 2, False), (6, 4, True), (30, 28, False), (9, 3, True)]
)
def test_what_is_worth_telling(told: int, now: int, worth: bool) -> None:
    assert is_worth_telling(told, now) is worth


def test_who_does_not_choose_is_served_by_anybody(queue: Queue) -> None:
    queue.open()
    chat = queue.write("1", "halo")
    with queue.database.tenant(queue.tenant.id) as session:
        session.get_one(Conversation, chat).queued_at = utc_now() - timedelta(minutes=6)
    queue.serve_in(queue.tenant.alice, "Support")
    assert not serve_everywhere(queue.database)
    assert move_up_everywhere(queue.database)
    assert serve_everywhere(queue.database)
    assert queue.conversation(chat).staff_id == queue.tenant.alice


def test_capacity_is_a_persons_own_where_they_have_one(queue: Queue) -> None:
    queue.open()
    queue.serve_in(queue.tenant.alice, "Billing")
    with queue.database.tenant(queue.tenant.id) as session:
        session.get_one(StaffPresence, queue.tenant.alice).capacity = 0
    assert queue.conversation(queue.write("1", "billing")).handled_by == HandledBy.QUEUE
