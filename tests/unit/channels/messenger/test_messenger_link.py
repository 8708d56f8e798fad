"""Whether a page works, as Facebook tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ramah.channels.content import LinkStatus
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger.channel import MessengerChannel
from ramah.channels.port import AccountAccess
from tests.fakes.messenger.faults import Fault, FaultOrder
from tests.fakes.messenger.platform import Platform
from tests.fakes.messenger.world import PageOnFacebook


def test_a_healthy_page_is_connected_and_says_its_name(channel: MessengerChannel, access: AccountAccess) -> None:
    state = channel.check(access)
    assert (state.status, state.detail) == (LinkStatus.CONNECTED, "Kilap Auto")


@pytest.mark.parametrize("subcode", [459, 460, 492])
def test_a_page_whose_session_ended_is_logged_out(
    channel: MessengerChannel, access: AccountAccess, platform: Platform, subcode: int
) -> None:
    platform.tokens.revoke(subcode)
    state = channel.check(access)
    assert state.status is LinkStatus.LOGGED_OUT
    assert state.detail is not None
    assert state.detail.endswith(f"(190/{subcode})")


@pytest.mark.parametrize(
    ("order", "status"),
    [
        (FaultOrder(Fault.REFUSE, "look_ups", code=200), LinkStatus.LOGGED_OUT),
        (FaultOrder(Fault.REFUSE, "look_ups", code=10), LinkStatus.LOGGED_OUT),
        (FaultOrder(Fault.REFUSE, "look_ups", code=368), LinkStatus.FAILED),
    ],
)
def test_a_page_that_is_refused_says_why(
    channel: MessengerChannel, access: AccountAccess, platform: Platform, order: FaultOrder, status: LinkStatus
) -> None:
    platform.order_fault(replace(order))
    assert channel.check(access).status is status


def test_a_token_of_another_page_is_noticed(
    channel: MessengerChannel, access: AccountAccess, platform: Platform
) -> None:
    platform.open_page(PageOnFacebook(id="700200", name="Lain"), "EAA-other")
    state = channel.check(replace(access, secrets={**access.secrets, "page_token": "EAA-other"}))
    assert (state.status, state.detail) == (
        LinkStatus.FAILED,
        "The stored token does not belong to this page. (other_page)",
    )


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.CUT, Fault.NONSENSE])
def test_silence_proves_nothing_about_the_page(
    channel: MessengerChannel, access: AccountAccess, platform: Platform, fault: Fault
) -> None:
    platform.order_fault(FaultOrder(fault, "look_ups"))
    with pytest.raises(ChannelError) as caught:
        channel.check(access)
    assert caught.value.outcome is SendOutcome.RETRY
