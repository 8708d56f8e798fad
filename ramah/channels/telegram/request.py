"""The HTTP under python-telegram-bot: one client for all bots, whole answers within bounds, and refusals as they are.

The library's own request class has a pool for each bot, no bound on the length of an answer or the duration of a call,
and hides the status that tells a refusal from an accident.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from ramah.channels.telegram.answers import read_answer

TOKEN_SIGN = "TOKEN"  # noqa: S105 - stands for the token in every address until the moment of the request
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 12.0
MOST_ANSWER_BYTES = 1 << 20


@dataclass(frozen=True)
class Patience:
    """Seconds: for a connection, between two pieces of an answer, and for a call as a whole (with or without files)."""

    connect: float = CONNECT_TIMEOUT
    read: float = READ_TIMEOUT

    @property
    def timeout(self) -> httpx.Timeout:
        """What httpx is told."""
        return httpx.Timeout(self.read, connect=self.connect, pool=self.connect)

    @property
    def whole_call(self) -> float:
        """Connecting, sending a few bytes and reading the answer."""
        return self.connect + 2 * self.read

    @property
    def whole_upload(self) -> float:
        """The same with up to 50 MB on the way."""
        return self.whole_call + self.read


class BodyTooLarge(Exception):
    """The body is larger than the caller wants it."""


class TelegramRequest(BaseRequest):
    """Requests of one bot through a client that all bots share. Whoever made the client closes it."""

    def __init__(self, client: httpx.AsyncClient, token: str, patience: Patience) -> None:
        self._client = client
        self._token = token
        self._patience = patience

    @property
    def read_timeout(self) -> float | None:
        """Seconds between two pieces of an answer."""
        return self._patience.read

    async def initialize(self) -> None:
        """The client is there already."""

    async def shutdown(self) -> None:
        """The client outlives a bot."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more_timeouts: Any
    ) -> tuple[int, bytes]:
        """One request and its whole answer. Raises TelegramError; the time-outs are ours, not the caller's."""
        files = request_data.multipart_data if request_data else None
        fields = request_data.json_parameters if request_data else None
        seconds = self._patience.whole_upload if files else self._patience.whole_call
        address = url.replace(TOKEN_SIGN, self._token)
        try:
            async with (
                asyncio.timeout(seconds),
                self._client.stream(method, address, data=fields, files=files) as answer,
            ):
                body = await read_body(answer, MOST_ANSWER_BYTES)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise TimedOut(type(error).__name__) from error
        except (httpx.HTTPError, httpx.InvalidURL, BodyTooLarge) as error:
            raise NetworkError(type(error).__name__) from error
        read_answer(answer.status_code, body)
        return answer.status_code, body


async def read_body(answer: httpx.Response, most_bytes: int) -> bytes:
    """The body of a streamed answer. Raises BodyTooLarge above ``most_bytes``, and httpx.RequestError."""
    declared = answer.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > most_bytes:
        raise BodyTooLarge
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > most_bytes:
            raise BodyTooLarge
    return bytes(body)
