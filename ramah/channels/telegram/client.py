"""The Bot API through python-telegram-bot, for any thread: one loop, one HTTP client, one bot per token."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
from telegram import Bot

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.telegram import errors
from ramah.channels.telegram.logs import keep_tokens_out
from ramah.channels.telegram.loop import LoopThread
from ramah.channels.telegram.request import TOKEN_SIGN, Patience, TelegramRequest

MOST_CONNECTIONS = 64
MOST_SECONDS = 150.0
"""After which a call is lost whatever it waits for; every step has a shorter bound of its own."""
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}")

Result = TypeVar("Result")
Work = Callable[[Bot], Awaitable[Result]]


class TelegramClient:
    """Calls of all bots of one Bot API. Safe to share between threads; connections are kept open.

    ``base_url`` may be overridden per account. Nothing runs before the first call.
    """

    def __init__(self, base_url: str, patience: Patience | None = None) -> None:
        self._base_url = base_url
        self._patience = patience or Patience()
        self._loop = LoopThread("telegram-loop")
        self._bots: dict[tuple[str, str], Bot] = {}
        self._http: httpx.AsyncClient | None = None
        keep_tokens_out()

    def call(self, account: AccountAccess, work: Work[Result]) -> Result:
        """What ``work`` does with the account's bot, on the loop. Raises ChannelError."""
        token, base = token_of(account), self._base_of(account)

        async def run() -> Result:
            return await work(self._bot(base, token))

        try:
            return self._loop.run(run, MOST_SECONDS)
        except ChannelError:
            raise
        except Exception as error:  # the library raises whatever its constructors do on an odd answer
            raise errors.error_of(error) from error

    def http(self) -> httpx.AsyncClient:
        """The client that all bots share; for use on the loop only."""
        if self._http is None:
            limits = httpx.Limits(max_connections=MOST_CONNECTIONS)
            self._http = httpx.AsyncClient(
                timeout=self._patience.timeout, limits=limits, headers={"User-Agent": "ramah"}
            )
        return self._http

    def close(self) -> None:
        """Close all connections and end the loop."""
        self._loop.close(self._close)

    async def _close(self) -> None:
        self._bots.clear()
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    def _bot(self, base: str, token: str) -> Bot:
        """The bot of a token; made on the loop, where nobody else makes it at the same time."""
        key = (base, token)
        if key not in self._bots:
            request = TelegramRequest(self.http(), token, self._patience)
            # The library builds addresses with a sign in place of the token, so that none of its words hold it.
            self._bots[key] = Bot(
                token,
                base_url=lambda _: f"{base}/bot{TOKEN_SIGN}",
                base_file_url=lambda _: f"{base}/file/bot{TOKEN_SIGN}",
                request=request,
                get_updates_request=request,
            )
        return self._bots[key]

    def _base_of(self, account: AccountAccess) -> str:
        return (account.base_url or self._base_url).rstrip("/")


def token_of(account: AccountAccess) -> str:
    """The bot's token. Raises ChannelError when the account has none of the right shape."""
    token = account.secrets.get("bot_token", "").strip()
    if not _TOKEN.fullmatch(token):
        raise ChannelError("this account has no usable bot_token", SendOutcome.CONFIGURATION, code=errors.UNAUTHORISED)
    return token
