"""A bot on a server that behaves like the Bot API, and the channel before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ramah.channels.port import AccountAccess
from ramah.channels.telegram.channel import TelegramChannel
from tests.fakes.telegram import BotApi, Chat, FakeTelegram, Limits
from tests.unit.channels.telegram.recorded import AINA


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram(limits=Limits(chat_burst=20)) as server:
        server.api.chat(int(AINA))
        yield server


@pytest.fixture
def api(telegram: FakeTelegram) -> BotApi:
    return telegram.api


@pytest.fixture
def aina(api: BotApi) -> Chat:
    return api.chat(int(AINA))


@pytest.fixture
def access(telegram: FakeTelegram) -> AccountAccess:
    secrets = {"bot_token": telegram.api.token, "webhook_secret": "hook-secret"}
    return AccountAccess(str(telegram.api.id), secrets, webhook_url="https://ramah.example/webhooks/telegram/key")


@pytest.fixture
def channel(telegram: FakeTelegram) -> Iterator[TelegramChannel]:
    made = TelegramChannel(telegram.url, connect_timeout=2.0, read_timeout=0.4)
    yield made
    made.close()


@pytest.fixture
def telegram_at_ease(telegram: FakeTelegram) -> Iterator[TelegramChannel]:
    """The channel with time for large files and many at once."""
    made = TelegramChannel(telegram.url)
    yield made
    made.close()
