"""Files that people sent: from the gateway only, and never more of them than wanted."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from ramah.channels.content import FetchedMedia, MediaKind, RemoteMedia
from ramah.channels.errors import ChannelError, SendOutcome
from tests.fakes.device.events import File
from tests.unit.channels.device.stand import NAMES, Stand

BY_ADDRESS = tuple(name for name in NAMES if name != "evolution")


def only(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("stand", names, indirect=True)


def fetched(stand: Stand, reference: str, most_bytes: int = 1000) -> FetchedMedia:
    wanted = RemoteMedia(kind=MediaKind.IMAGE, reference=reference, mime_type="image/png", filename="a.png")
    return stand.channel.fetch(stand.access, wanted, most_bytes)


def failure(stand: Stand, reference: str, most_bytes: int = 1000) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        fetched(stand, reference, most_bytes)
    return caught.value


@only(*BY_ADDRESS)
def test_a_file_is_fetched_with_the_key(stand: Stand) -> None:
    path = stand.file(b"picture").path
    for reference in (path, f"{stand.gateway.url}{path}", path.lstrip("/")):
        assert fetched(stand, reference) == FetchedMedia(content=b"picture", mime_type="image/png", filename="a.png")
    error = failure(replace(stand, access=replace(stand.access, secrets={})), path)
    assert error.permanent


@only(*BY_ADDRESS)
def test_a_gateway_that_calls_itself_localhost_is_asked_where_it_is(stand: Stand) -> None:
    path = stand.file(b"picture").path
    for host in ("localhost:3000", "127.0.0.1:7030", "0.0.0.0"):
        assert fetched(stand, f"http://{host}{path}").content == b"picture"


@only(*BY_ADDRESS)
@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://evil.example/x",
        "http://user:pass@127.0.0.1/x",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://[::1",
    ],
)
def test_no_other_host_is_ever_asked(stand: Stand, address: str) -> None:
    before = list(stand.gateway.calls)
    error = failure(stand, address)
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, "untrusted_address")
    assert stand.gateway.calls == before


@only(*BY_ADDRESS)
def test_two_slashes_lead_to_no_other_host(stand: Stand) -> None:
    assert failure(stand, "//evil.example/x").code == "gone"
    assert stand.gateway.calls[-1].startswith("GET /")


def test_a_file_that_is_too_large_is_not_read(stand: Stand) -> None:
    stand.file(b"x" * 5000)
    incoming = stand.message(file=stand.file(b"x" * 5000))
    with pytest.raises(ChannelError) as caught:
        stand.channel.fetch(stand.access, incoming.media[0], 1000)
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.GIVE_UP, "too_large")


def test_a_file_that_is_gone_is_given_up(stand: Stand) -> None:
    incoming = stand.message(file=stand.file())
    stand.gateway.phones.files.clear()
    with pytest.raises(ChannelError) as caught:
        stand.channel.fetch(stand.access, incoming.media[0], 1000)
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.GIVE_UP, "gone")


def test_a_file_in_the_event_itself_needs_no_request(stand: Stand) -> None:
    before = list(stand.gateway.calls)
    inline = "data:image/png;base64," + base64.b64encode(b"picture").decode()
    assert fetched(stand, inline).content == b"picture"
    assert failure(stand, inline, 3).code == "too_large"
    assert failure(stand, "data:image/png;base64,A").code == "gone"
    assert stand.gateway.calls == before


@only("gowa")
def test_a_file_that_the_gateway_did_not_fetch_is_asked_for_by_its_message(stand: Stand) -> None:
    kept = stand.gateway.keep_file("3EB0AAAA", File("image", b"picture", "image/jpeg"))
    incoming = stand.message(file=replace(kept, path=""))
    assert incoming.media[0].reference.startswith("message:3EB0AAAA:")
    assert stand.channel.fetch(stand.access, incoming.media[0], 1000).content == b"picture"
