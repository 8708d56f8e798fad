"""`python -m benchmarks.stages`, in the engine's environment: the engine with a stop-watch on each part of a turn.

Every turn adds one line to the file that RAMAH_BENCH_STAGES names: a JSON object of milliseconds per stage. Time spent
in a stage within a stage counts for the inner one alone, so that the stages of a turn add up to the turn.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

FILE = "RAMAH_BENCH_STAGES"
REST = "connector, lock, events"
# Stage, module, and the coroutine functions or functions that it consists of.
STAGES = (
    ("understanding", "engine.connector.processor", ("StrictProcessor.parse_message",)),
    ("policies", "engine.connector.processor", ("StrictProcessor.predict_next_with_tracker_if_should",)),
    ("slots", "engine.connector.processor", ("StrictProcessor.run_action_extract_slots",)),
    ("store: read", "engine.tracker_store", ("DurableTrackerStore.retrieve",)),
    ("store: write", "engine.tracker_store", ("DurableTrackerStore.save",)),
    ("action server", "engine.connector.action_server", ("ActionServer.request",)),
    ("running actions", "engine.connector.processor", ("WatchedAction.run",)),
    ("session start", "engine.connector.processor", ("StrictProcessor.start_session",)),
)


class StopWatch:
    """Which stage is running, and how long each has run. The turns of a profile come one after another."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._running: list[str] = []
        self._since = 0.0

    def enter(self, stage: str) -> None:
        """The stage that ran so far pauses; this one runs."""
        self._lap()
        self._running.append(stage)

    def leave(self) -> None:
        """The stage ends; the one around it goes on."""
        self._lap()
        self._running.pop()

    def take(self) -> dict[str, float]:
        """What was measured since the last time, in milliseconds."""
        spent, self.spent = self.spent, {}
        return {stage: seconds * 1000 for stage, seconds in spent.items()}

    def _lap(self) -> None:
        now = time.perf_counter()
        if self._running:
            stage = self._running[-1]
            self.spent[stage] = self.spent.get(stage, 0.0) + now - self._since
        self._since = now


WATCH = StopWatch()


def timed(stage: str, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """A coroutine function that counts for a stage."""

    @functools.wraps(work)
    async def measured(*arguments: Any, **named: Any) -> Any:
        WATCH.enter(stage)
        try:
            return await work(*arguments, **named)
        finally:
            WATCH.leave()

    return measured


def timed_function(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """A function that counts for a stage."""

    @functools.wraps(work)
    def measured(*arguments: Any, **named: Any) -> Any:
        WATCH.enter(stage)
        try:
            return work(*arguments, **named)
        finally:
            WATCH.leave()

    return measured


def attach() -> None:
    """Put the stop-watch on every stage and on the turn as a whole."""
    for stage, module, names in STAGES:
        for name in names:
            owner_name, _, attribute = name.partition(".")
            owner = getattr(importlib.import_module(module), owner_name)
            work = getattr(owner, attribute)
            is_coroutine = bool(work.__code__.co_flags & 0x80)
            setattr(owner, attribute, (timed if is_coroutine else timed_function)(stage, work))
    channel = importlib.import_module("engine.connector.channel")
    channel.take_turn = written_down(timed(REST, channel.take_turn))  # type: ignore[attr-defined]


def written_down(turn: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """A turn that adds its line to the file."""

    async def measured(*arguments: Any, **named: Any) -> Any:
        WATCH.take()
        answer = await turn(*arguments, **named)
        _write_down(WATCH.take())
        return answer

    return measured


def _write_down(spent: dict[str, float]) -> None:
    with Path(os.environ[FILE]).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(spent) + "\n")


def main() -> int:
    """Serve as `engine.serve` does, measuring; returns its exit code."""
    serve = importlib.import_module("engine.serve")
    build = serve._application

    def application(*arguments: Any) -> Any:
        app = build(*arguments)
        attach()
        return app

    serve._application = application  # type: ignore[attr-defined]
    return int(serve.main())


if __name__ == "__main__":
    sys.exit(main())
