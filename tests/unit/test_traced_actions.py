"""The action server notes what took how long where its caller names a trace, and says nothing where it does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from rasa_sdk import Action
from structlog.testing import capture_logs

from actions.server import ActionFailed, DiscreetExecutor, TracedResult, _told, told_context
from ramah.booking.traced_erp import traced
from ramah.integrations.errors import CredentialsRefused
from ramah.integrations.http import NoAnswer
from ramah.lib.guard import CircuitIsOpen, NoPlace
from ramah.lib.spans import read_spans, span
from ramah.lib.trace_context import TraceContext

CONTEXT = TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")


class FakeErp:
    """Knows two services, and fails at bookings."""

    def services(self) -> list[str]:
        """Two."""
        return ["wash", "wax"]

    def book(self) -> None:
        """Always fails."""
        raise ValueError("HTTP 503 for token=EAAGm0PX4ZCpsBA")


class AskErp(Action):  # type: ignore[misc]  # the SDK is untyped
    """Asks the ERP in a thread, as the real ones do."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_ask"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        """Ask for the services."""
        await asyncio.to_thread(self._ask)
        return []

    def _ask(self) -> None:
        with span("step"):
            traced(FakeErp(), "fake").services()  # type: ignore[arg-type]


class Broken(AskErp):
    """Fails at the ERP."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_broken"

    def _ask(self) -> None:
        traced(FakeErp(), "fake").book()  # type: ignore[arg-type, call-arg]


def run(action: str) -> Any:
    executor = DiscreetExecutor(seconds=5.0)
    for one in (AskErp, Broken):
        executor.register_action(one)
    tracker = {"sender_id": "c", "slots": {}, "latest_message": {}, "events": [], "paused": False}
    return asyncio.run(executor.run({"next_action": action, "tracker": tracker, "domain": {"slots": {}}}))


@contextmanager
def told(context: TraceContext | None) -> Iterator[None]:
    token = told_context.set(context)
    try:
        yield
    finally:
        told_context.reset(token)


def test_an_action_returns_its_spans_and_those_of_its_calls() -> None:
    with told(CONTEXT):
        result = run("action_ask")
    assert isinstance(result, TracedResult)
    spans = {one.name: one for one in read_spans(result.spans)}
    assert spans["run action_ask"].parent == CONTEXT.parent
    assert spans["step"].parent == spans["run action_ask"].id
    assert spans["erp services"].facts == {"system": "fake", "answer": "2 rows"}


def test_an_action_that_fails_tells_where_without_secrets() -> None:
    with told(CONTEXT), pytest.raises(ActionFailed) as raised:
        run("action_broken")
    spans = {one.name: one for one in read_spans(raised.value.spans)}
    assert spans["erp book"].error is not None and "503" in spans["erp book"].error
    assert "EAAGm0PX4ZCpsBA" not in json.dumps(raised.value.spans)


def test_without_a_trace_nothing_is_noted() -> None:
    with told(None):
        assert "spans" not in run("action_ask").model_dump()


@pytest.mark.parametrize(
    ("cause", "away"),
    [
        (NoAnswer("no answer", sent=True), True),
        (NoPlace("erp", "busy", 1.0), True),
        (CircuitIsOpen("erp", "left alone", 9.0), True),
        (CredentialsRefused("wrong key"), False),
        (ValueError("a fault of ours"), False),
    ],
)
def test_it_tells_whether_another_system_is_away(cause: Exception, away: bool) -> None:
    failed = ActionFailed("action_x", cause)
    failed.__cause__ = cause
    assert _told(failed)["away"] is away


def test_the_line_of_the_log_about_a_failed_action_carries_the_trace() -> None:
    captured = capture_logs(processors=[structlog.contextvars.merge_contextvars])
    with captured as lines, told(CONTEXT), pytest.raises(ActionFailed):
        run("action_broken")
    (line,) = (one for one in lines if one["event"] == "action_failed")
    assert (line["trace_id"], line["action"], line["error"]) == (CONTEXT.trace_id, "action_broken", "ValueError")
