"""Delivery of updates: with the secret header, again and again until they are answered, sometimes twice or late."""

from __future__ import annotations

import heapq
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
DEFAULT_UPDATES_LEFT_OUT = ("chat_member", "message_reaction", "message_reaction_count")


@dataclass
class Webhook:
    """What setWebhook arranged, and how it fares."""

    url: str = ""
    secret: str = ""
    allowed: tuple[str, ...] = ()
    max_connections: int = 40
    last_error: tuple[int, str] | None = None

    def wants(self, kind: str) -> bool:
        """Whether updates of this kind are posted."""
        return kind in self.allowed if self.allowed else kind not in DEFAULT_UPDATES_LEFT_OUT


@dataclass(order=True)
class _Letter:
    due: float
    number: int
    body: bytes = field(compare=False)
    attempts: int = field(default=0, compare=False)


class Pusher:
    """Posts updates. ``copies`` of each are posted (2: every one comes twice); with ``backwards`` those that wait
    together come newest first."""

    def __init__(self, retry_wait: float = 0.05) -> None:
        self.webhook = Webhook()
        self.copies = 1
        self.backwards = False
        self._retry_wait = retry_wait
        self._letters: list[_Letter] = []
        self._numbers = itertools.count()
        self._busy = self._stopping = self._held = False
        self._changed = threading.Condition()
        self._http = httpx.Client(timeout=10.0, trust_env=False)
        self._thread = threading.Thread(target=self._run, name="telegram-pusher", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Stop delivering; what waits is dropped."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()
        self._http.close()

    def post(self, update: dict[str, Any]) -> None:
        """Deliver an update. Without a webhook it waits for one."""
        body = json.dumps(update, separators=(",", ":")).encode()
        with self._changed:
            for _ in range(self.copies):
                number = next(self._numbers)
                heapq.heappush(self._letters, _Letter(time.monotonic(), -number if self.backwards else number, body))
            self._changed.notify_all()

    def hold(self, held: bool) -> None:
        """Keep updates back, as during trouble on the way; False lets them go."""
        with self._changed:
            self._held = held
            if self.backwards:
                self._let_newest_lead()
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many updates are not yet answered with success."""
        with self._changed:
            return len(self._letters) + self._busy

    def drain(self, timeout: float) -> bool:
        """Wait until all is delivered; False when ``timeout`` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._letters and not self._busy, timeout)

    def arrange(self, webhook: Webhook, *, drop: bool) -> None:
        """Another webhook, or none."""
        with self._changed:
            self.webhook = webhook
            if drop:
                self._letters.clear()
            self._changed.notify_all()

    def _let_newest_lead(self) -> None:
        now = time.monotonic()
        for letter in self._letters:
            letter.due = now
        heapq.heapify(self._letters)

    def _run(self) -> None:
        while (letter := self._next()) is not None:
            problem = self._deliver(letter)
            with self._changed:
                self._busy = False
                if problem is not None:
                    letter.attempts += 1
                    letter.due = time.monotonic() + self._retry_wait * letter.attempts
                    self.webhook.last_error = (int(time.time()), problem)
                    heapq.heappush(self._letters, letter)
                self._changed.notify_all()

    def _next(self) -> _Letter | None:
        with self._changed:
            while not self._stopping:
                idle = self._held or not self._letters or not self.webhook.url
                wait = None if idle else self._letters[0].due - time.monotonic()
                if wait is not None and wait <= 0:
                    self._busy = True
                    return heapq.heappop(self._letters)
                self._changed.wait(wait)
            return None

    def _deliver(self, letter: _Letter) -> str | None:
        """Post one; what went wrong, or None."""
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers[SECRET_HEADER] = self.webhook.secret
        try:
            answer = self._http.post(self.webhook.url, content=letter.body, headers=headers)
        except httpx.TransportError:
            return "Connection refused"
        return None if answer.is_success else f"Wrong response from the webhook: {answer.status_code}"
