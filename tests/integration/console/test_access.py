"""Who may call what. Each route of the app must be declared here, or the first test fails."""

from __future__ import annotations

import httpx
import pytest

from ramah.desk.handover import take_over
from ramah.messaging.models import ChannelAccount, Conversation
from ramah.people import Staff, StaffSession
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.access_rules import RULES, THREAD, Access
from tests.integration.console.contents import count, everything
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import StaffMember

STAFF_READS = [rule.removeprefix("GET ") for rule in RULES if RULES[rule] is Access.STAFF and rule.startswith("GET ")]
STAFF_CHANGES = [
    rule.removeprefix("POST ") for rule in RULES if RULES[rule] is Access.STAFF and rule.startswith("POST")
]
THREAD_READS = [path for path in STAFF_READS if path.startswith(THREAD)]
THREAD_CHANGES = [path for path in STAFF_CHANGES if path.startswith(THREAD)]
NEEDS_HOLDER = (f"{THREAD}/release", f"{THREAD}/messages", f"{THREAD}/template")
MESSAGE = {"text": "halo", "send_key": "k1", "name": "reminder", "doing": "reading"}
TEMPLATE = {"name": "reminder", "language": "id", "preview": "Halo"}


def address(path: str, conversation_id: str) -> str:
    return path.replace("<conversation_id:str>", conversation_id).replace("<key:str>", "kilap-web")


def test_every_route_has_a_declared_rule(console: ServedConsole) -> None:
    found = {f"{method} /{route.path}" for route in console.app.router.routes for method in route.methods}
    assert found == set(RULES)


@pytest.mark.parametrize("path", STAFF_READS)
def test_nobody_reads_a_staff_page_without_logging_in(anybody: httpx.Client, conversation_id: str, path: str) -> None:
    asked = address(path, conversation_id)
    page = anybody.get(asked)
    assert page.status_code == 302
    assert page.headers["location"] == f"/login?next={asked}"
    assert anybody.get(asked, headers={"hx-request": "true"}).status_code == 401
    assert anybody.get(asked, headers={"accept": "text/event-stream"}).status_code == 401


@pytest.mark.parametrize("path", STAFF_CHANGES)
def test_nobody_changes_anything_without_logging_in(
    anybody: httpx.Client, database: Database, conversation_id: str, path: str
) -> None:
    before = everything(database)
    assert anybody.post(address(path, conversation_id), data=MESSAGE).status_code == 401
    assert everything(database) == before


@pytest.mark.parametrize("path", STAFF_CHANGES)
def test_a_change_without_the_right_csrf_token_changes_nothing(
    alice: StaffMember, bob: StaffMember, database: Database, kilap: Tenant, conversation_id: str, path: str
) -> None:
    if path in NEEDS_HOLDER:
        take_over(database, kilap.id, conversation_id, alice.id)
    with database.tenant(kilap.id) as session:
        session.get_one(ChannelAccount, kilap.whatsapp.id).options = {"templates": [TEMPLATE]}
    before = everything(database)
    for token in (None, "", "wrong", bob.csrf):
        headers = {} if token is None else {"x-csrf-token": token}
        assert alice.client.post(address(path, conversation_id), data=MESSAGE, headers=headers).status_code == 403
        assert alice.client.post(address(path, conversation_id), data={"csrf_token": token or ""}).status_code == 403
    assert everything(database) == before


@pytest.mark.parametrize("path", THREAD_READS)
def test_an_outsider_reads_nothing_of_a_thread(charlie: StaffMember, conversation_id: str, path: str) -> None:
    answer = charlie.get(address(path, conversation_id), headers={"hx-request": "true"})
    # A row that is not in one's list is answered like a row that left it: there is nothing to show.
    assert (answer.status_code, answer.text) == (204, "") if path.endswith("/row") else answer.status_code == 404
    assert "secret of kilap" not in answer.text
    assert "62811000001" not in answer.text


@pytest.mark.parametrize("path", ["/console", "/console/conversations"])
def test_an_outsider_finds_nothing_in_the_list(charlie: StaffMember, conversation_id: str, path: str) -> None:
    for asked in ("", "?filter=all&q=secret", "?filter=bot", "?filter=closed"):
        answer = charlie.get(path + asked)
        assert answer.status_code == 200
        assert conversation_id not in answer.text
        assert "secret of kilap" not in answer.text


@pytest.mark.parametrize("path", THREAD_CHANGES)
def test_an_outsider_changes_nothing(charlie: StaffMember, database: Database, conversation_id: str, path: str) -> None:
    before = everything(database)
    assert charlie.post(address(path, conversation_id), MESSAGE).status_code == 404
    assert everything(database) == before


@pytest.mark.parametrize("path", [path for path in STAFF_READS if path != "/console/live"])
def test_staff_of_the_organisation_read(alice: StaffMember, bob: StaffMember, conversation_id: str, path: str) -> None:
    for person in (alice, bob):
        answer = person.get(address(path, conversation_id))
        assert answer.status_code == 200
        # The side panel shows who wrote, not what.
        assert ("secret of kilap" in answer.text) or ("62811000001" in answer.text)


@pytest.mark.parametrize("path", THREAD_CHANGES)
def test_staff_of_the_organisation_act(
    alice: StaffMember, database: Database, kilap: Tenant, conversation_id: str, path: str
) -> None:
    if path in NEEDS_HOLDER:
        take_over(database, kilap.id, conversation_id, alice.id)
    with database.tenant(kilap.id) as session:
        session.get_one(ChannelAccount, kilap.whatsapp.id).options = {"templates": [TEMPLATE]}
    before = everything(database)
    assert alice.post(address(path, conversation_id), MESSAGE).status_code == 204
    assert everything(database) != before


@pytest.mark.parametrize("path", THREAD_READS + THREAD_CHANGES)
def test_a_conversation_that_does_not_exist_is_not_found(alice: StaffMember, path: str) -> None:
    answer = alice.post(address(path, "none"), MESSAGE) if path in THREAD_CHANGES else alice.get(address(path, "none"))
    assert answer.status_code in ({204, 404} if path.endswith("/row") else {404})


def test_a_person_who_left_is_out_at_once(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    assert alice.get("/console").status_code == 200
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, alice.id).active = False
    assert alice.get("/console").status_code == 302


@pytest.mark.parametrize("rule", [rule for rule in RULES if RULES[rule] is Access.VISITOR])
def test_the_web_chat_needs_its_token(anybody: httpx.Client, kilap: Tenant, database: Database, rule: str) -> None:
    method, path = rule.split()
    body = {"client_id": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", "text": "halo"} if method == "POST" else None
    for given in ("", "Bearer short", "Bearer " + "x" * 101, "Basic " + "x" * 43):
        answer = anybody.request(method, address(path, ""), headers={"authorization": given}, json=body)
        assert answer.status_code == 401
    assert count(database, Conversation) == 0


def test_the_demo_page_with_its_passwords_exists_only_in_the_demo(anybody: httpx.Client, kilap: Tenant) -> None:
    answer = anybody.get("/")
    assert (answer.status_code, answer.headers["location"]) == (302, "/console")


def test_logging_out_needs_a_session(anybody: httpx.Client, alice: StaffMember, database: Database) -> None:
    assert anybody.post("/logout").status_code == 401
    assert count(database, StaffSession) == 1


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/console", {b"cookie": b"ramah_session=\xff\xfe"}),
        ("/console", {b"x-anything": b"\xc3\x28"}),
        ("/api/webchat/kilap-web/messages", {b"authorization": b"Bearer " + b"\xff" * 40}),
        ("/console/conversations?q=%00", {}),
        ("/webhooks/whatsapp/kilap-phone?hub.mode=subscribe&hub.verify_token=%00", {}),
    ],
)
def test_what_cannot_be_read_is_refused_not_a_failure(
    alice: StaffMember, path: str, headers: dict[bytes, bytes]
) -> None:
    assert alice.client.get(path, headers=headers).status_code == 400


def test_numbers_that_are_none_of_ours_do_no_harm(alice: StaffMember, conversation_id: str) -> None:
    thread = f"/console/conversations/{conversation_id}/messages"
    for number in ("9" * 16, "9" * 17, "9" * 40, "9" * 5000, "-1", "²", "x", ""):
        for params in ({"after": number}, {"before": number}):
            assert alice.get(thread, params=params).status_code == 200
        assert alice.get("/console/conversations", params={"before": f"{number}.{conversation_id}"}).status_code == 200


def test_a_method_that_a_path_does_not_have_is_named(anybody: httpx.Client) -> None:
    answer = anybody.delete("/login")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].replace(" ", "").split(",")) >= {"GET", "POST"}
