"""Reading Server-Sent Events as a browser does."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.integration.console.served import PATIENCE


@dataclass(frozen=True)
class ServerEvent:
    """One event of a stream."""

    name: str
    data: dict[str, Any]
    id: str | None = None


class EventStream:
    """An open stream. Silence fails by the client's time-out, mere heartbeats fail by ours."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def next(self) -> ServerEvent:
        """The next event."""
        fields: dict[str, str] = {}
        deadline = time.monotonic() + PATIENCE
        for line in self._lines:
            assert time.monotonic() < deadline, "only heartbeats came"
            if not line and "event" in fields:
                return ServerEvent(fields["event"], json.loads(fields["data"]), fields.get("id"))
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        raise AssertionError("the stream ended")

    def until(self, name: str, **data: Any) -> list[ServerEvent]:
        """The events up to and with the first of this name that holds these values."""
        seen = [self.next()]
        while seen[-1].name != name or not data.items() <= seen[-1].data.items():
            seen.append(self.next())
        return seen


@contextmanager
def event_stream(
    client: httpx.Client, path: str, params: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Iterator[EventStream]:
    """Open a stream that must be granted."""
    wanted = {"accept": "text/event-stream", **(headers or {})}
    with client.stream("GET", path, params=params, headers=wanted) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        yield EventStream(response)
