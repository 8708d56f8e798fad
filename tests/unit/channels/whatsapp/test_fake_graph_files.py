"""The fake's memory: files, templates, limits and what each person got."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ramah.channels.content import MediaKind
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp.channel import WhatsAppChannel
from tests.fakes.graph.accounts import Account, Limits
from tests.fakes.graph.server import GraphServer
from tests.unit.channels.whatsapp.receiver import Webhook

AINA = "60121112222"
BEARER = {"Authorization": "Bearer demo-token"}
PNG = {"file": ("a.png", b"\x89PNG", "image/png")}
FIELDS = {"messaging_product": "whatsapp", "type": "image/png"}
ACCESS = AccountAccess("1000001", {"access_token": "demo-token"})


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    made = Webhook()
    yield made
    made.stop()


@pytest.fixture
def graph(webhook: Webhook) -> Iterator[GraphServer]:
    with GraphServer(
        [Account(webhook_url=webhook.url)], limits=Limits(throughput_burst=3, throughput_rate=0.5)
    ) as made:
        yield made


@pytest.fixture
def http(graph: GraphServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=graph.url, trust_env=False, headers=BEARER) as client:
        yield client


@pytest.fixture
def channel(graph: GraphServer) -> Iterator[WhatsAppChannel]:
    made = WhatsAppChannel(graph.url, "v23.0")
    yield made
    made.close()


def send(http: httpx.Client, to: str = AINA, **more: Any) -> httpx.Response:
    """Send a message as a business would."""
    content = {} if "type" in more else {"type": "text", "text": {"body": "hi"}}
    body = {"messaging_product": "whatsapp", "to": to, **content, **more}
    return http.post("/v23.0/1000001/messages", json=body)


def upload(http: httpx.Client) -> str:
    """Hand over a picture; returns its id."""
    answer = http.post("/v23.0/1000001/media", data=FIELDS, files=PNG)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize(
    ("fields", "files", "code"),
    [
        ({"type": "image/png"}, PNG, 100),
        ({"messaging_product": "whatsapp"}, PNG, 131008),
        (FIELDS | {"type": "image/gif"}, PNG, 100),
        (FIELDS, {"file": ("a.png", b"", "image/png")}, 131053),
        (FIELDS, {"file": ("a.png", bytes(5 * 1024 * 1024 + 1), "image/png")}, 131053),
        (FIELDS, {"picture": PNG["file"]}, 131008),
    ],
)
def test_it_refuses_an_upload_that_breaks_a_rule(
    http: httpx.Client, fields: dict[str, str], files: dict[str, Any], code: int
) -> None:
    answer = http.post("/v23.0/1000001/media", data=fields, files=files)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_the_address_of_a_file_lives_five_minutes_and_wants_the_token(http: httpx.Client) -> None:
    media_id = upload(http)
    details = http.get(f"/v23.0/{media_id}", params={"phone_number_id": "1000001"}).json()
    assert (details["mime_type"], details["file_size"]) == ("image/png", 4)
    assert http.get(details["url"]).content == b"\x89PNG"
    assert http.get(details["url"], headers={"Authorization": ""}).status_code == 401
    assert http.get(details["url"], headers={"User-Agent": ""}).status_code == 403
    http.post("/_demo/clock", json={"seconds": 300})
    assert http.get(details["url"]).status_code == 404
    assert http.get(f"/v23.0/{media_id}").json()["url"] != details["url"]
    http.post("/_demo/clock", json={"seconds": 30 * 86_400})
    assert http.get(f"/v23.0/{media_id}").json()["error"]["error_subcode"] == 33


def test_files_of_one_business_are_not_shown_to_another(http: httpx.Client, graph: GraphServer) -> None:
    media_id = upload(http)
    graph.graph.add_account(Account(phone_number_id="1000002", token="another-token"))
    another = {"Authorization": "Bearer another-token"}
    assert http.get(f"/v23.0/{media_id}", headers=another).status_code == 400
    body = {"messaging_product": "whatsapp", "to": AINA, "type": "image", "image": {"id": media_id}}
    assert http.post("/v23.0/1000002/messages", json=body, headers=another).json()["error"]["code"] == 131009


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "image", "image": {"id": "404"}}, 131009),
        ({"type": "image", "image": {}}, 131009),
        ({"type": "audio", "audio": {"link": "https://example.org/a.ogg", "caption": "hi"}}, 100),
        ({"context": {}}, 131008),
        ({"type": "interactive", "interactive": {"type": "location_request_message", "body": {"text": "?"}}}, 131008),
        ({"type": "template", "template": {"name": "reminder"}}, 131008),
        ({"type": "template", "template": {"name": "unheard_of", "language": {"code": "id"}}}, 132001),
    ],
)
def test_it_refuses_what_it_does_not_remember(http: httpx.Client, message: dict[str, Any], code: int) -> None:
    assert send(http, **message).json()["error"]["code"] == code


def test_a_file_must_be_of_the_kind_that_it_is_sent_as(http: httpx.Client) -> None:
    assert send(http, type="video", video={"id": upload(http)}).json()["error"]["code"] == 131053


def test_a_template_can_be_approved(http: httpx.Client) -> None:
    template = {"name": "slot", "language": "ms", "body": ["{{1}}"]}
    assert http.post("/_demo/templates", json={"template": template}).status_code == 200
    used = {"name": "slot", "language": {"code": "ms"}}
    assert send(http, type="template", template=used).json()["error"]["code"] == 132000
    values = [{"type": "body", "parameters": [{"type": "text", "text": "10:00"}]}]
    assert send(http, type="template", template=used | {"components": values}).status_code == 200


def test_it_counts_how_often_a_limit_was_met_and_not_what_was_ordered(http: httpx.Client) -> None:
    http.post("/_demo/faults", json={"fault": "busy"})
    assert [send(http).status_code for _ in range(6)] == [429, 200, 200, 200, 429, 429]
    assert http.get("/_demo/limits").json() == {"131056": 0, "130429": 2}
    assert http.get("/_demo/state").json()["faults_met"] == {"busy": 1}


def test_too_fast_for_one_person_is_counted() -> None:
    with GraphServer() as graph, httpx.Client(base_url=graph.url, trust_env=False, headers=BEARER) as http:
        assert [send(http).status_code for _ in range(47)] == [200] * 45 + [400] * 2
        assert http.get("/_demo/limits").json() == {"131056": 2, "130429": 0}


def test_a_refusal_can_ask_for_a_wait(http: httpx.Client) -> None:
    http.post("/_demo/faults", json={"fault": "busy", "retry_after": 7})
    assert send(http).headers["retry-after"] == "7"


def test_the_journal_tells_what_each_person_got_in_order(http: httpx.Client) -> None:
    send(http, biz_opaque_callback_data="out-1", context={"message_id": "wamid.X"})
    send(http, to="62811", biz_opaque_callback_data="out-2")
    send(http, type="image", image={"id": upload(http), "caption": "Foto"})
    told = http.get("/_demo/journal").json()
    assert [(entry["reference"], entry["text"]) for entry in told[AINA]] == [("out-1", "hi"), (None, "Foto")]
    assert told[AINA][0]["reply_to"] == "wamid.X"
    assert http.get(f"/_demo/file/{told[AINA][1]['media_id']}").content == b"\x89PNG"
    assert [entry["reference"] for entry in told["62811"]] == ["out-2"]


@pytest.mark.parametrize(("fault", "delivered"), [("cut", 1), ("nonsense", 1), ("service_down", 0)])
def test_the_journal_tells_what_arrived_although_its_answer_was_lost(
    http: httpx.Client, fault: str, delivered: int
) -> None:
    http.post("/_demo/faults", json={"fault": fault})
    try:
        send(http)
    except httpx.RemoteProtocolError:
        assert fault == "cut"
    assert len(http.get("/_demo/journal").json().get(AINA, [])) == delivered


def test_a_file_of_a_person_arrives_and_can_be_fetched(
    http: httpx.Client, graph: GraphServer, webhook: Webhook, channel: WhatsAppChannel
) -> None:
    file = {"content": base64.b64encode(b"\xff\xd8").decode(), "kind": "image", "caption": "Baret"}
    assert http.post("/_demo/inbound", json={"from": AINA, "file": file}).status_code == 200
    assert graph.postman.drain(5)
    incoming = channel.parse(ACCESS, webhook.bodies[0][1])[0].incoming[0]
    assert (incoming.text, incoming.media[0].kind) == ("Baret", MediaKind.IMAGE)
    assert channel.fetch(ACCESS, incoming.media[0], 100).content == b"\xff\xd8"


def test_what_the_business_writes_on_the_phone_arrives_as_an_echo(
    http: httpx.Client, graph: GraphServer, webhook: Webhook, channel: WhatsAppChannel
) -> None:
    identifier = http.post("/_demo/echo", json={"to": AINA, "text": "Siap, kak"}).json()["id"]
    assert graph.postman.drain(5)
    incoming = channel.parse(ACCESS, webhook.bodies[0][1])[0].incoming[0]
    assert (incoming.from_business, incoming.external_id) == (True, identifier)
    assert (incoming.sender.platform_id, incoming.text) == (AINA, "Siap, kak")


def test_a_number_describes_itself(http: httpx.Client) -> None:
    assert http.get("/v23.0/1000001").json()["verified_name"] == "Business"
    assert http.get("/v23.0/1000001", headers={"Authorization": "Bearer no"}).status_code == 401
