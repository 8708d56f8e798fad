"""What every call has in common: a bound on its duration, and no token in what the library holds."""

from __future__ import annotations

import time

import pytest
from telegram import Bot

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.telegram.client import TelegramClient
from ramah.channels.telegram.request import Patience
from tests.fakes.telegram import FakeTelegram, Fault, FaultOrder


def test_an_answer_that_drips_for_ever_ends_with_the_patience(telegram: FakeTelegram, access: AccountAccess) -> None:
    client = TelegramClient(telegram.url, Patience(connect=0.4, read=0.4))
    telegram.api.order_fault(FaultOrder(Fault.SLOW, "getMe"))
    begun = time.monotonic()
    with pytest.raises(ChannelError) as caught:
        client.call(access, lambda bot: bot.get_me())
    client.close()
    assert caught.value.outcome is SendOutcome.UNCERTAIN
    # Whole, the answer would take some ten seconds, and no pause in it is long.
    assert time.monotonic() - begun < 4.0


def test_the_library_is_told_no_address_with_a_token(telegram: FakeTelegram, access: AccountAccess) -> None:
    async def addresses(bot: Bot) -> tuple[str, str]:
        return bot.base_url, bot.base_file_url

    client = TelegramClient(telegram.url)
    told = client.call(access, addresses)
    client.close()
    assert [address for address in told if access.secrets["bot_token"] in address] == []
