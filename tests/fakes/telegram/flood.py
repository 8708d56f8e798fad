"""Telegram's speed limits with real counters. Source: Telegram, "Bots FAQ: Broadcasting to Users"."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.fakes.graph.buckets import Buckets
from tests.fakes.telegram.refusals import Refused


@dataclass(frozen=True)
class Limits:
    """Messages a second to one chat (short bursts pass) and in all; and for how long too much is refused."""

    per_chat: float = 1.0
    chat_burst: int = 5
    in_all: float = 30.0
    all_burst: int = 30


class Flood:
    """Refuses what is too fast. ``refused`` counts its own refusals by what was too fast."""

    def __init__(self, limits: Limits) -> None:
        self.refused = {"chat": 0, "bot": 0}
        self._limits = limits
        self._chats = Buckets(limits.per_chat, limits.chat_burst)
        self._bot = Buckets(limits.in_all, limits.all_burst)

    def respect(self, chat: int, now: float) -> None:
        """Count one message at the time ``now`` (seconds). Raises Refused when it is one too many."""
        if not self._chats.take(str(chat), now):
            self._refuse("chat", 1 / self._limits.per_chat)
        if not self._bot.take("", now):
            self._refuse("bot", 1 / self._limits.in_all)

    def _refuse(self, what: str, wait: float) -> None:
        self.refused[what] += 1
        seconds = max(1, math.ceil(wait))
        raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
