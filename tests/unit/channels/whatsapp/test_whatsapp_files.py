"""Files in both directions, against a server that behaves like Graph."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from ramah.channels.content import Attachment, MediaKind, Outgoing, RemoteMedia
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp import errors
from ramah.channels.whatsapp.attachments import RULES
from ramah.channels.whatsapp.channel import WhatsAppChannel
from ramah.channels.whatsapp.download import may_carry_token
from tests.fakes.graph import media as graph_media
from tests.fakes.graph.accounts import Account
from tests.fakes.graph.faults import Fault, FaultOrder, Place
from tests.fakes.graph.server import GraphServer
from tests.unit.channels.whatsapp.recorded import with_value

AINA = "60121112222"
ACCESS = AccountAccess("1000001", {"access_token": Account().token})
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
ANIMATED = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02"


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    with GraphServer() as server:
        yield server


@pytest.fixture
def channel(graph: GraphServer) -> Iterator[WhatsAppChannel]:
    made = WhatsAppChannel(graph.url, "v23.0", read_timeout=0.5)
    yield made
    made.close()


def picture(content: bytes | None = PNG, mime_type: str = "image/png", **more: str) -> Attachment:
    """A picture of ours."""
    return Attachment(kind=MediaKind.IMAGE, media_id="m1", mime_type=mime_type, content=content, **more)


def refusal(channel: WhatsAppChannel, attachment: Attachment) -> ChannelError:
    """The error that sending a file ends with."""
    with pytest.raises(ChannelError) as caught:
        channel.send(ACCESS, AINA, Outgoing(attachment=attachment), "out-1")
    return caught.value


def received(graph: GraphServer, content: bytes = PNG) -> RemoteMedia:
    """A picture that Aina sent."""
    reference = graph.graph.media.receive("1000001", content, "image/png", "foto.png", graph.graph.now)
    return RemoteMedia(kind=MediaKind.IMAGE, reference=reference, filename="foto.png")


def failure(channel: WhatsAppChannel, media: RemoteMedia, most_bytes: int = 10_000) -> ChannelError:
    """The error that fetching a file ends with."""
    with pytest.raises(ChannelError) as caught:
        channel.fetch(ACCESS, media, most_bytes)
    return caught.value


@pytest.mark.parametrize("kind", MediaKind)
def test_every_kind_of_file_is_uploaded_and_sent_by_its_id(
    channel: WhatsAppChannel, graph: GraphServer, kind: MediaKind
) -> None:
    mime_type = min(RULES[kind].mime_types)
    file = Attachment(kind=kind, media_id="m1", mime_type=mime_type + "; x=y", filename='se"bu\nah', content=b"isi")
    channel.send(ACCESS, AINA, Outgoing(attachment=file), "out-1")
    (entry,) = graph.graph.journal()[AINA]
    stored = graph.graph.media.file(entry["media_id"], graph.graph.now)
    assert (entry["type"], stored.content, stored.mime_type) == (kind.value, b"isi", mime_type)


def test_what_we_take_is_what_meta_takes() -> None:
    theirs = graph_media.SUPPORTED
    assert {kind.value: rule.mime_types for kind, rule in RULES.items()} == {
        k: types for k, (_, types) in theirs.items()
    }
    assert [kind for kind, rule in RULES.items() if rule.most_bytes > theirs[kind.value][0]] == []


@pytest.mark.parametrize(
    ("attachment", "code"),
    [
        (picture(bytes(5 * 1024 * 1024 + 1)), errors.TOO_LARGE),
        (picture(mime_type="image/gif"), errors.UNSUPPORTED_TYPE),
        (picture(mime_type="application/pdf"), errors.UNSUPPORTED_TYPE),
        (picture(content=None), errors.FILE_MISSING),
        (picture(content=b""), errors.FILE_MISSING),
        (
            Attachment(kind=MediaKind.STICKER, media_id="m", mime_type="image/webp", content=bytes(102_401)),
            errors.TOO_LARGE,
        ),
    ],
)
def test_a_file_that_breaks_a_limit_never_travels(
    channel: WhatsAppChannel, graph: GraphServer, attachment: Attachment, code: str
) -> None:
    graph.graph.order_fault(FaultOrder(fault=Fault.SERVER_ERROR, on="uploads"))
    error = refusal(channel, attachment)
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, code)
    assert graph.graph.faults.met == {}


def test_a_sticker_that_moves_may_be_larger(channel: WhatsAppChannel) -> None:
    content = ANIMATED + bytes(300_000)
    sticker = Attachment(kind=MediaKind.STICKER, media_id="m", mime_type="image/webp", content=content)
    assert channel.send(ACCESS, AINA, Outgoing(attachment=sticker), "out-1").provider_id


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.HANG, SendOutcome.RETRY),
        (Fault.CUT, SendOutcome.RETRY),
        (Fault.NONSENSE, SendOutcome.RETRY),
        (Fault.DRIP, SendOutcome.RETRY),
        (Fault.SERVICE_DOWN, SendOutcome.RETRY),
        (Fault.BUSY, SendOutcome.WAIT),
        (Fault.UNAUTHORISED, SendOutcome.CONFIGURATION),
    ],
)
def test_a_lost_upload_has_sent_nobody_anything(
    channel: WhatsAppChannel, graph: GraphServer, fault: Fault, outcome: SendOutcome
) -> None:
    graph.graph.order_fault(FaultOrder(fault=fault, on="uploads"))
    assert refusal(channel, picture()).outcome is outcome
    assert graph.graph.journal() == {}


def test_a_file_that_somebody_sent_is_fetched(channel: WhatsAppChannel, graph: GraphServer) -> None:
    fetched = channel.fetch(ACCESS, received(graph), 10_000)
    assert (fetched.content, fetched.mime_type, fetched.filename) == (PNG, "image/png", "foto.png")


def test_the_checksum_of_the_webhook_is_that_of_the_file(channel: WhatsAppChannel) -> None:
    digest = base64.b64encode(hashlib.sha256(PNG).digest()).decode()
    message = {"from": AINA, "id": "w", "type": "image", "image": {"id": "5", "sha256": digest}}
    (batch,) = channel.parse(ACCESS, with_value({"messages": [message]}))
    assert batch.incoming[0].media[0].sha256 == hashlib.sha256(PNG).hexdigest()


def test_an_address_that_expired_is_asked_for_again_once(channel: WhatsAppChannel, graph: GraphServer) -> None:
    graph.graph.order_fault(FaultOrder(fault=Fault.EXPIRED, on="downloads"))
    assert channel.fetch(ACCESS, received(graph), 10_000).content == PNG
    graph.graph.order_fault(FaultOrder(fault=Fault.EXPIRED, on="downloads", times=2))
    error = failure(channel, received(graph))
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, errors.GONE)


def test_a_file_that_meta_dropped_is_gone(channel: WhatsAppChannel, graph: GraphServer) -> None:
    media = received(graph)
    graph.graph.advance(7 * 86_400 + 1)
    assert (failure(channel, media).outcome, failure(channel, media).code) == (SendOutcome.GIVE_UP, errors.GONE)


@pytest.mark.parametrize("told", [True, False])
def test_a_file_above_the_bound_is_refused(channel: WhatsAppChannel, graph: GraphServer, told: bool) -> None:
    media = received(graph).model_copy(update={"size": len(PNG) if told else None})
    error = failure(channel, media, len(PNG) - 1)
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, errors.TOO_LARGE)
    assert channel.fetch(ACCESS, media, len(PNG)).content == PNG


def test_a_file_that_is_larger_than_it_says_is_cut_off(channel: WhatsAppChannel, httpserver: HTTPServer) -> None:
    details = {"id": "5", "url": httpserver.url_for("/file"), "file_size": 3}
    httpserver.expect_request("/v23.0/5").respond_with_json(details)
    httpserver.expect_request("/file").respond_with_data(b"x" * 100_000)
    access = replace(ACCESS, base_url=httpserver.url_for("").rstrip("/"))
    with pytest.raises(ChannelError) as caught:
        channel.fetch(access, RemoteMedia(kind=MediaKind.IMAGE, reference="5"), 1000)
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.GIVE_UP, errors.TOO_LARGE)


@pytest.mark.parametrize("place", ["look_ups", "downloads"])
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.SERVER_ERROR, SendOutcome.RETRY),
        (Fault.SERVICE_DOWN, SendOutcome.RETRY),
        (Fault.HANG, SendOutcome.RETRY),
        (Fault.CUT, SendOutcome.RETRY),
        (Fault.BUSY, SendOutcome.WAIT),
    ],
)
def test_a_file_may_come_later(
    channel: WhatsAppChannel, graph: GraphServer, place: Place, fault: Fault, outcome: SendOutcome
) -> None:
    media = received(graph)
    graph.graph.order_fault(FaultOrder(fault=fault, on=place))
    assert failure(channel, media).outcome is outcome
    assert channel.fetch(ACCESS, media, 10_000).content == PNG


def test_the_token_goes_to_no_stranger(channel: WhatsAppChannel, httpserver: HTTPServer) -> None:
    elsewhere = "http://localhost:" + str(httpserver.port) + "/file"
    httpserver.expect_request("/v23.0/5").respond_with_json({"id": "5", "url": elsewhere})
    access = replace(ACCESS, base_url=f"http://127.0.0.1:{httpserver.port}")
    with pytest.raises(ChannelError) as caught:
        channel.fetch(access, RemoteMedia(kind=MediaKind.IMAGE, reference="5"), 1000)
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.GIVE_UP, errors.UNTRUSTED_ADDRESS)
    assert [request.path for request, _ in httpserver.log] == ["/v23.0/5"]


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", True),
        ("https://scontent.whatsapp.net/x", True),
        ("https://graph.facebook.com/x", True),
        ("http://127.0.0.1:5290/_media/x", True),
        ("http://127.0.0.1:5291/_media/x", False),
        ("https://127.0.0.1:5290/_media/x", False),
        ("http://lookaside.fbsbx.com/x", False),
        ("https://lookaside.fbsbx.com:8443/x", False),
        ("https://lookaside.fbsbx.com@evil.example/x", False),
        ("https://evil.example@lookaside.fbsbx.com/x", False),
        ("https://fbsbx.com.evil.example/x", False),
        ("https://evilfbsbx.com/x", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("file:///etc/passwd", False),
        ("//lookaside.fbsbx.com/x", False),
        ("https://", False),
        ("", False),
        ("https://[", False),
    ],
)
def test_only_hosts_of_meta_and_the_own_base_get_the_token(address: str, trusted: bool) -> None:
    assert may_carry_token(address, "http://127.0.0.1:5290") is trusted
