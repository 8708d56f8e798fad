"""Whether a number works, and how fast it may be used."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from ramah.channels.content import LinkStatus
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess, Pace
from ramah.channels.whatsapp.channel import WhatsAppChannel
from tests.fakes.graph.accounts import Account, Limits
from tests.fakes.graph.faults import Fault, FaultOrder
from tests.fakes.graph.refusals import RefusalError
from tests.fakes.graph.server import GraphServer
from tests.fakes.graph.throttle import Throttle

ACCESS = AccountAccess("1000001", {"access_token": Account().token})


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    with GraphServer([Account(name="Kilap Auto")]) as server:
        yield server


@pytest.fixture
def channel(graph: GraphServer) -> Iterator[WhatsAppChannel]:
    made = WhatsAppChannel(graph.url, "v23.0", read_timeout=0.5)
    yield made
    made.close()


def test_a_number_that_works_says_who_it_is(channel: WhatsAppChannel) -> None:
    state = channel.check(ACCESS)
    assert (state.status, state.phone) == (LinkStatus.CONNECTED, "+622150000001")
    assert state.detail == "Kilap Auto · +622150000001 · GREEN"


@pytest.mark.parametrize(
    ("access", "status", "said"),
    [
        (AccountAccess("1000001", {"access_token": "EAAG-wrong"}), LinkStatus.LOGGED_OUT, "Malformed access token …"),
        (AccountAccess("1000001", {}), LinkStatus.LOGGED_OUT, "no usable access_token"),
        (AccountAccess("7", ACCESS.secrets), LinkStatus.FAILED, "does not exist"),
    ],
)
def test_a_number_that_needs_an_administrator_says_why(
    channel: WhatsAppChannel, access: AccountAccess, status: LinkStatus, said: str
) -> None:
    state = channel.check(access)
    assert state.status is status
    assert said in (state.detail or "")
    assert "EAAG" not in repr(state)


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.SERVICE_DOWN, Fault.HANG, Fault.CUT, Fault.NONSENSE])
def test_trouble_of_graph_proves_nothing_about_the_number(
    channel: WhatsAppChannel, graph: GraphServer, fault: Fault
) -> None:
    graph.graph.order_fault(FaultOrder(fault=fault, on="look_ups"))
    with pytest.raises(ChannelError) as caught:
        channel.check(ACCESS)
    assert caught.value.outcome is SendOutcome.RETRY
    assert channel.check(ACCESS).status is LinkStatus.CONNECTED


def test_nobody_listening_proves_nothing_about_the_number() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        channel = WhatsAppChannel(f"http://127.0.0.1:{unused.getsockname()[1]}", "v23.0")
        with pytest.raises(ChannelError) as caught:
            channel.check(ACCESS)
        assert caught.value.outcome is SendOutcome.RETRY
        channel.close()


def departures(pace: Pace, count: int) -> list[float]:
    """When requests leave that all want to leave at once, seconds: a burst, then one every interval."""
    return [max(0, number - pace.burst + 1) * pace.interval for number in range(count)]


def arrivals(pace: Pace, count: int, late: float) -> list[float]:
    """The same on a network that now and then holds everything back for ``late`` seconds and then lets go."""
    return sorted(when + late * (number // 7 % 2) for number, when in enumerate(departures(pace, count)))


@pytest.mark.parametrize("late", [0.0, 0.1, 0.25])
def test_the_paces_of_the_channel_stay_within_metas_limits(late: float) -> None:
    abilities = WhatsAppChannel("http://127.0.0.1:9", "v23.0").abilities
    assert abilities.account_pace is not None
    assert abilities.recipient_pace is not None
    throttle = Throttle(Limits())
    for number, when in enumerate(arrivals(abilities.account_pace, 2000, late)):
        throttle.respect("1000001", f"62812{number}", when)
    for when in arrivals(abilities.recipient_pace, 300, late):
        throttle.respect("1000002", "62812", when)
    assert set(throttle.refused.values()) == {0}


def test_no_second_holds_more_than_eighty_requests() -> None:
    pace = WhatsAppChannel("http://127.0.0.1:9", "v23.0").abilities.account_pace
    assert pace is not None
    times = departures(pace, 500)
    assert max(sum(begin <= when < begin + 1 for when in times) for begin in times) <= 80


def test_a_faster_pace_would_be_noticed() -> None:
    throttle = Throttle(Limits())
    refused = 0
    for number, when in enumerate(departures(Pace(1 / 90, 80), 2000)):
        try:
            throttle.respect("1000001", f"62812{number}", when)
        except RefusalError:
            refused += 1
    assert throttle.refused[130429] == refused > 0
