"""Visitors of the web chat as their browsers are: one open stream each, messages posted beside it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

WEBCHAT = "/api/webchat/kilap-auto"


@dataclass
class Asked:
    """One message of a visitor: when it was due, when it was accepted, and its place in the thread. Seconds."""

    due: float
    accepted: float
    position: int


@dataclass
class Visitor:
    """One visitor. ``seen`` holds when which message of the bot became visible."""

    http: httpx.AsyncClient
    token: str = ""
    asked: list[Asked] = field(default_factory=list)
    seen: list[tuple[int, float]] = field(default_factory=list)
    _stream: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """What the platform knows this visitor by: the hash of the token."""
        return hashlib.sha256(self.token.encode()).hexdigest()

    async def open(self) -> None:
        """Begin a session and follow its stream."""
        answer = await self.http.post(f"{WEBCHAT}/session", json={"token": None})
        self.token = answer.raise_for_status().json()["token"]
        connected = asyncio.Event()
        self._stream = asyncio.create_task(self._follow(connected))
        waiting = asyncio.create_task(connected.wait())
        await asyncio.wait((waiting, self._stream), return_when=asyncio.FIRST_COMPLETED)
        if self._stream.done():
            self._stream.result()

    async def say(self, text: str, due: float) -> None:
        """Post a message that was due at this moment; waiting for one's turn to post counts."""
        body = {"client_id": str(uuid4()), "text": text, "payload": None}
        answer = await self.http.post(f"{WEBCHAT}/messages", json=body, headers=self._headers())
        accepted = time.perf_counter()
        position = int(answer.raise_for_status().json()["message"]["position"])
        self.asked.append(Asked(due, accepted, position))

    async def close(self) -> None:
        """Leave the page."""
        if self._stream is not None:
            self._stream.cancel()
            await asyncio.gather(self._stream, return_exceptions=True)

    def answers(self) -> list[list[float]]:
        """For each message in turn, when its replies became visible; an empty list is a message not answered yet."""
        borders = [one.position for one in self.asked[1:]] + [2**31]
        return [
            [at for position, at in self.seen if one.position < position < border]
            for one, border in zip(self.asked, borders, strict=True)
        ]

    async def _follow(self, connected: asyncio.Event) -> None:
        timeout = httpx.Timeout(30.0)
        url, headers = f"{WEBCHAT}/stream?after=0", self._headers()
        async with self.http.stream("GET", url, headers=headers, timeout=timeout) as response:
            response.raise_for_status()
            event = ""
            async for line in response.aiter_lines():
                connected.set()
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data" and event == "message":
                    self._note(json.loads(value))

    def _note(self, message: dict[str, Any]) -> None:
        if message["from"] == "bot":
            self.seen.append((int(message["position"]), time.perf_counter()))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}
