"""What took how long in a turn, in the shape that the platform keeps; a copy, as the engine imports nothing of it."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

MOST_SPANS = 120
SHORTEST_STEP = 50
"""Microseconds below which a component's work is not worth a line."""
LONGEST_ERROR = 200
PROCESS = "engine"
_HEADER = re.compile(r"^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


@dataclass
class Spans:
    """The spans of one turn. Without a ``trace_id`` nobody asked for them, and none are noted."""

    trace_id: str | None = None
    parent: str | None = None
    noted: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, traceparent: str | None) -> Spans:
        """Those of a turn that was asked for with this W3C header."""
        match = _HEADER.match(traceparent or "")
        return cls(match[1], match[2]) if match else cls()

    @property
    def header(self) -> dict[str, str]:
        """What tells the next process where its work belongs."""
        return {"traceparent": f"00-{self.trace_id}-{self.parent}-01"} if self.trace_id and self.parent else {}

    @contextmanager
    def span(self, name: str, shortest: int = 0, **facts: Any) -> Iterator[None]:
        """Note the block, unless it took less than ``shortest`` microseconds; what it raises is noted and raised."""
        if self.trace_id is None:
            yield
            return
        span_id, outer, start, error = secrets.token_hex(8), self.parent, time.time_ns(), None
        self.parent = span_id
        try:
            yield
        except BaseException as raised:
            error = _told(raised)[:LONGEST_ERROR]
            raise
        finally:
            self.parent = outer
            micros = (time.time_ns() - start) // 1000
            if error or micros >= shortest:
                kept = {"id": span_id, "parent": outer, "name": name, "process": PROCESS}
                self._keep({**kept, "start": start // 1000, "micros": max(0, micros)}, error, facts)

    def take_in(self, found: Any) -> None:
        """Spans that the action server noted."""
        if self.trace_id is not None and isinstance(found, list):
            self.noted += [one for one in found if isinstance(one, dict)][: MOST_SPANS - len(self.noted)]

    def _keep(self, span: dict[str, Any], error: str | None, facts: dict[str, Any]) -> None:
        if len(self.noted) >= MOST_SPANS:
            return
        if error:
            span["error"] = error
        if facts:
            span["facts"] = facts
        self.noted.append(span)


def _told(raised: BaseException) -> str:
    """The error in words; Rasa wraps what its components raise, and then the inner one's name comes first."""
    inner = raised
    while inner.__cause__ is not None:
        inner = inner.__cause__
    outer = f"{type(raised).__name__}: {raised}"
    return outer if inner is raised else f"{type(inner).__name__} ({outer})"
