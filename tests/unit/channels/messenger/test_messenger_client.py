"""Sending, files and health, against a server that behaves like Facebook."""

from __future__ import annotations

import socket
import time
from dataclasses import replace

import pytest

from ramah.channels.content import Choice, Outgoing
from ramah.channels.errors import ChannelError, Scope, SendOutcome
from ramah.channels.messenger.channel import MessengerChannel
from ramah.channels.port import AccountAccess, Activity
from tests.fakes.messenger.faults import Fault, FaultOrder
from tests.fakes.messenger.platform import Platform
from tests.fakes.messenger.world import HUMAN_AGENT
from tests.unit.channels.messenger.recorded import AINA

HELLO = Outgoing(text="Halo")
DAY = 86_400.0


def failure(channel: MessengerChannel, access: AccountAccess, message: Outgoing = HELLO) -> ChannelError:
    """The error that sending ends with."""
    with pytest.raises(ChannelError) as caught:
        channel.send(access, AINA, message, "out-1")
    return caught.value


def test_a_sent_message_has_the_id_that_facebook_gave(
    channel: MessengerChannel, access: AccountAccess, platform: Platform
) -> None:
    sent = channel.send(access, AINA, HELLO, "out-1")
    (line,) = platform.lines
    assert sent.provider_id == line.mid
    assert line.message == {"text": "Halo", "metadata": "out-1"}


def test_every_part_of_a_rich_message_is_accepted(
    channel: MessengerChannel, access: AccountAccess, platform: Platform
) -> None:
    options = tuple(Choice(title=f"Pilihan {n}", payload=f"/p{n}") for n in range(13))
    message = Outgoing(
        text="kata " * 900, choices=options, image_url="https://example.org/a.jpg", contact_request=False
    )
    for part in channel.split(message, "id"):
        channel.send(access, AINA, part, "out-1")
    assert len(platform.lines) == 4
    assert len(platform.lines[-1].message["quick_replies"]) == 13


@pytest.mark.parametrize("token", ["wrong", "", "  ", "tökèn", "two\nlines"])
def test_a_bad_token_is_a_matter_of_configuration(channel: MessengerChannel, access: AccountAccess, token: str) -> None:
    error = failure(channel, replace(access, secrets={**access.secrets, "page_token": token}))
    assert (error.outcome, error.code) == (SendOutcome.CONFIGURATION, "190")
    assert "wrong" not in str(error)


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467, 492])
def test_a_revoked_token_stops_the_page(
    channel: MessengerChannel, access: AccountAccess, platform: Platform, subcode: int
) -> None:
    platform.tokens.revoke(subcode)
    error = failure(channel, access)
    assert (error.outcome, error.code, error.scope) == (SendOutcome.CONFIGURATION, f"190/{subcode}", Scope.ACCOUNT)


def test_another_pages_person_cannot_be_reached(channel: MessengerChannel, access: AccountAccess) -> None:
    with pytest.raises(ChannelError) as caught:
        channel.send(access, "2400200200200200", HELLO, "out-1")
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.GIVE_UP, "100/2018001")


def test_another_pages_token_does_not_serve(channel: MessengerChannel, access: AccountAccess) -> None:
    error = failure(channel, replace(access, external_id="700999"))
    assert (error.outcome, error.code) == (SendOutcome.CONFIGURATION, "100/33")


def test_a_person_who_blocked_the_page_is_given_up(
    channel: MessengerChannel, access: AccountAccess, platform: Platform
) -> None:
    platform.blocked.add(AINA)
    assert (failure(channel, access).outcome, failure(channel, access).code) == (SendOutcome.GIVE_UP, "551/1545041")


def test_after_24_hours_the_window_is_closed(
    channel: MessengerChannel, access: AccountAccess, platform: Platform
) -> None:
    platform.advance(DAY - 60)
    channel.send(access, AINA, HELLO, "out-1")
    platform.advance(120)
    assert failure(channel, access).outcome is SendOutcome.WINDOW_CLOSED


def test_a_person_of_the_page_may_answer_for_seven_days_where_meta_allowed_it(
    channel: MessengerChannel, access: AccountAccess, platform: Platform
) -> None:
    allowed = replace(access, options={"human_agent_tag": True})
    platform.advance(6 * DAY)
    assert channel.send_late(allowed, AINA, HELLO, "out-1").provider_id
    assert platform.lines[-1].body["tag"] == HUMAN_AGENT
    platform.advance(2 * DAY)
    with pytest.raises(ChannelError) as caught:
        channel.send_late(allowed, AINA, HELLO, "out-2")
    assert caught.value.outcome is SendOutcome.WINDOW_CLOSED


@pytest.mark.parametrize("option", [None, False, "yes", 1])
def test_without_the_option_the_tag_is_never_used(
    channel: MessengerChannel, access: AccountAccess, platform: Platform, option: object
) -> None:
    with pytest.raises(ChannelError) as caught:
        channel.send_late(replace(access, options={"human_agent_tag": option}), AINA, HELLO, "out-1")
    assert (caught.value.outcome, platform.lines) == (SendOutcome.WINDOW_CLOSED, [])


def test_too_many_sends_make_the_page_wait(
    channel: MessengerChannel, access: AccountAccess, platform: Platform
) -> None:
    for number in range(20):
        channel.send(access, AINA, HELLO, f"out-{number}")
    error = failure(channel, access)
    assert (error.outcome, error.code, error.scope) == (SendOutcome.WAIT, "613", Scope.ACCOUNT)
    assert platform.refused_for_speed == 1


@pytest.mark.parametrize(
    ("order", "outcome", "delivered"),
    [
        (FaultOrder(Fault.REFUSE, code=2, status=500), SendOutcome.RETRY, 0),
        (FaultOrder(Fault.REFUSE, code=1200), SendOutcome.RETRY, 0),
        (FaultOrder(Fault.REFUSE, code=368), SendOutcome.CONFIGURATION, 0),
        (FaultOrder(Fault.REFUSE, code=10, subcode=1893063), SendOutcome.CONFIGURATION, 0),
        (FaultOrder(Fault.HANG), SendOutcome.UNCERTAIN, 1),
        (FaultOrder(Fault.CUT), SendOutcome.UNCERTAIN, 1),
        (FaultOrder(Fault.DRIP), SendOutcome.UNCERTAIN, 1),
        (FaultOrder(Fault.NONSENSE, content="{}"), SendOutcome.UNCERTAIN, 1),
        (FaultOrder(Fault.NONSENSE, content='{"message_id":""}'), SendOutcome.UNCERTAIN, 1),
        (FaultOrder(Fault.NONSENSE, content="[" * 2_000_000), SendOutcome.UNCERTAIN, 1),
    ],
    ids=lambda value: str(getattr(value, "fault", value)),
)
def test_a_fault_of_facebook(
    channel: MessengerChannel,
    access: AccountAccess,
    platform: Platform,
    order: FaultOrder,
    outcome: SendOutcome,
    delivered: int,
) -> None:
    platform.order_fault(replace(order))
    began = time.monotonic()
    assert failure(channel, access).outcome is outcome
    assert time.monotonic() - began < 3
    assert len(platform.lines) == delivered


def test_nobody_listening_means_that_nothing_was_sent(access: AccountAccess) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        channel = MessengerChannel(f"http://127.0.0.1:{unused.getsockname()[1]}", "v23.0")
        assert failure(channel, access).outcome is SendOutcome.RETRY
        channel.close()


def test_it_shows_that_the_message_was_seen_and_is_being_answered(
    channel: MessengerChannel, access: AccountAccess, platform: Platform
) -> None:
    channel.show_activity(access, Activity(AINA, "m_first", {}))
    assert platform.actions == [(AINA, "mark_seen"), (AINA, "typing_on")]
