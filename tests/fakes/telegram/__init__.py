"""A Bot API for tests: tokens, chats, files, taps, speed limits, webhooks that come twice and late, and faults."""

from tests.fakes.telegram.bot_api import BotApi
from tests.fakes.telegram.chats import Chat, Spoken, State
from tests.fakes.telegram.faults import Fault, FaultOrder
from tests.fakes.telegram.flood import Limits
from tests.fakes.telegram.server import FakeTelegram

__all__ = ["BotApi", "Chat", "FakeTelegram", "Fault", "FaultOrder", "Limits", "Spoken", "State"]
