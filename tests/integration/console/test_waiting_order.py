"""Who waits for a person: urgent tickets first, then in the order in which the waiting began."""

from __future__ import annotations

import threading
from datetime import timedelta

from ramah.messaging.conversations import locked
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, HandledBy
from ramah.messaging.queueing import ask_for_person
from ramah.store import Database, utc_now
from ramah.support.models import TicketStatus
from ramah.support.tickets import Report, open_ticket, set_status
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.contents import many_conversations
from tests.integration.console.test_inbox_list import LIST, all_pages, listed, next_page
from tests.integration.console.visitors import StaffMember

WAITING = f"{LIST}?filter=waiting"


def waits(database: Database, tenant: Tenant, who: int) -> str:
    """Somebody new who asks for a person."""
    message = text_message("halo", key=f"w{who}", who=f"6281100{who:04}")
    conversation_id = accept(database, tenant.whatsapp, message).conversation_id
    with database.tenant(tenant.id) as session:
        ask_for_person(session, locked(session, conversation_id), "talk_to_person")
    return conversation_id


def test_urgent_tickets_come_first_then_who_waits_longest(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    first, second, scratched, burnt = (waits(database, kilap, who) for who in range(4))
    open_ticket(database, kilap.id, scratched, Report("pintu mobil saya lecet habis dicuci"))
    open_ticket(database, kilap.id, burnt, Report("rem blong, mobil saya hampir kecelakaan"))
    open_ticket(database, kilap.id, second, Report("kurang bersih"))
    assert listed(alice.get(WAITING).text) == [scratched, burnt, first, second]


def test_an_urgent_one_has_a_plain_mark_and_others_have_none(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    calm, upset = waits(database, kilap, 1), waits(database, kilap, 2)
    open_ticket(database, kilap.id, upset, Report("bemper penyok"))
    assert "Urgent ticket" in alice.get(f"{LIST}/{upset}/row?filter=waiting").text
    assert "Urgent ticket" not in alice.get(f"{LIST}/{calm}/row?filter=waiting").text


def test_who_writes_again_while_waiting_keeps_their_place(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    first, second = waits(database, kilap, 1), waits(database, kilap, 2)
    accept(database, kilap.whatsapp, text_message("halo?", key="again", who="62811000001"))
    assert listed(alice.get(WAITING).text) == [first, second]


def test_a_solved_ticket_gives_the_precedence_back(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    first, upset = waits(database, kilap, 1), waits(database, kilap, 2)
    ticket = open_ticket(database, kilap.id, upset, Report("bemper penyok"))
    assert listed(alice.get(WAITING).text) == [upset, first]
    set_status(database, kilap.id, ticket.reference, TicketStatus.SOLVED)
    assert listed(alice.get(WAITING).text) == [first, upset]


def test_pages_hold_each_of_a_long_queue_once_urgent_ones_first(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    usual = many_conversations(database, kilap, 70, HandledBy.QUEUE)
    urgent = many_conversations(database, kilap, 50, HandledBy.QUEUE, queue_rank=0)
    flat = [one for page in all_pages(alice, WAITING) for one in page]
    assert len(flat) == 120
    assert set(flat[:50]) == set(urgent)
    assert set(flat[50:]) == set(usual)
    # Three share each moment; the helper makes the latest first.
    for made, shown in ((urgent, flat[:50]), (usual, flat[50:])):
        moments = [made.index(one) // 3 for one in shown]
        assert moments == sorted(moments, reverse=True)


def test_the_rows_order_on_the_page_is_that_of_the_list(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    import re

    many_conversations(database, kilap, 3, HandledBy.QUEUE)
    many_conversations(database, kilap, 2, HandledBy.QUEUE, queue_rank=0)
    orders = [int(found) for found in re.findall(r'data-order="(-?\d+)"', alice.get(WAITING).text)]
    assert len(orders) == 5
    assert orders == sorted(orders, reverse=True)
    assert max(map(abs, orders)) < 2**53


def test_somebody_who_becomes_urgent_between_two_pages_doubles_and_hides_nobody_else(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    made = many_conversations(database, kilap, 60, HandledBy.QUEUE)
    first = alice.get(WAITING)
    shown = listed(first.text)
    late = next(one for one in made if one not in shown)
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, late).queue_rank = 0
    rest = next_page(first.text)
    assert rest is not None
    assert sorted(shown + listed(alice.get(rest).text)) == sorted(set(made) - {late})
    assert listed(alice.get(WAITING).text)[0] == late


def test_reports_that_race_leave_the_right_rank(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    conversation_id = waits(database, kilap, 1)
    texts = ["kurang bersih", "bemper penyok", "telat dua jam", "kasirnya tidak ramah"] * 2
    start = threading.Barrier(len(texts))

    def report(text: str) -> None:
        start.wait()
        open_ticket(database, kilap.id, conversation_id, Report(text))

    threads = [threading.Thread(target=report, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.tenant(kilap.id) as session:
        row = session.get_one(Conversation, conversation_id)
        assert row.queue_rank == 0
        assert utc_now() - row.queued_at < timedelta(minutes=5)
