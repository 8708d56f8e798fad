"""Sending, against a server that behaves like Graph."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from ramah.channels.content import Choice, Outgoing
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp.channel import WhatsAppChannel
from tests.fakes.graph.accounts import Account
from tests.fakes.graph.faults import Fault, FaultOrder
from tests.fakes.graph.people import PersonWrites
from tests.fakes.graph.server import GraphServer

AINA = "60121112222"
ACCESS = AccountAccess("1000001", {"access_token": Account().token})
HELLO = Outgoing(text="Halo")


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    with GraphServer() as server:
        yield server


@pytest.fixture
def channel(graph: GraphServer) -> Iterator[WhatsAppChannel]:
    made = WhatsAppChannel(graph.url, "v23.0", connect_timeout=2.0, read_timeout=0.3)
    yield made
    made.close()


def failure(channel: WhatsAppChannel, access: AccountAccess = ACCESS, recipient: str = AINA) -> ChannelError:
    """The error that sending a greeting ends with."""
    with pytest.raises(ChannelError) as caught:
        channel.send(access, recipient, HELLO, "out-1")
    return caught.value


def test_a_sent_message_has_the_id_that_graph_gave(channel: WhatsAppChannel, graph: GraphServer) -> None:
    sent = channel.send(ACCESS, AINA, HELLO, "out-1")
    (line,) = graph.graph.lines(AINA, ours=True)
    assert sent.provider_id == line["id"]
    assert line["body"]["text"]["body"] == "Halo"
    assert line["body"]["biz_opaque_callback_data"] == "out-1"


def test_every_part_of_a_rich_message_is_accepted(channel: WhatsAppChannel, graph: GraphServer) -> None:
    options = tuple(Choice(title=f"Pilihan {n}", payload=f"/p{n}") for n in range(7))
    message = Outgoing(text="kata " * 900, choices=options, image_url="https://example.org/a.jpg")
    for part in channel.split(message, "id"):
        channel.send(ACCESS, AINA, part, "out-1")
    kinds = [line["body"]["type"] for line in graph.graph.lines(AINA, ours=True)]
    assert kinds == ["image", "text", "interactive"]


def test_it_refuses_to_send_several_requests_as_one(channel: WhatsAppChannel, graph: GraphServer) -> None:
    with pytest.raises(ValueError, match="split it first"):
        channel.send(ACCESS, AINA, Outgoing(text="kata " * 1000), "out-1")
    assert graph.graph.lines(AINA) == []


def test_an_account_may_live_on_another_host(graph: GraphServer) -> None:
    elsewhere = WhatsAppChannel("http://127.0.0.1:9", "v23.0")
    access = AccountAccess("1000001", ACCESS.secrets, base_url=graph.url + "/")
    assert elsewhere.send(access, AINA, HELLO, "out-1").provider_id.startswith("wamid.")
    elsewhere.close()


@pytest.mark.parametrize("token", ["wrong", "", "  ", "tökèn", "two\nlines"])
def test_a_bad_token_is_a_matter_of_configuration(channel: WhatsAppChannel, token: str) -> None:
    assert failure(channel, AccountAccess("1000001", {"access_token": token})).outcome is SendOutcome.CONFIGURATION


def test_a_wrong_number_id_is_a_matter_of_configuration(channel: WhatsAppChannel) -> None:
    assert failure(channel, AccountAccess("7", ACCESS.secrets)).outcome is SendOutcome.CONFIGURATION


@pytest.mark.parametrize(
    ("fault", "outcome", "accepted"),
    [
        (Fault.SERVER_ERROR, SendOutcome.RETRY, 0),
        (Fault.SERVICE_DOWN, SendOutcome.RETRY, 0),
        (Fault.NOT_ALLOWED, SendOutcome.GIVE_UP, 0),
        (Fault.UNAUTHORISED, SendOutcome.CONFIGURATION, 0),
        (Fault.BUSY, SendOutcome.WAIT, 0),
        (Fault.TOO_FAST, SendOutcome.WAIT, 0),
        (Fault.HANG, SendOutcome.UNCERTAIN, 1),
        (Fault.CUT, SendOutcome.UNCERTAIN, 1),
    ],
)
def test_a_fault_of_graph(
    channel: WhatsAppChannel, graph: GraphServer, fault: Fault, outcome: SendOutcome, accepted: int
) -> None:
    graph.graph.order_fault(FaultOrder(fault=fault))
    assert failure(channel).outcome is outcome
    assert len(graph.graph.lines(AINA, ours=True)) == accepted


def test_nobody_listening_means_that_nothing_was_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        channel = WhatsAppChannel(f"http://127.0.0.1:{unused.getsockname()[1]}", "v23.0")
        assert failure(channel).outcome is SendOutcome.RETRY
        channel.close()


@pytest.mark.parametrize("base", ["ftp://127.0.0.1", "127.0.0.1", "http://127.0.0.1:port"])
def test_a_wrong_address_is_a_matter_of_configuration(base: str) -> None:
    channel = WhatsAppChannel(base, "v23.0")
    assert failure(channel).outcome is SendOutcome.CONFIGURATION
    channel.close()


@pytest.mark.parametrize(
    "content", ["", "<html>", "{}", '{"messages":[]}', '{"messages":[{"id":""}]}', "[" * 2_000_000]
)
def test_a_success_without_an_id_is_uncertain(channel: WhatsAppChannel, graph: GraphServer, content: str) -> None:
    graph.graph.order_fault(FaultOrder(fault=Fault.NONSENSE, content=content))
    assert failure(channel).outcome is SendOutcome.UNCERTAIN
    assert len(graph.graph.lines(AINA, ours=True)) == 1


def test_an_answer_that_only_drips_in_is_not_waited_for(channel: WhatsAppChannel, graph: GraphServer) -> None:
    graph.graph.order_fault(FaultOrder(fault=Fault.DRIP))
    began = time.monotonic()
    assert failure(channel).outcome is SendOutcome.UNCERTAIN
    assert time.monotonic() - began < 3
    assert channel.send(ACCESS, AINA, HELLO, "out-2").provider_id.startswith("wamid.")


def test_meta_says_how_long_to_wait(channel: WhatsAppChannel, graph: GraphServer) -> None:
    graph.graph.order_fault(FaultOrder(fault=Fault.BUSY, retry_after=7))
    assert failure(channel).retry_after == 7


def test_a_token_that_meta_repeats_is_in_no_error(channel: WhatsAppChannel) -> None:
    error = failure(channel, AccountAccess("1000001", {"access_token": "EAAG-secret-token"}))
    assert "EAAG" not in repr(error) + str(error)
    assert "Malformed access token" in str(error)


def test_an_answer_quotes_the_message_that_it_follows(channel: WhatsAppChannel, graph: GraphServer) -> None:
    channel.send(ACCESS, AINA, Outgoing(text="Ya", reply_to="wamid.THEIRS"), "out-1")
    assert graph.graph.lines(AINA, ours=True)[0]["body"]["context"] == {"message_id": "wamid.THEIRS"}


@pytest.mark.parametrize(("typing", "shown"), [(False, "read"), (True, "typing")])
def test_it_marks_a_message_as_read(channel: WhatsAppChannel, graph: GraphServer, typing: bool, shown: str) -> None:
    identifier = graph.graph.person_writes(PersonWrites.model_validate({"from": AINA, "text": "hi"}))
    channel.mark_read(ACCESS, identifier, typing=typing)
    assert graph.graph.lines(AINA)[0]["statuses"] == [shown]


def test_a_message_that_graph_does_not_know_cannot_be_read(channel: WhatsAppChannel) -> None:
    with pytest.raises(ChannelError) as caught:
        channel.mark_read(ACCESS, "wamid.NOBODY")
    assert caught.value.outcome is SendOutcome.GIVE_UP
