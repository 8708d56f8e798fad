"""The message log: what stands in it, its filters, pages and file, and who sees which of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event, update

from ramah.channels.content import Outgoing, Sender
from ramah.desk.messages.asking import Direction, Place, Wanted
from ramah.desk.messages.log import PAGE, LogLine, log_page
from ramah.messaging.conversations import locked
from ramah.messaging.inbox import accept
from ramah.messaging.models import Author, ChannelAccount, Conversation, Inbound, Outbound
from ramah.messaging.outbox import Writer, write_outbound
from ramah.people import Staff
from ramah.people.account_models import AuditEntry
from ramah.store import Behalf, Database, utc_now
from tests.databases import backends
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.contents import rows_of
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import StaffMember, logged_in
from tests.integration.test_statement_counts import statements

BOTH = pytest.mark.parametrize("database", backends(), indirect=True)


def came(database: Database, account: ChannelAccount, words: str, who: str = "62811000001") -> str:
    message = text_message(words, key=f"{account.kind}-{words}", who=who)
    sender = Sender(platform_id=who, name=f"Person {who[-2:]}", phone=f"+{who}")
    return accept(database, account, message.model_copy(update={"sender": sender})).conversation_id


def went(database: Database, tenant: Tenant, conversation_id: str, words: str, status: str, code: str = "") -> None:
    with database.tenant(tenant.id) as session:
        conversation = locked(session, conversation_id)
        (row,) = write_outbound(
            session, conversation, Writer(Author.BOT, conversation.epoch), Outgoing(text=words), words
        )
        row.status, row.error_code, row.error_text = status, code or None, "said by the provider" if code else None


@pytest.fixture
def supervisor(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Alice, who supervises."""
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.alice).roles = ["supervisor"]
    member = logged_in(console, database, kilap.id, kilap.alice)
    with closing(member.client):
        yield member


@pytest.fixture
def talk(database: Database, kilap: Tenant) -> str:
    """A question, an answer that arrived, one that did not; and a message on another channel by somebody else."""
    conversation_id = came(database, kilap.whatsapp, "berapa ganti oli?")
    went(database, kilap, conversation_id, "Dua ratus ribu.", "read")
    went(database, kilap, conversation_id, "Mau pesan?", "failed", "131047")
    came(database, kilap.webchat, "halo dari web", "visitor-22")
    return conversation_id


def texts(database: Database, tenant: Tenant, wanted: Wanted, most: int = PAGE) -> list[str]:
    with database.tenant_reading(tenant.id) as session:
        return [line.text for line in log_page(session, wanted, most)[0]]


@BOTH
@pytest.mark.usefixtures("talk")
def test_each_filter_shows_what_it_names_and_nothing_else(database: Database, kilap: Tenant) -> None:
    everything = ["halo dari web", "Mau pesan?", "Dua ratus ribu.", "berapa ganti oli?"]
    now = utc_now()
    for wanted, shown in (
        (Wanted(), everything),
        (Wanted(direction="in"), [everything[0], everything[3]]),
        (Wanted(status="failed"), ["Mau pesan?"]),
        (Wanted(status="read"), ["Dua ratus ribu."]),
        (Wanted(status="waiting", direction="out"), []),
        (Wanted(person="+62 811-000001"), everything[1:]),
        (Wanted(person="person 22"), everything[:1]),
        (Wanted(account=kilap.webchat.id), everything[:1]),
        (Wanted(kind="whatsapp"), everything[1:]),
        (Wanted(since=now - timedelta(hours=1), until=now + timedelta(hours=1)), everything),
        (Wanted(until=now - timedelta(hours=1)), []),
    ):
        assert texts(database, kilap, wanted) == shown, wanted


@BOTH
def test_pages_hold_each_line_once_also_where_all_have_one_moment(database: Database, kilap: Tenant) -> None:
    conversation_id = came(database, kilap.whatsapp, "q0")
    for number in range(1, 8):
        came(database, kilap.whatsapp, f"q{number}")
        went(database, kilap, conversation_id, f"a{number}", "sent")
    with database.tenant(kilap.id) as session:
        moment = utc_now()
        session.execute(update(Inbound).values(received_at=moment))
        session.execute(update(Outbound).where(Outbound.send_key != "a7#0").values(created_at=moment))
    seen: list[LogLine] = []
    place: Place | None = None
    while True:
        with database.tenant_reading(kilap.id) as session:
            lines, place = log_page(session, Wanted(before=place), 4)
        seen += lines
        if place is None:
            break
    whole = texts(database, kilap, Wanted(), 100)
    assert [line.text for line in seen] == whole and len(set(whole)) == 15
    ways = [line.direction for line in seen if line.at == moment]
    assert ways == sorted(ways, key=lambda way: way is Direction.IN)


@BOTH
@pytest.mark.usefixtures("talk")
def test_a_page_is_two_statements_whatever_is_asked_for_and_two_more_for_a_person(
    database: Database, kilap: Tenant
) -> None:
    everything = Wanted(utc_now(), utc_now(), "oli", kilap.whatsapp.id, "whatsapp", "", "failed")
    with database.tenant_reading(kilap.id) as session:
        log_page(session, everything)  # once, this asks SQLite whether it has an index
    for wanted, number in ((Wanted(), 2), (everything, 4), (Wanted(direction="in"), 1), (Wanted(status="read"), 1)):
        with database.tenant_reading(kilap.id) as session, statements(database) as sent:
            log_page(session, wanted)
        assert len(sent) == number, wanted


@pytest.mark.parametrize(
    ("wanted", "indexes"),
    [
        (Wanted(), {"ix_inbound_day", "ix_outbound_day"}),
        (Wanted(status="failed"), {"ix_inbound_failed", "ix_outbound_troubled"}),
        (Wanted(account="a"), {"ix_inbound_account", "ix_outbound_account"}),
        (Wanted(account="a", since=utc_now(), until=utc_now()), {"ix_inbound_account", "ix_outbound_account"}),
        (Wanted(before=Place(utc_now(), Direction.OUT, "x")), {"ix_inbound_day", "ix_outbound_day"}),
    ],
)
def test_each_question_is_answered_by_an_index(
    database: Database, kilap: Tenant, wanted: Wanted, indexes: set[str]
) -> None:
    with database.tenant_reading(kilap.id) as session:
        plans: list[str] = []

        def explain(state: object, cursor: object, statement: str, parameters: object, *rest: object) -> None:
            if statement.startswith("SELECT"):
                asked = database.engine.raw_connection()
                rows = asked.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
                plans.append(" ".join(row[3] for row in rows))
                asked.close()

        event.listen(database.engine, "before_cursor_execute", explain)
        log_page(session, wanted)
        event.remove(database.engine, "before_cursor_execute", explain)
    found = {name for name in indexes if any(name in plan for plan in plans)}
    assert found == indexes, plans
    assert not any("SCAN inbound" in plan or "SCAN outbound" in plan for plan in plans), plans


def test_the_page_says_why_a_message_did_not_arrive_and_leads_to_it(supervisor: StaffMember, talk: str) -> None:
    page = unescape(supervisor.get("/console/messages").text)
    assert "131047" in page and "said by the provider" in page and "Not delivered" in page
    assert f"/console/conversations/{talk}?at=3#message-3" in page
    narrowed = unescape(supervisor.get("/console/messages?status=read&direction=out").text)
    assert "Dua ratus ribu." in narrowed and "Mau pesan?" not in narrowed
    assert supervisor.get("/console/messages?since=soon").status_code == 400
    assert supervisor.get("/console/messages?before=1.in.x&person=%25").status_code == 200


def test_a_conversation_opens_at_a_message_of_long_ago(
    supervisor: StaffMember, database: Database, kilap: Tenant
) -> None:
    conversation_id = came(database, kilap.whatsapp, "yang pertama")
    for number in range(220):
        came(database, kilap.whatsapp, f"nomor {number}")
    assert (
        'id="message-30"'
        not in supervisor.get(f"/console/conversations/{conversation_id}?at=200").text.split("<main")[0]
    )
    assert 'id="message-1"' not in supervisor.get(f"/console/conversations/{conversation_id}").text
    page = supervisor.get(f"/console/conversations/{conversation_id}?at=3").text
    assert 'id="message-3"' in page and 'id="message-221"' in page


def test_the_file_holds_what_the_filters_show_and_is_noted(
    supervisor: StaffMember, database: Database, kilap: Tenant, talk: str
) -> None:
    went(database, kilap, talk, "=HYPERLINK(1)", "failed", "131026")
    answer = supervisor.post("/console/messages/export", {"status": "failed", "person": "Person 01"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["text"], row["code"], row["phone"]) for row in rows] == [
        ("'=HYPERLINK(1)", "131026", "+62811000001"),
        ("Mau pesan?", "131047", "+62811000001"),
    ]
    assert all(row["reason"] for row in rows)
    last = rows_of(database, AuditEntry)[-1]
    assert (last.action, last.staff_id, last.new) == (
        "export.messages",
        kilap.alice,
        {"status": "failed", "person": "Person 01"},
    )


@pytest.mark.usefixtures("talk")
def test_nobody_sees_messages_of_others(
    database: Database, kilap: Tenant, stranger: Tenant, bob: StaffMember, talk: str
) -> None:
    assert bob.get("/console/messages").status_code == 403
    assert bob.post("/console/messages/export").status_code == 403
    assert texts(database, stranger, Wanted()) == []
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, talk).outlet = "EAST"
    west = database.on_behalf(Behalf(kilap.alice, outlets=("WEST",)))
    assert texts(west, kilap, Wanted()) == ["halo dari web"]
