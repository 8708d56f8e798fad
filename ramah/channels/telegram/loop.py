"""One event loop in a thread of its own: python-telegram-bot is asynchronous and bound to it, channels are not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import TimeoutError as Expired
from typing import Any, TypeVar

Result = TypeVar("Result")
_CLOSING_SECONDS = 10.0


class LoopThread:
    """Runs coroutines for any thread. The loop begins with the first one, so that a process may still fork before."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Callable[[], Coroutine[Any, Any, Result]], seconds: float) -> Result:
        """The result of a coroutine made by ``work``. Raises what it raises, and TimeoutError after ``seconds``."""
        future = asyncio.run_coroutine_threadsafe(work(), self._running())
        try:
            return future.result(seconds)
        except Expired as error:
            future.cancel()
            raise TimeoutError(f"no result after {seconds:g} seconds") from error

    def close(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run ``last`` and end the loop, if it ever began."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        try:
            asyncio.run_coroutine_threadsafe(last(), loop).result(_CLOSING_SECONDS)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
                self._thread.start()
            return self._loop
