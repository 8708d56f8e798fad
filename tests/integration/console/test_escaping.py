"""What customers write is text, wherever operators see it."""

from __future__ import annotations

import httpx
import pytest

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.inbox import accept
from ramah.messaging.turn_runner import TurnRunner
from ramah.people import Contact, Organisation
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant
from tests.integration.console.visitors import Customer, StaffMember

NAME = "<script>alert(1)</script>"
TEXT = "\"><img src=x onerror=alert(2)> ' </textarea> {{ 7 * 7 }} <b>tebal</b>"
ENTITY = "<svg onload=alert(3)>"
DANGER = ("<script>alert", "<img src=x", "<svg onload", "</textarea> {{", "<b>tebal", 'value=""><img')


@pytest.fixture
def hostile(database: Database, kilap: Tenant, engine: ScriptedEngine, runner: TurnRunner) -> str:
    """A conversation in which every text is HTML; returns its id."""
    engine.answer = lambda request: EngineTurn(
        replies=[EngineReply(text=f"bot {request.text}")],
        language="id",
        understood={"intent": {"name": ENTITY}, "entities": [{"entity": ENTITY, "value": ENTITY}]},
        did=[{"action": ENTITY}],
    )
    sender = Sender(platform_id="62811000001", name=NAME)
    message = Incoming(external_id="m-1", sender=sender, kind=IncomingKind.TEXT, text=TEXT)
    conversation_id = accept(database, kilap.whatsapp, message).conversation_id
    runner.run_one()
    return conversation_id


def test_operators_see_html_as_text(alice: StaffMember, hostile: str) -> None:
    thread = f"/console/conversations/{hostile}"
    for path in (thread, f"{thread}/row", f"{thread}/side", "/console", "/console/conversations"):
        page = alice.get(path).text
        assert "&lt;script&gt;alert(1)" in page, path
        assert not [danger for danger in DANGER if danger in page], path
        assert "49" not in page or "{{ 7 * 7 }}" in page, path
    for path in (thread, f"{thread}/messages?after=0"):
        page = alice.get(path, headers={"hx-request": "true"}).text
        assert "onerror=alert(2)&gt;" in page, path
        assert not [danger for danger in DANGER if danger in page], path


def test_what_the_bot_understood_is_text_too(alice: StaffMember, hostile: str) -> None:
    page = alice.get(f"/console/conversations/{hostile}/side").text
    assert page.count("&lt;svg onload=alert(3)&gt;") >= 3


def test_a_search_is_shown_as_text(alice: StaffMember, hostile: str) -> None:
    for search in (NAME, '"><script>alert(4)</script>'):
        for path in ("/console", "/console/conversations"):
            assert "<script>alert" not in alice.get(path, params={"q": search}).text
    assert hostile in alice.get("/console/conversations", params={"q": NAME}).text


@pytest.mark.usefixtures("hostile")
def test_error_pages_show_addresses_as_text(alice: StaffMember) -> None:
    for path in ("/<script>alert(1)</script>", "/chat/<script>alert(1)<%2Fscript>"):
        answer = alice.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 404
        assert "<script>alert" not in answer.text


def test_names_of_the_organisation_are_text_on_its_pages(
    alice: StaffMember, anybody: httpx.Client, customer: Customer, database: Database, kilap: Tenant
) -> None:
    with database.every_organisation() as session:
        organisation = session.get_one(Organisation, kilap.id)
        organisation.name, organisation.assistant_name = "A & 'B' <i>", '"><script>alert(5)</script>'
    for page in (alice.get("/console").text, anybody.get(f"/chat/{customer.key}").text):
        assert "A &amp; &#39;B&#39; &lt;i&gt;" in page
        assert "<script>alert" not in page


def test_a_name_of_null_bytes_and_arabic_is_shown(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    sender = Sender(platform_id="62811000009", name="\x00محمد\x00")
    message = Incoming(external_id="m-9", sender=sender, kind=IncomingKind.TEXT, text="halo")
    conversation_id = accept(database, kilap.whatsapp, message).conversation_id
    assert '<h2 dir="auto">محمد</h2>' in alice.get(f"/console/conversations/{conversation_id}").text
    with database.tenant_reading(kilap.id) as session:
        assert {contact.profile_name for contact in session.query(Contact)} == {"محمد"}
