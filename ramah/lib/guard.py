"""What another system may hold of us: so many calls at once, and none while it does not answer.

A *circuit* is one system as one of our processes sees it (one ERP site, one channel account). It opens after outages in
a row and lets one call through when its rest is over. A *bulkhead* bounds the calls under way, so that a slow system
holds some threads and never all of them: first those to one system, then those to all systems of a kind together.
Who finds no place waits a moment for one; whose thread others need does not where the system is known to be slow
(`ramah.lib.places`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Lock

import structlog
from purgatory import SyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from ramah.lib.deadline import given_up
from ramah.lib.errors import RamahError
from ramah.lib.places import Places

log = structlog.get_logger()
Outage = Callable[[Exception], bool]
Listener = Callable[[str, str, float], None]
"""Hears of each call: the kind of system, how it ended, and after how many seconds."""

NO_PLACE_RETRY = 1.0


@dataclass(frozen=True)
class Protection:
    """How one system is guarded. ``at_once``: calls under way to one system; ``all_at_once``: to all of its kind (None:
    not bounded). A caller waits ``place_wait`` seconds for a place; where callers are ``hurried``, because others need
    their threads, not at all while calls are known to take longer. ``threshold`` outages in a row open the circuit for
    ``rest`` seconds."""

    at_once: int
    place_wait: float
    threshold: int
    rest: float
    all_at_once: int | None = None
    hurried: bool = False


class OutOfService(RamahError):
    """The call was not made; ``retry_after`` says when it may be worth a try."""

    permanent = False

    def __init__(self, subsystem: str, message: str, retry_after: float) -> None:
        super().__init__(message, retry_after=retry_after)
        self.subsystem = subsystem


class CircuitIsOpen(OutOfService):
    """Too many outages in a row: nothing is sent until the circuit's rest is over."""


class NoPlace(OutOfService):
    """As many calls as are allowed are under way already."""


@dataclass
class Circuit:
    """One guarded system."""

    kind: str
    name: str
    protection: Protection
    places: Places = field(init=False, repr=False)
    under_way: int = 0

    def __post_init__(self) -> None:
        self.places = Places(self.protection.at_once)


@dataclass(frozen=True)
class CircuitState:
    """A circuit as it is: ``closed``, ``opened`` or ``half-opened``, and the calls under way."""

    kind: str
    name: str
    state: str
    under_way: int


class Guards:
    """All circuits of a process, safe to share between threads."""

    def __init__(self) -> None:
        self._factory = SyncCircuitBreakerFactory()
        # The library keeps its events in plain lists that two threads would empty at once.
        self._lock = Lock()
        self._circuits: dict[str, Circuit] = {}
        self._kinds: dict[str, Places] = {}
        self.listener: Listener | None = None

    @contextmanager
    def guard(self, kind: str, name: str, protection: Protection, is_outage: Outage) -> Iterator[None]:
        """Make one call inside. ``is_outage`` judges what it raises. Raises CircuitIsOpen at once, or NoPlace within
        ``place_wait``, instead of letting it through. Within a deadline (``ramah.lib.deadline``) it waits but once."""
        with self._lock:
            circuit = self._circuits.setdefault(name, Circuit(kind, name, protection))
        with ExitStack() as places:
            self._take_places(circuit, places)
            self._enter(circuit)
            began, ended = time.monotonic(), "failed"
            try:
                yield
                ended = "answered"
                self._leave(circuit, None)
            except Exception as error:
                ended = "outage" if is_outage(error) else "refused"
                self._leave(circuit, error if ended == "outage" else None)
                raise
            finally:
                with self._lock:
                    circuit.under_way -= 1
                if self.listener is not None:
                    self.listener(kind, ended, time.monotonic() - began)

    def states(self) -> list[CircuitState]:
        """Every circuit that was used."""
        with self._lock:
            return [
                CircuitState(one.kind, one.name, self._state(one), one.under_way) for one in self._circuits.values()
            ]

    def _take_places(self, circuit: Circuit, places: ExitStack) -> None:
        # Who waited once in vain does not wait again for each further call: a worker would be held by all of them.
        until = time.monotonic() + (0.0 if circuit.name in given_up() else circuit.protection.place_wait)
        for wanted in self._wanted(circuit):
            place = wanted.take(max(0.0, until - time.monotonic()), hurried=circuit.protection.hurried)
            if place is None:
                given_up().add(circuit.name)
                self._turned_away(circuit, "no_place")
                raise NoPlace(circuit.kind, f"{circuit.name} is busy with other calls of ours", NO_PLACE_RETRY)
            places.callback(wanted.leave, place)

    def _wanted(self, circuit: Circuit) -> tuple[Places, ...]:
        every = circuit.protection.all_at_once
        if every is None:
            return (circuit.places,)
        with self._lock:
            return circuit.places, self._kinds.setdefault(circuit.kind, Places(every))

    def _enter(self, circuit: Circuit) -> None:
        values = circuit.protection
        with self._lock:
            breaker = self._factory.get_breaker(circuit.name, values.threshold, values.rest)
            try:
                breaker.__enter__()
                circuit.under_way += 1
                return
            except OpenedState as opened:
                left = max(0.0, opened.opened_at + values.rest - time.time())
        self._turned_away(circuit, "circuit_open")
        raise CircuitIsOpen(circuit.kind, f"circuit to {circuit.name} is open", left)

    def _leave(self, circuit: Circuit, outage: Exception | None) -> None:
        values = circuit.protection
        with self._lock:
            breaker = self._factory.get_breaker(circuit.name, values.threshold, values.rest)
            before = breaker.context.state
            breaker.__exit__(type(outage) if outage else None, outage, None)
            after = breaker.context.state
        if before != after:
            log.warning("circuit_changed", kind=circuit.kind, circuit=circuit.name, state=after)

    def _state(self, circuit: Circuit) -> str:
        context = self._factory.get_breaker(circuit.name).context
        is_over = context.opened_at is not None and context.opened_at + circuit.protection.rest < time.time()
        return "half-opened" if is_over else str(context.state)

    def _turned_away(self, circuit: Circuit, why: str) -> None:
        if self.listener is not None:
            self.listener(circuit.kind, why, 0.0)


GUARDS = Guards()
"""The circuits of this process."""
