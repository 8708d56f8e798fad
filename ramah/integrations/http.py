"""The one way out to other people's HTTP interfaces: time limits, retries of reads, a guard per base URL.

Statuses are judged by an allow-list, reads (GET, HEAD) are repeated a bounded number of times with jitter, writes are
sent exactly once. A circuit opens after consecutive outages (no answer, 502, 503, 504, 508), not after refusals.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field
from stamina import RetryingCaller

from ramah.integrations.errors import IntegrationError, Unavailable
from ramah.lib.deadline import time_left
from ramah.lib.guard import GUARDS, CircuitIsOpen, Guards, OutOfService, Protection
from ramah.lib.sandbox import current_sandbox

READS = frozenset({"GET", "HEAD"})
OUTAGES = frozenset({502, 503, 504, 508})
WORTH_REPEATING = OUTAGES | {429, 500}


class HttpLimits(BaseModel):
    """Patience with one system. Durations are seconds; ``total`` covers all attempts of one call."""

    model_config = ConfigDict(frozen=True)

    connect: float = Field(default=2.0, gt=0)
    read: float = Field(default=5.0, gt=0)
    total: float = Field(default=15.0, gt=0)
    attempts: int = Field(default=3, ge=1, le=10)
    wait_initial: float = Field(default=0.1, ge=0)
    wait_max: float = Field(default=2.0, ge=0)
    wait_jitter: float = Field(default=0.5, ge=0)
    breaker_threshold: int = Field(default=5, ge=1)
    breaker_seconds: float = Field(default=30.0, gt=0)
    at_once: int = Field(default=8, ge=1)
    all_at_once: int | None = Field(default=None, ge=1)
    place_wait: float = Field(default=0.5, ge=0)
    body_bytes: int = Field(default=20_000_000, ge=1)

    @property
    def protection(self) -> Protection:
        """The same for the guard. A customer waits, in a thread that others need."""
        return Protection(
            hurried=True,
            at_once=self.at_once,
            all_at_once=self.all_at_once,
            place_wait=self.place_wait,
            threshold=self.breaker_threshold,
            rest=self.breaker_seconds,
        )


@dataclass(frozen=True)
class Answer:
    """A whole response, read to its end."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body as text; broken bytes become the replacement character."""
        return self.content.decode("utf-8", errors="replace")

    @property
    def retry_after(self) -> float | None:
        """The wait in seconds that the other side asked for, where it did so in seconds."""
        value = self.headers.get("retry-after", "")
        return float(value) if value.isdecimal() else None


class NoAnswer(Unavailable):
    """Nothing usable came back. ``sent`` tells whether the request may have reached the other side."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class NotAsked(NoAnswer):
    """The request was not sent: no time is left for it, or one of the guard's reasons below."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message, sent=False)
        self.retry_after = retry_after


class CircuitOpen(NotAsked):
    """Too many outages in a row: nothing is sent until the circuit's time is over."""


class Busy(NotAsked):
    """As many requests as are allowed are under way to that system."""


class Withheld(NotAsked):
    """A sandbox does not let it out: it would change something there, or cost something."""


class BadStatus(IntegrationError):
    """An answer outside the allow-list; the caller maps it to its own error."""

    def __init__(self, answer: Answer) -> None:
        transient = answer.status in WORTH_REPEATING
        super().__init__(f"HTTP {answer.status}", permanent=not transient, retry_after=answer.retry_after)
        self.answer = answer


Breakers = Guards
BREAKERS = GUARDS


@dataclass(frozen=True)
class _Call:
    method: str
    path: str
    params: Mapping[str, str | int]
    json: Any
    good: frozenset[int]
    deadline: float


class HttpClient:
    """One base URL with its headers and limits; thread-safe, connections are reused."""

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str],
        limits: HttpLimits,
        breakers: Breakers = BREAKERS,
        kind: str = "http",
    ) -> None:
        self._kind = kind
        self._circuit = base_url.rstrip("/")
        self._limits = limits
        self._breakers = breakers
        self._client = httpx.Client(base_url=self._circuit, headers=dict(headers), follow_redirects=False)
        self._retry = RetryingCaller(
            attempts=limits.attempts,
            timeout=limits.total,
            wait_initial=limits.wait_initial,
            wait_max=limits.wait_max,
            wait_jitter=limits.wait_jitter,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: Any = None,
        good: frozenset[int] = frozenset({200}),
        changes_nothing: bool = False,
        within: float | None = None,
    ) -> Answer:
        """Send and read the whole answer. ``path`` is already percent-encoded.

        A POST that ``changes_nothing`` only asks, and is repeated like a read. ``within`` are seconds, where less than
        the limits' total is left; a deadline of the caller's (``ramah.lib.deadline``) counts as well. Raises NoAnswer
        (CircuitOpen, Busy; Withheld for all but reads in a sandbox), or BadStatus for any status not in ``good``.
        """
        if method not in READS:
            self._refuse_in_sandbox(method, path)
        patience = min(given for given in (self._limits.total, within, time_left()) if given is not None)
        if patience <= 0:
            raise NotAsked(f"no time is left to ask {self._circuit}")
        call = _Call(method, path, params or {}, json, good, time.monotonic() + patience)
        if method not in READS and not changes_nothing:
            return self._once(call)
        return self._retry(self._worth_repeating, self._once, call)

    def _refuse_in_sandbox(self, method: str, path: str) -> None:
        sandbox = current_sandbox()
        if sandbox is not None:
            sandbox.withhold(self._kind, method, path)
            raise Withheld(f"{method} to {self._circuit} is withheld in a sandbox")

    def _worth_repeating(self, error: Exception) -> bool | float:
        if isinstance(error, BadStatus) and error.answer.status in WORTH_REPEATING:
            wait = error.retry_after
            return True if wait is None else wait <= self._limits.wait_max and wait
        return isinstance(error, NoAnswer) and not isinstance(error, NotAsked)

    def _once(self, call: _Call) -> Answer:
        if time.monotonic() > call.deadline:
            raise NotAsked(f"no time is left to ask {self._circuit} again")
        with self._guarded():
            answer = self._exchange(call)
            if answer.status in OUTAGES and answer.status not in call.good:
                raise BadStatus(answer)
        if answer.status not in call.good:
            raise BadStatus(answer)
        return answer

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """One call through the guard, whose refusals become ours."""
        try:
            with self._breakers.guard(self._kind, self._circuit, self._limits.protection, _is_outage):
                yield
        except OutOfService as refused:
            kind = CircuitOpen if isinstance(refused, CircuitIsOpen) else Busy
            raise kind(str(refused), refused.retry_after) from None

    def _exchange(self, call: _Call) -> Answer:
        try:
            with self._client.stream(
                call.method, call.path, params=call.params, json=call.json, timeout=self._timeout(call.deadline)
            ) as response:
                return Answer(response.status_code, response.headers, self._body(response, call.deadline))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise NoAnswer(f"cannot connect to {self._circuit}: {error}", sent=False) from error
        except httpx.RequestError as error:
            raise NoAnswer(f"{type(error).__name__} from {self._circuit}: {error}", sent=True) from error

    def _timeout(self, deadline: float) -> httpx.Timeout:
        left = max(deadline - time.monotonic(), 0.001)
        connect, read = min(self._limits.connect, left), min(self._limits.read, left)
        return httpx.Timeout(connect=connect, read=read, write=read, pool=connect)

    def _body(self, response: httpx.Response, deadline: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if time.monotonic() > deadline:  # httpx limits each read, not their sum
                raise NoAnswer(f"{self._circuit} answers too slowly", sent=True)
            if len(body) > self._limits.body_bytes:
                raise NoAnswer(f"{self._circuit} answers more than {self._limits.body_bytes} bytes", sent=True)
        return bytes(body)


def _is_outage(error: Exception) -> bool:
    return isinstance(error, IntegrationError)
