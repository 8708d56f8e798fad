"""Delivery of webhooks in the background, again and again while the answer says that they may pass later."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from dataclasses import dataclass, field

import httpx

log = logging.getLogger(__name__)
TRY_LATER = (408, 429)


@dataclass(order=True)
class _Letter:
    due: float
    number: int
    address: str = field(compare=False)
    headers: dict[str, str] = field(compare=False)
    body: bytes = field(compare=False)
    attempts: int = field(default=0, compare=False)


class Postman:
    """Posts in the order of the due times. ``copies`` of each letter are delivered, as gateways do now and then.

    ``retries``: a letter that was answered with 5xx, 408 or 429, or not at all, comes again; other refusals end it."""

    def __init__(self, wait: float = 0.1) -> None:
        self._wait = wait
        self._letters: list[_Letter] = []
        self._numbers = itertools.count()
        self._busy = self._stopping = False
        self._changed = threading.Condition()
        self._http = httpx.Client(timeout=10.0, trust_env=False, verify=False)
        self._thread = threading.Thread(target=self._run, name="gateway-postman", daemon=True)
        self.copies = 1
        self.retries = True
        self.answers: list[int] = []

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; what waits is dropped."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()
        self._http.close()

    def post(self, address: str, headers: dict[str, str], body: bytes) -> None:
        """Deliver a body; an empty address gets nothing."""
        with self._changed:
            for _ in range(self.copies if address else 0):
                letter = _Letter(time.monotonic(), next(self._numbers), address, headers, body)
                heapq.heappush(self._letters, letter)
            self._changed.notify_all()

    def drain(self, timeout: float = 10.0) -> bool:
        """Wait until all is delivered or given up; False when ``timeout`` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._letters and not self._busy, timeout)

    def _run(self) -> None:
        while (letter := self._next()) is not None:
            done = self._deliver(letter)
            with self._changed:
                self._busy = False
                if not done and self.retries:
                    letter.attempts += 1
                    letter.due = time.monotonic() + self._wait * 2 ** min(letter.attempts - 1, 6)
                    heapq.heappush(self._letters, letter)
                self._changed.notify_all()

    def _next(self) -> _Letter | None:
        with self._changed:
            while not self._stopping:
                wait = self._letters[0].due - time.monotonic() if self._letters else None
                if wait is not None and wait <= 0:
                    self._busy = True
                    return heapq.heappop(self._letters)
                self._changed.wait(wait)
            return None

    def _deliver(self, letter: _Letter) -> bool:
        try:
            answer = self._http.post(letter.address, content=letter.body, headers=letter.headers)
        except httpx.TransportError as error:
            log.warning("webhook not delivered: %s", type(error).__name__)
            return False
        self.answers.append(answer.status_code)
        return answer.status_code < 500 and answer.status_code not in TRY_LATER
