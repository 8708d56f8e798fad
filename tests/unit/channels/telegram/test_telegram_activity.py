"""Courtesies: a tapped button is answered, and somebody who wrote sees that an answer is coming."""

from __future__ import annotations

import pytest

from ramah.channels.content import Choice, Outgoing
from ramah.channels.errors import ChannelError
from ramah.channels.port import AccountAccess, Activity
from ramah.channels.telegram.channel import TelegramChannel
from tests.fakes.telegram import BotApi, Chat, State
from tests.unit.channels.telegram.recorded import AINA


def test_typing_is_shown_for_a_message(channel: TelegramChannel, access: AccountAccess, api: BotApi) -> None:
    channel.show_activity(access, Activity(AINA, f"{AINA}:41", {}))
    assert api.actions == [(int(AINA), "typing")]


def test_a_tap_is_answered_once_and_a_late_answer_is_no_failure(
    channel: TelegramChannel, access: AccountAccess, api: BotApi
) -> None:
    channel.send(access, AINA, Outgoing(text="?", choices=(Choice(title="Ya", payload="/y"),)), "out-1")
    first, late = (api.taps(int(AINA), 0)["callback_query"]["id"] for _ in range(2))
    channel.show_activity(access, Activity(AINA, f"cb:{first}", {}))
    assert (api.answered, api.unanswered) == ([first], 1)
    api.advance(16)
    channel.show_activity(access, Activity(AINA, f"cb:{late}", {}))
    assert api.answered == [first]


def test_another_failure_of_a_courtesy_is_told(channel: TelegramChannel, access: AccountAccess, aina: Chat) -> None:
    aina.state = State.BLOCKED
    with pytest.raises(ChannelError):
        channel.show_activity(access, Activity(AINA, f"{AINA}:41", {}))
