"""Delivery of webhooks: signed, in the background, again and again until they are answered with 200."""

from __future__ import annotations

import hashlib
import heapq
import hmac
import itertools
import json
import logging
import threading
import time
from dataclasses import dataclass, field

import httpx

from tests.fakes.graph.accounts import Account

LONGEST_WAIT = 30.0
log = logging.getLogger(__name__)


@dataclass(order=True)
class _Letter:
    due: float
    number: int
    account: Account = field(compare=False)
    body: bytes = field(compare=False)
    attempts: int = field(default=0, compare=False)


def sign(app_secret: str, body: bytes) -> str:
    """The value of the header X-Hub-Signature-256."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def encode(envelope: object) -> bytes:
    """An envelope in the bytes that Meta would send: non-ASCII and slashes escaped."""
    return json.dumps(envelope, separators=(",", ":")).replace("/", "\\/").encode()


class Postman:
    """Posts webhooks in the order of their due times; a refused one comes again later, behind newer ones."""

    def __init__(self, redelivery_wait: float) -> None:
        self._redelivery_wait = redelivery_wait
        self._letters: list[_Letter] = []
        self._numbers = itertools.count()
        self._busy = False
        self._stopping = False
        self._changed = threading.Condition()
        self._http = httpx.Client(timeout=10.0, headers={"User-Agent": "facebookexternalua"}, trust_env=False)
        self._thread = threading.Thread(target=self._run, name="graph-postman", daemon=True)

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

    def post(self, account: Account, envelope: object, delay: float = 0.0) -> None:
        """Deliver an envelope after ``delay`` seconds. An account without a webhook gets nothing."""
        if account.webhook_url:
            self._put(_Letter(time.monotonic() + delay, next(self._numbers), account, encode(envelope)))

    @property
    def waiting(self) -> int:
        """How many webhooks are not yet answered with 200."""
        with self._changed:
            return len(self._letters) + self._busy

    def drain(self, timeout: float) -> bool:
        """Wait until all is delivered; False when ``timeout`` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._letters and not self._busy, timeout)

    def _put(self, letter: _Letter) -> None:
        with self._changed:
            heapq.heappush(self._letters, letter)
            self._changed.notify_all()

    def _run(self) -> None:
        while (letter := self._next()) is not None:
            delivered = self._deliver(letter)
            with self._changed:
                self._busy = False
                if not delivered:
                    letter.attempts += 1
                    wait = min(LONGEST_WAIT, self._redelivery_wait * 2 ** min(letter.attempts - 1, 10))
                    letter.due = time.monotonic() + wait
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
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": sign(letter.account.app_secret, letter.body),
        }
        try:
            response = self._http.post(letter.account.webhook_url, content=letter.body, headers=headers)
        except httpx.TransportError as error:
            log.warning("webhook not delivered: %s", type(error).__name__)
            return False
        if response.status_code != httpx.codes.OK:
            log.warning("webhook answered %s", response.status_code)
        return response.status_code == httpx.codes.OK
