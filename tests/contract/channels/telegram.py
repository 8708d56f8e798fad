"""Telegram under the channel contract: a fake Bot API, one bot, one person who pressed Start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ramah.channels.port import AccountAccess, Channel
from ramah.channels.telegram.channel import SECRET_HEADER, TelegramChannel
from tests.contract.channels.harness import ChannelUnderTest, Fault, Shown, Signed
from tests.fakes.telegram import FakeTelegram, FaultOrder, Limits, Spoken
from tests.fakes.telegram import Fault as BotFault
from tests.fakes.telegram.updates import Update

AINA = 60121112222
SECRET = "hook-secret"
ORDERS = {
    Fault.TOO_FAST: FaultOrder(BotFault.FLOOD),
    Fault.BROKEN: FaultOrder(BotFault.HTML),
    Fault.RESET: FaultOrder(BotFault.CUT),
    Fault.SILENT: FaultOrder(BotFault.HANG),
    Fault.UNAUTHORISED: FaultOrder(BotFault.REFUSE, code=401, description="Unauthorized"),
    Fault.UNREACHABLE_PERSON: FaultOrder(
        BotFault.REFUSE, code=403, description="Forbidden: bot was blocked by the user"
    ),
    Fault.NONSENSE: FaultOrder(BotFault.NONSENSE),
}


class TelegramUnderTest:
    """The channel beside its fake."""

    recipient = str(AINA)
    can_fail = frozenset(ORDERS)

    def __init__(self, fake: FakeTelegram, channel: TelegramChannel) -> None:
        secrets = {"bot_token": fake.api.token, "webhook_secret": SECRET}
        self.channel: Channel = channel
        self.access = AccountAccess(
            str(fake.api.id), secrets, base_url=fake.url, webhook_url="https://ramah.example/webhooks/telegram/key"
        )
        self._api = fake.api
        self._written: dict[int, Signed] = {}
        fake.pusher.hold(True)
        channel.connect(self.access)

    def shown(self) -> list[Shown]:
        """What Aina got."""
        return [_shown(said) for said in self._api.chat(AINA).got]

    def break_next(self, fault: Fault) -> None:
        """The next message meets the fault."""
        self._api.order_fault(replace(ORDERS[fault]))

    def text_from_person(self, text: str, number: int) -> Signed:
        """Aina types."""
        return self._posted(number, lambda: self._api.writes(AINA, text=text))

    def tap_from_person(self, position: int, number: int) -> Signed | None:
        """Aina taps under the last message that has buttons."""
        return self._posted(number, lambda: self._api.taps(AINA, position))

    def image_from_person(self, content: bytes, number: int) -> Signed | None:
        """Aina sends a picture in two sizes."""
        return self._posted(number, lambda: self._api.sends_photo(AINA, content))

    def _posted(self, number: int, happen: Callable[[], Update]) -> Signed:
        if number not in self._written:
            self._written[number] = Signed({SECRET_HEADER: SECRET}, json.dumps(happen()).encode())
        return self._written[number]


def _shown(said: Spoken) -> Shown:
    digest = hashlib.sha256(said.file).hexdigest() if said.file else None
    return Shown(said.text, tuple(title for title, _ in said.buttons), digest)


@contextmanager
def telegram() -> Iterator[ChannelUnderTest]:
    """The channel, connected, with a short patience; nothing that the suite sends is too fast."""
    with FakeTelegram(limits=Limits(chat_burst=1000, all_burst=1000)) as fake:
        fake.api.chat(AINA)
        channel = TelegramChannel(fake.url, connect_timeout=2.0, read_timeout=0.4)
        try:
            yield TelegramUnderTest(fake, channel)
        finally:
            channel.close()
