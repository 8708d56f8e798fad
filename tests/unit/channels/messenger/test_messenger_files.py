"""Files in both directions, against a server that behaves like Facebook."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from ramah.channels.content import Attachment, MediaKind, Outgoing, RemoteMedia
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger import errors
from ramah.channels.messenger.channel import MessengerChannel
from ramah.channels.messenger.download import is_trusted
from ramah.channels.messenger.files import MOST_BYTES
from ramah.channels.port import AccountAccess
from tests.fakes.messenger.faults import Fault, FaultOrder
from tests.fakes.messenger.platform import Platform
from tests.fakes.messenger.server import FacebookServer
from tests.unit.channels.messenger.recorded import AINA

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


@pytest.mark.parametrize("kind", MediaKind)
def test_every_kind_of_file_travels_with_its_message(
    channel: MessengerChannel, access: AccountAccess, platform: Platform, kind: MediaKind
) -> None:
    file = Attachment(kind=kind, media_id="m1", mime_type="image/png; x=y", filename='se"bu\nah.png', content=PNG)
    channel.send(access, AINA, Outgoing(attachment=file), "out-1")
    (line,) = platform.lines
    assert line.file is not None
    assert hashlib.sha256(line.file).hexdigest() == hashlib.sha256(PNG).hexdigest()
    assert line.message["metadata"] == "out-1"


@pytest.mark.parametrize(
    ("content", "code"), [(None, errors.FILE_MISSING), (b"", errors.FILE_MISSING), (bytes(MOST_BYTES + 1), "too_large")]
)
def test_a_file_that_breaks_a_limit_never_travels(
    channel: MessengerChannel, access: AccountAccess, platform: Platform, content: bytes | None, code: str
) -> None:
    platform.order_fault(FaultOrder(Fault.REFUSE))
    file = Attachment(kind=MediaKind.IMAGE, media_id="m1", mime_type="image/png", content=content)
    with pytest.raises(ChannelError) as caught:
        channel.send(access, AINA, Outgoing(attachment=file), "out-1")
    error = caught.value
    assert (error.outcome, error.code, platform.faults.met) == (SendOutcome.GIVE_UP, code, 0)


def fetching(channel: MessengerChannel, access: AccountAccess, media: RemoteMedia, most: int = 10_000) -> ChannelError:
    """The error that fetching a file ends with."""
    with pytest.raises(ChannelError) as caught:
        channel.fetch(access, media, most)
    return caught.value


def sent_file(facebook: FacebookServer, content: bytes = PNG) -> RemoteMedia:
    """A picture that Aina sent."""
    url = facebook.platform.file_from_person(content, "image/png", facebook.url)
    return RemoteMedia(kind=MediaKind.IMAGE, reference=url, filename="foto.png")


def test_a_file_that_somebody_sent_is_fetched(
    channel: MessengerChannel, access: AccountAccess, facebook: FacebookServer
) -> None:
    fetched = channel.fetch(access, sent_file(facebook), len(PNG))
    assert (fetched.content, fetched.mime_type, fetched.filename) == (PNG, "image/png", "foto.png")


def test_a_file_above_the_bound_is_refused(
    channel: MessengerChannel, access: AccountAccess, facebook: FacebookServer
) -> None:
    error = fetching(channel, access, sent_file(facebook), len(PNG) - 1)
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, errors.TOO_LARGE)


def test_an_address_that_expired_is_gone(
    channel: MessengerChannel, access: AccountAccess, facebook: FacebookServer
) -> None:
    media = sent_file(facebook)
    facebook.platform.forget_files()
    error = fetching(channel, access, media)
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, errors.GONE)


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.CUT])
def test_a_file_may_come_later(
    channel: MessengerChannel, access: AccountAccess, facebook: FacebookServer, fault: Fault
) -> None:
    media = sent_file(facebook)
    facebook.platform.order_fault(FaultOrder(fault, "downloads"))
    assert fetching(channel, access, media).outcome is SendOutcome.RETRY
    assert channel.fetch(access, media, 10_000).content == PNG


def test_no_token_travels_and_strangers_are_not_asked(
    channel: MessengerChannel, access: AccountAccess, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/a.png").respond_with_data(b"x")
    media = RemoteMedia(kind=MediaKind.IMAGE, reference=httpserver.url_for("/a.png"))
    error = fetching(channel, access, media)
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, errors.UNTRUSTED_ADDRESS)
    assert httpserver.log == []
    own = replace(access, base_url=httpserver.url_for("").rstrip("/"))
    assert channel.fetch(own, media, 10).content == b"x"
    assert httpserver.log[0][0].headers.get("Authorization") is None


def test_a_redirection_to_a_stranger_is_not_followed(
    channel: MessengerChannel, access: AccountAccess, httpserver: HTTPServer
) -> None:
    own = replace(access, base_url=httpserver.url_for("").rstrip("/"))
    for path, target in (("/1", "/2"), ("/2", "https://fbcdn.net.evil.example/a"), ("/loop", "/loop")):
        httpserver.expect_request(path).respond_with_data(b"", status=302, headers={"Location": target})
    away = fetching(channel, own, RemoteMedia(kind=MediaKind.IMAGE, reference=httpserver.url_for("/1")))
    assert (away.outcome, away.code) == (SendOutcome.GIVE_UP, errors.UNTRUSTED_ADDRESS)
    round_and_round = fetching(channel, own, RemoteMedia(kind=MediaKind.IMAGE, reference=httpserver.url_for("/loop")))
    assert (round_and_round.outcome, round_and_round.code) == (SendOutcome.GIVE_UP, errors.GONE)


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("https://scontent.xx.fbcdn.net/v/a.jpg?oh=1", True),
        ("https://cdn.fbsbx.com/a", True),
        ("https://lookaside.facebook.com/a", True),
        ("http://scontent.xx.fbcdn.net/a", False),
        ("https://scontent.xx.fbcdn.net:8443/a", False),
        ("https://notfbcdn.net/a", False),
        ("https://fbcdn.net.evil.example/a", False),
        ("https://fbcdn.net@evil.example/a", False),
        ("https://user@cdn.fbsbx.com/a", False),
        ("file:///etc/passwd", False),
        ("https://169.254.169.254/a", False),
        ("https://graph.test/a", True),
        ("http://graph.test/a", False),
        ("", False),
        ("https://[", False),
    ],
)
def test_it_knows_whom_to_ask(address: str, trusted: bool) -> None:
    assert is_trusted(address, "https://graph.test/") is trusted
