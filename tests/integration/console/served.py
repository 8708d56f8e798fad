"""The console served for real on a free loopback port, by a thread of the test process."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
from sanic import Sanic

from console.app import build
from ramah.settings import Settings
from ramah.store import Database

PATIENCE = 20.0
"""Seconds after which a test gives up on something that should be there at once."""


class ServedConsole:
    """A console that answers at ``url`` until it is stopped."""

    def __init__(self, config: Settings, database: Database) -> None:
        self.app: Sanic[Any, Any] = build(config, database, name=f"console-{uuid4().hex}")
        # It rewrites Sanic's classes for one app, so that the next app of this process would not start.
        self.app.config.TOUCHUP = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._serving = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def start(self) -> None:
        """Return when requests are accepted."""
        self._thread.start()
        assert self._serving.wait(PATIENCE), "the console does not serve"

    def stop(self) -> None:
        """Cut what is still open and wait for the thread."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the console does not stop"
        Sanic.unregister_app(self.app)

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        server: Any = await self.app.create_server(sock=self._socket, access_log=False)
        await server.startup()
        await server.before_start()
        await server.after_start()
        self._serving.set()
        await self._stopping.wait()
        await server.before_stop()
        closing = server.close()
        for connection in list(server.connections):
            connection.abort()
        await closing
        await server.after_stop()


@contextmanager
def served(config: Settings, database: Database) -> Iterator[ServedConsole]:
    """A running console that is gone afterwards."""
    console = ServedConsole(config, database)
    console.start()
    try:
        yield console
    finally:
        console.stop()


def client_of(console: ServedConsole, **options: Any) -> httpx.Client:
    """A browser-like client: keeps cookies, follows no redirect by itself."""
    # Loading the certificates of the world takes longer than most tests, and nothing here speaks TLS.
    return httpx.Client(base_url=console.url, timeout=PATIENCE, trust_env=False, verify=False, **options)
