"""The fake behaves as Meta's reference says; everything else is tested against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ramah.channels.content import IncomingKind, ReceiptStatus
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp.channel import WhatsAppChannel
from tests.fakes.graph.accounts import Account, Habits, Limits
from tests.fakes.graph.faults import SUFFIXES, Fault
from tests.fakes.graph.server import GraphServer
from tests.unit.channels.whatsapp.receiver import Webhook

AINA = "60121112222"


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    made = Webhook()
    yield made
    made.stop()


@pytest.fixture
def account(webhook: Webhook) -> Account:
    return Account(webhook_url=webhook.url)


@pytest.fixture
def graph(account: Account) -> Iterator[GraphServer]:
    with GraphServer([account], redelivery_wait=0.01) as server:
        yield server


@pytest.fixture
def http(graph: GraphServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=graph.url, trust_env=False) as client:
        yield client


@pytest.fixture
def channel(graph: GraphServer) -> Iterator[WhatsAppChannel]:
    made = WhatsAppChannel(graph.url, "v23.0")
    yield made
    made.close()


def send(http: httpx.Client, to: str = AINA, **more: Any) -> httpx.Response:
    """Send a greeting as a business would."""
    body = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": "hi"}, **more}
    return http.post("/v23.0/1000001/messages", json=body, headers={"Authorization": "Bearer demo-token"})


def write(http: httpx.Client, **more: Any) -> str:
    """Write as a person would; returns the id."""
    answer = http.post("/_demo/inbound", json={"from": AINA, "name": "Aina", **(more or {"text": "halo"})})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_what_a_person_writes_arrives_signed(
    http: httpx.Client, graph: GraphServer, webhook: Webhook, channel: WhatsAppChannel, account: Account
) -> None:
    identifier = write(http, text="mau cuci 🚗 a/b")
    assert graph.postman.drain(5)
    ((headers, body),) = webhook.bodies
    channel.verify(AccountAccess("1000001", {"app_secret": account.app_secret}), headers, body)
    assert b"\\ud83d" in body
    (batch,) = channel.parse(AccountAccess("1000001", {}), body)
    assert batch.account_external_id == "1000001"
    assert (batch.incoming[0].external_id, batch.incoming[0].text) == (identifier, "mau cuci 🚗 a/b")


@pytest.mark.parametrize("from_list", [False, True])
def test_a_tap_arrives_as_a_tap(
    http: httpx.Client, graph: GraphServer, webhook: Webhook, channel: WhatsAppChannel, from_list: bool
) -> None:
    write(http, payload="/yes", title="Ya", from_list=from_list, reply_to="wamid.OURS")
    assert graph.postman.drain(5)
    incoming = channel.parse(AccountAccess("1000001", {}), webhook.bodies[0][1])[0].incoming[0]
    assert (incoming.kind, incoming.payload, incoming.text, incoming.reply_to) == (
        IncomingKind.TAP,
        "/yes",
        "Ya",
        "wamid.OURS",
    )


def test_a_refused_webhook_comes_again_until_it_is_taken(
    http: httpx.Client, graph: GraphServer, webhook: Webhook
) -> None:
    webhook.refuse = 3
    write(http)
    assert graph.postman.drain(5)
    assert len(webhook.bodies) == 4
    assert len({body for _, body in webhook.bodies}) == 1


def test_a_message_can_be_delivered_several_times(http: httpx.Client, graph: GraphServer, webhook: Webhook) -> None:
    write(http, text="halo", repeat=3)
    assert graph.postman.drain(5)
    assert len(webhook.bodies) == 3


@pytest.mark.parametrize(
    ("habits", "course"),
    [
        (Habits(), ["sent", "delivered", "read"]),
        (Habits(read=False), ["sent", "delivered"]),
        (Habits(skip_delivered=True), ["sent", "read"]),
        (Habits(reverse=True), ["read", "delivered", "sent"]),
        (Habits(duplicate=True), ["sent", "delivered", "read"] * 2),
    ],
)
def test_a_message_inside_the_window_gets_its_receipts(
    http: httpx.Client,
    graph: GraphServer,
    webhook: Webhook,
    channel: WhatsAppChannel,
    habits: Habits,
    course: list[str],
) -> None:
    assert http.post("/_demo/habits", content=habits.model_dump_json(), headers=JSON).status_code == 200
    write(http)
    answer = send(http, biz_opaque_callback_data="out-9").json()
    assert graph.postman.drain(5)
    receipts = webhook.receipts(channel)
    assert [receipt.status.value for receipt in receipts] == course
    assert {(receipt.provider_id, receipt.reference) for receipt in receipts} == {
        (answer["messages"][0]["id"], "out-9")
    }


JSON = {"Content-Type": "application/json"}


def test_outside_the_window_a_message_is_accepted_and_then_fails(
    http: httpx.Client, graph: GraphServer, webhook: Webhook, channel: WhatsAppChannel
) -> None:
    write(http)
    http.post("/_demo/clock", json={"seconds": 24 * 3600 + 1})
    assert send(http).status_code == 200
    assert graph.postman.drain(5)
    (receipt,) = webhook.receipts(channel)
    assert (receipt.status, receipt.error_code) == (ReceiptStatus.FAILED, "131047")


def test_a_template_passes_outside_the_window(
    http: httpx.Client, graph: GraphServer, webhook: Webhook, channel: WhatsAppChannel
) -> None:
    template = {"name": "reminder", "language": {"code": "id"}}
    body = {"messaging_product": "whatsapp", "to": AINA, "type": "template", "template": template}
    http.post("/v23.0/1000001/messages", json=body, headers={"Authorization": "Bearer demo-token"})
    assert graph.postman.drain(5)
    assert webhook.receipts(channel)[0].status is ReceiptStatus.SENT


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"text": {"body": "x" * 4097}}, 400, 131009),
        ({"text": {"body": " "}}, 400, 131009),
        ({"text": {}}, 400, 131008),
        ({"type": "hologram"}, 400, 100),
        ({"colour": "green"}, 400, 100),
        ({"messaging_product": "telegraph"}, 400, 100),
    ],
)
def test_it_refuses_what_breaks_a_limit(http: httpx.Client, change: dict[str, Any], status: int, code: int) -> None:
    answer = send(http, **change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["error_data"]["details"]


@pytest.mark.parametrize(
    ("number", "token", "status", "code"), [("1000001", "wrong", 401, 190), ("7", "demo-token", 400, 100)]
)
def test_it_refuses_a_wrong_token_or_number(
    http: httpx.Client, number: str, token: str, status: int, code: int
) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    answer = http.post(f"/v23.0/{number}/messages", json={}, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_too_many_messages_to_one_person_are_refused_and_others_are_not(http: httpx.Client) -> None:
    codes = [send(http).status_code for _ in range(46)]
    assert codes == [200] * 45 + [400]
    assert send(http).json()["error"]["code"] == 131056
    assert send(http, to="628123456789").status_code == 200
    http.post("/_demo/clock", json={"seconds": 7})
    assert send(http).status_code == 200


def test_too_many_messages_a_second_are_refused(account: Account) -> None:
    limits = Limits(throughput_rate=0.001, throughput_burst=2)
    with GraphServer([account], limits=limits) as graph, httpx.Client(base_url=graph.url, trust_env=False) as http:
        answers = [send(http, to=f"62812345678{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["error"]["code"] == 130429


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Fault.SERVER_ERROR, 500), (Fault.UNAUTHORISED, 401), (Fault.BUSY, 429), (Fault.TOO_FAST, 400)],
)
def test_some_numbers_always_meet_a_fault(http: httpx.Client, fault: Fault, status: int) -> None:
    ending = next(suffix for suffix, meant in SUFFIXES.items() if meant is fault)
    assert send(http, to=f"62812{ending}").status_code == status


def test_an_undeliverable_message_fails_later(
    http: httpx.Client, graph: GraphServer, webhook: Webhook, channel: WhatsAppChannel
) -> None:
    assert send(http, to="62812990026").status_code == 200
    assert graph.postman.drain(5)
    assert webhook.receipts(channel)[0].error_code == "131026"


def test_faults_can_be_ordered(http: httpx.Client) -> None:
    http.post("/_demo/faults", json={"fault": "server_error", "times": 2, "to": AINA})
    assert [send(http).status_code for _ in range(3)] == [500, 500, 200]


@pytest.mark.parametrize(("token", "verified"), [("demo-verify-token", True), ("another", False)])
def test_it_proves_a_webhook_as_the_dashboard_does(
    http: httpx.Client, webhook: Webhook, account: Account, token: str, verified: bool
) -> None:
    webhook.verify_token = token
    answer = http.post("/_demo/verify", content=account.model_dump_json(), headers=JSON)
    assert answer.json() == {"verified": verified}


def test_it_lists_what_was_sent(http: httpx.Client) -> None:
    write(http)
    send(http)
    send(http, to="628123456789")
    listed = http.get("/_demo/messages", params={"to": AINA}).json()
    assert [line["body"]["text"]["body"] for line in listed] == ["hi"]
    assert len(http.get("/_demo/messages").json()) == 2
    assert [line["ours"] for line in http.get("/_demo/thread", params={"user": AINA}).json()] == [False, True]


@pytest.mark.parametrize(
    "body", [{"from": "abc", "text": "hi"}, {"from": AINA}, {"from": AINA, "text": "a", "payload": "b"}]
)
def test_it_refuses_a_wrong_control_request(http: httpx.Client, body: dict[str, Any]) -> None:
    assert http.post("/_demo/inbound", json=body).status_code == 400


def test_a_page_of_another_site_cannot_write(http: httpx.Client) -> None:
    body = json.dumps({"from": AINA, "text": "hi"})
    assert http.post("/_demo/inbound", content=body, headers={"Content-Type": "text/plain"}).status_code == 415


def test_it_serves_the_page_of_the_customer(http: httpx.Client) -> None:
    page = http.get("/_demo/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "innerHTML" not in page.text
    assert http.get("/_demo/nothing").status_code == 404


def test_it_tells_its_state(http: httpx.Client, graph: GraphServer) -> None:
    write(http)
    assert graph.postman.drain(5)
    state = http.get("/_demo/state").json()
    assert state["waiting"] == 0
    assert state["businesses"] == [{"phone_number_id": "1000001", "name": "Business", "number": "622150000001"}]


def test_one_more_number_can_be_served(http: httpx.Client, account: Account) -> None:
    another = account.model_copy(update={"phone_number_id": "1000002", "token": "another-token"})
    assert http.post("/_demo/accounts", content=another.model_dump_json(), headers=JSON).status_code == 200
    body = {"messaging_product": "whatsapp", "to": AINA, "type": "text", "text": {"body": "hi"}}
    path = "/v23.0/1000002/messages"
    assert http.post(path, json=body, headers={"Authorization": "Bearer another-token"}).status_code == 200
    assert http.post(path, json=body, headers={"Authorization": "Bearer demo-token"}).status_code == 400
