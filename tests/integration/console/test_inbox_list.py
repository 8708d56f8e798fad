"""The list of conversations: filters, search, pages, and how much the database is asked."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from ramah.channels.content import Outgoing
from ramah.desk.handover import close, take_over
from ramah.messaging.conversations import locked
from ramah.messaging.inbox import accept
from ramah.messaging.models import Author, Conversation, HandledBy
from ramah.messaging.outbox import Writer, write_outbound
from ramah.people import Contact
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.contents import counted_queries, many_conversations
from tests.integration.console.visitors import HTMX, StaffMember

LIST = "/console/conversations"


def listed(page: str) -> list[str]:
    """The conversations of a page, as they stand."""
    return re.findall(r'class="row"[^>]*data-id="([^"]+)"', page)


def next_page(page: str) -> str | None:
    """Where the rest of the list is."""
    found = re.search(r'class="more" hx-get="([^"]+)"', page)
    return html.unescape(found[1]) if found else None


def all_pages(person: StaffMember, path: str) -> list[list[str]]:
    """The list, page by page."""
    pages: list[list[str]] = []
    address: str | None = path
    while address:
        answer = person.get(address, headers=HTMX)
        assert answer.status_code == 200
        pages.append(listed(answer.text))
        address = next_page(answer.text)
    return pages


def test_each_filter_shows_its_conversations(
    alice: StaffMember, bob: StaffMember, database: Database, kilap: Tenant
) -> None:
    of_bot, of_alice, of_bob, ended, waiting = many_conversations(database, kilap, 5)
    take_over(database, kilap.id, of_alice, alice.id)
    take_over(database, kilap.id, of_bob, bob.id)
    close(database, kilap.id, ended, alice.id)
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, waiting).handled_by = HandledBy.QUEUE
    shown = {
        chosen: set(listed(alice.get(LIST, params={"filter": chosen}).text))
        for chosen in ("all", "waiting", "mine", "bot", "closed", "nonsense")
    }
    everything_open = {of_bot, of_alice, of_bob, waiting}
    assert shown == {
        "all": everything_open,
        "waiting": {waiting},
        "mine": {of_alice},
        "bot": {of_bot},
        "closed": {ended},
        "nonsense": everything_open,
    }
    assert listed(bob.get(LIST, params={"filter": "mine"}).text) == [of_bob]


def test_the_page_counts_who_waits_and_what_is_mine(
    alice: StaffMember, database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    many_conversations(database, kilap, 3, HandledBy.QUEUE)
    many_conversations(database, stranger, 4, HandledBy.QUEUE)
    (mine,) = many_conversations(database, kilap, 1)
    take_over(database, kilap.id, mine, alice.id)
    page = alice.get("/console").text
    assert re.search(r'data-count="waiting"[^>]*>3<', page)
    assert re.search(r'data-count="mine"[^>]*>1<', page)


def test_the_search_looks_at_names_numbers_and_last_words(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    siti, budi, percent = many_conversations(database, kilap, 3)
    with database.tenant(kilap.id) as session:
        contacts = [
            session.get_one(Contact, session.get_one(Conversation, i).contact_id) for i in (siti, budi, percent)
        ]
        contacts[0].first_name, contacts[0].last_name, contacts[0].phone = "Siti", "Nurhaliza", "+60121112222"
        contacts[1].profile_name = "Budi 🚗"
        contacts[2].profile_name = "100% Bersih_"
        session.get_one(Conversation, budi).preview = "mau Nano Coating"
    wanted = {
        "siti nur": [siti],
        "NURHALIZA": [siti],
        "0121112": [siti],
        "🚗": [budi],
        "nano coat": [budi],
        "100%": [percent],
        "%": [percent],
        "_": [percent],
        "' OR 1=1 --": [],
        "nobody": [],
    }
    assert {search: listed(alice.get(LIST, params={"q": search}).text) for search in wanted} == wanted
    assert len(listed(alice.get(LIST, params={"q": "  "}).text)) == 3


@pytest.mark.parametrize("chosen", ["all", "waiting"])
def test_pages_hold_every_conversation_once_and_in_order(
    alice: StaffMember, database: Database, kilap: Tenant, chosen: str
) -> None:
    made = many_conversations(database, kilap, 95, HandledBy.QUEUE)
    pages = all_pages(alice, f"{LIST}?filter={chosen}")
    assert [len(page) for page in pages] == [40, 40, 15]
    flat = [conversation for page in pages for conversation in page]
    assert sorted(flat) == sorted(made)
    # Three conversations share each moment, so only the order of the moments is given.
    moments = [made.index(conversation) // 3 for conversation in flat]
    assert moments == sorted(moments, reverse=chosen == "waiting")


def test_what_happens_between_two_pages_doubles_and_hides_nothing(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    made = many_conversations(database, kilap, 60)
    first = alice.get(LIST)
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, listed(first.text)[3]).last_activity_at = utc_now()
    many_conversations(database, kilap, 5)
    rest = next_page(first.text)
    assert rest is not None
    second = listed(alice.get(rest).text)
    assert sorted(listed(first.text) + [one for one in second if one in made]) == sorted(made)


def test_a_cursor_that_is_none_means_the_beginning(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    made = many_conversations(database, kilap, 2)
    for cursor in ("x", "1", "-1.x", "9" * 30 + ".x", "' OR 1=1"):
        assert sorted(listed(alice.get(LIST, params={"before": cursor}).text)) == sorted(made), cursor


@pytest.mark.parametrize(("chosen", "first"), [("all", "newest"), ("waiting", "oldest")])
def test_the_page_may_sort_rows_by_their_order_highest_first(
    alice: StaffMember, database: Database, kilap: Tenant, chosen: str, first: str
) -> None:
    newest, *_, oldest = many_conversations(database, kilap, 10, HandledBy.QUEUE)
    page = alice.get(LIST, params={"filter": chosen}).text
    order = [int(number) for number in re.findall(r'data-order="(-?\d+)"', page)]
    assert order == sorted(order, reverse=True)
    ends = {"newest": newest, "oldest": oldest}
    row = alice.get(f"{LIST}/{ends[first]}/row", params={"filter": chosen}).text
    assert f'data-order="{max(order)}"' in row


def test_a_row_that_left_its_filter_is_answered_with_nothing(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    row = f"{LIST}/{conversation_id}/row"
    assert listed(alice.get(row, params={"filter": "bot"}).text) == [conversation_id]
    assert alice.get(row, params={"filter": "bot", "q": "secret"}).status_code == 200
    for asked in ({"filter": "mine"}, {"filter": "bot", "q": "nothing like it"}, {"filter": "closed"}):
        answer = alice.get(row, params=asked)
        assert (answer.status_code, answer.text) == (204, "")
    take_over(database, kilap.id, conversation_id, alice.id)
    assert alice.get(row, params={"filter": "bot"}).status_code == 204
    assert alice.get(row, params={"filter": "mine"}).status_code == 200


def test_the_list_asks_the_database_as_often_for_forty_rows_as_for_one(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    needed = []
    for number in (1, 60):
        many_conversations(database, kilap, number)
        with counted_queries(database) as list_queries:
            alice.get(LIST)
        with counted_queries(database) as page_queries:
            alice.get("/console")
        needed.append((len(list_queries), len(page_queries)))
    # One for the login; the list is one more. The page counts besides, and reads what its filters offer: labels,
    # colleagues, saved filters, channels.
    assert needed == [(2, 7), (2, 7)]


def test_a_thread_asks_the_database_as_often_for_many_lines_as_for_one(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    thread = f"{LIST}/{conversation_id}"
    needed = []
    for lines in (1, 120):
        for index in range(lines):
            accept(database, kilap.whatsapp, text_message(f"baris {index}", key=f"{lines}-{index}"))
        with database.tenant(kilap.id) as session:
            for index in range(lines):
                message, writer = Outgoing(text=f"jawaban {index}"), Writer(Author.BOT, 0)
                write_outbound(session, locked(session, conversation_id), writer, message, f"{lines}-{index}")
        alice.get(thread)
        counts = []
        for path in (thread, f"{thread}/messages?after=0", f"{thread}/messages?before=100", f"{thread}/side"):
            with counted_queries(database) as queries:
                assert alice.get(path, headers=HTMX).status_code == 200
            counts.append(len(queries))
        needed.append(counts)
    assert needed[0] == needed[1]
    # With what is planned, the own draft, other conversations of the same person and the mentions that are seen now.
    assert max(needed[0]) <= 15


def test_the_latest_activity_stands_first(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    older = accept(database, kilap.whatsapp, text_message("satu", key="1", who="628110001")).conversation_id
    newer = accept(database, kilap.whatsapp, text_message("dua", key="2", who="628110002")).conversation_id
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, newer).last_activity_at = utc_now() - timedelta(seconds=1)
        session.get_one(Conversation, older).last_activity_at = utc_now() - timedelta(seconds=2)
    assert listed(alice.get(LIST).text) == [newer, older]
    accept(database, kilap.whatsapp, text_message("tiga", key="3", who="628110001"))
    page = alice.get(LIST).text
    assert listed(page) == [older, newer]
    assert "tiga" in page
