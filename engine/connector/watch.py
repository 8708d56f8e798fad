"""What went wrong inside a turn where Rasa itself only logs and carries on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from engine.connector.failures import FailureKind, TurnFailure


@dataclass
class TurnWatch:
    """Collects the troubles of one turn.

    Attributes:
        traceparent: W3C trace context of the turn, passed on to the action server.
        failures: Action calls that failed, in order.
        missing_responses: Responses that had no text for the language and channel.
        running: The action that runs now.
    """

    traceparent: str | None = None
    failures: list[TurnFailure] = field(default_factory=list)
    missing_responses: list[str] = field(default_factory=list)
    running: str = "turn"

    def raise_first_failure(self) -> None:
        """Raise the first recorded failure.

        Raises:
            TurnFailure: When any action call of this turn failed.
        """
        if self.failures:
            raise self.failures[0]


_current: ContextVar[TurnWatch | None] = ContextVar("turn_watch", default=None)


def current_watch() -> TurnWatch:
    """The watch of the running turn, or an unattached one outside of turns."""
    return _current.get() or TurnWatch()


def record_failure(kind: FailureKind, operation: str, detail: str, permanent: bool) -> None:
    """Note a failed action call of the running turn."""
    current_watch().failures.append(TurnFailure(kind, operation, detail, permanent))


@contextmanager
def watching(traceparent: str | None = None) -> Iterator[TurnWatch]:
    """Watch everything that runs inside the block, tasks started there included."""
    watch = TurnWatch(traceparent)
    token = _current.set(watch)
    try:
        yield watch
    finally:
        _current.reset(token)
