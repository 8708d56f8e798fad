"""Conversations sent over kept-alive connections, and the times that the answers took."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from benchmarks.process import BenchmarkError, Server

TIMEOUT = 60.0

Check = Callable[[Any], bool]


@dataclass(frozen=True)
class Message:
    """One request of a conversation. ``is_right`` looks at the answer, so that only real turns are counted."""

    body: Mapping[str, Any]
    is_right: Check


Conversation = Sequence[Message]


@dataclass(frozen=True)
class Target:
    """Where turns are posted, and the processes that work on them."""

    port: int
    path: str
    headers: Mapping[str, str]
    servers: Sequence[Server]

    def processor_time(self) -> float:
        """Seconds of processor time that all servers have used so far."""
        return sum(server.processor_time() for server in self.servers)


@dataclass(frozen=True)
class Round:
    """What one round of turns took: the whole in seconds, each turn in milliseconds.

    ``processor_seconds`` is what the servers worked, which other programs on the machine disturb less.
    """

    seconds: float
    latencies: tuple[float, ...]
    processor_seconds: float

    @property
    def rate(self) -> float:
        """Turns per second."""
        return len(self.latencies) / self.seconds

    @property
    def work(self) -> float:
        """Milliseconds of processor time for a turn, over all servers that take part in it."""
        return self.processor_seconds * 1000 / len(self.latencies)

    @classmethod
    def together(cls, rounds: Sequence[Round]) -> Round:
        """Several rounds as one."""
        latencies = tuple(latency for one in rounds for latency in one.latencies)
        return cls(sum(one.seconds for one in rounds), latencies, sum(one.processor_seconds for one in rounds))


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that ``percent`` of all values do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def run_round(target: Target, conversations: Sequence[Conversation], connections: int = 1) -> Round:
    """Run conversations, each in order, over so many connections at a time; every turn waits for the one before.

    Raises:
        BenchmarkError: An answer was an error or not the one that was expected.
    """
    waiting = deque(conversations)
    used, started = target.processor_time(), time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        runs = [pool.submit(_run, target, waiting) for _ in range(connections)]
        latencies = [latency for run in runs for latency in run.result()]
    seconds = time.perf_counter() - started
    return Round(seconds, tuple(latencies), target.processor_time() - used)


class Talk:
    """One kept-alive connection over which a conversation goes on; a context manager."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._connection = HTTPConnection("127.0.0.1", target.port, timeout=TIMEOUT)

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def turns(self, messages: Sequence[Message]) -> Round:
        """Take these turns, one after the other.

        Raises:
            BenchmarkError: An answer was an error or not the one that was expected.
        """
        used, started = self._target.processor_time(), time.perf_counter()
        latencies = tuple(_turn(self._connection, self._target, message) for message in messages)
        return Round(time.perf_counter() - started, latencies, self._target.processor_time() - used)


def _run(target: Target, waiting: deque[Conversation]) -> list[float]:
    latencies: list[float] = []
    connection = HTTPConnection("127.0.0.1", target.port, timeout=TIMEOUT)
    try:
        while waiting:
            try:
                conversation = waiting.popleft()
            except IndexError:
                break  # another connection took the last one
            latencies += [_turn(connection, target, message) for message in conversation]
    finally:
        connection.close()
    return latencies


def _turn(connection: HTTPConnection, target: Target, message: Message) -> float:
    body = json.dumps(message.body)
    started = time.perf_counter()
    connection.request("POST", target.path, body, {"Content-Type": "application/json", **target.headers})
    response = connection.getresponse()
    content = response.read()
    latency = (time.perf_counter() - started) * 1000
    if response.status != 200 or not message.is_right(json.loads(content)):
        raise BenchmarkError(f"{body}: {response.status} {content.decode(errors='replace')[:1500]}")
    return latency
