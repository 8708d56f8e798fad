"""What went wrong inside a turn where Rasa itself only logs and carries on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from engine.connector.failures import ENGINE, FailureKind, TurnFailure
from engine.connector.places import place_here
from engine.connector.replaying import Trial
from engine.connector.spans import Spans
from engine.trace_id import running_trace

ACTIONS = "actions"


@dataclass
class TurnWatch:
    """Collects the troubles of one turn.

    Attributes:
        spans: What took how long; its header is passed on to the action server.
        failures: Action calls that failed, in order.
        missing_responses: Responses that had no text for the language and channel.
        troubles: What went wrong without ending the turn; the caller is told beside the answer.
        running: The action or step that runs now.
        saying: The response that is worded now.
        slots_before: What the dialogue remembered when the turn began.
        rule: The rule that predicted the next action, as the policy keeps it, and that action.
        decisions: What was decided, in order, each with its rule.
        responses: The responses that were said, with their wording and variables.
        trial: In a replay, what its sandbox is asked and tells.
    """

    spans: Spans = field(default_factory=Spans)
    failures: list[TurnFailure] = field(default_factory=list)
    missing_responses: list[str] = field(default_factory=list)
    troubles: list[TurnFailure] = field(default_factory=list)
    running: str = "turn"
    saying: str = "response"
    slots_before: dict[str, Any] = field(default_factory=dict)
    rule: tuple[str, str] | None = None
    decisions: list[dict[str, Any]] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)
    trial: Trial | None = None

    def decide(self, action: str, policy: str | None, confidence: float) -> None:
        """Note the next action, and the rule that named it if one did."""
        key, self.rule = (self.rule[0] if self.rule and self.rule[1] == action else None), None
        self.decisions.append({"action": action, "policy": policy, "confidence": confidence, "key": key})

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


def record_failure(
    kind: FailureKind, operation: str, detail: str, permanent: bool, *, subsystem: str = ACTIONS, place: str = ""
) -> None:
    """Note a failed action call of the running turn."""
    failure = TurnFailure(kind, operation, detail, permanent, subsystem=subsystem, place=place or place_here())
    current_watch().failures.append(failure)


def record_trouble(kind: FailureKind, operation: str, detail: str, *, subsystem: str = ENGINE) -> None:
    """Note something that Rasa only logs, and that does not keep the customer from an answer."""
    trouble = TurnFailure(kind, operation, detail, permanent=True, subsystem=subsystem, place=place_here())
    current_watch().troubles.append(trouble)


def record_missing(response: str) -> None:
    """Note a response without a text for the language and channel."""
    current_watch().missing_responses.append(response)
    record_trouble(FailureKind.UNKNOWN_RESPONSE, response, f"no text for {response}")


def troubles_told(watch: TurnWatch) -> dict[str, Any]:
    """The part of an answer that names the troubles of its turn."""
    return {"troubles": [trouble.as_body()["failure"] for trouble in watch.troubles]}


@contextmanager
def watching(traceparent: str | None = None) -> Iterator[TurnWatch]:
    """Watch everything that runs inside the block, tasks started there included."""
    watch = TurnWatch(Spans.of(traceparent))
    token, named = _current.set(watch), running_trace.set(watch.spans.trace_id)
    try:
        yield watch
    finally:
        _current.reset(token)
        running_trace.reset(named)
