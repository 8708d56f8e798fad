"""W3C trace context: which trace a piece of work belongs to, told from process to process in one header.

https://www.w3.org/TR/trace-context/, version 00."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

HEADER = "traceparent"
_SHAPE = re.compile(r"^(?!ff)[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$")
_NOTHING = re.compile(r"^0+$")


@dataclass(frozen=True)
class TraceContext:
    """A trace and the span in it that caused the work, None at its beginning."""

    trace_id: str
    parent: str | None = None

    def header(self, span_id: str) -> str:
        """What is told to the next process about work that this span caused."""
        return f"00-{self.trace_id}-{span_id}-01"


def new_trace_id() -> str:
    """A fresh trace id, 32 hexadecimal digits."""
    return secrets.token_hex(16)


def new_span_id() -> str:
    """A fresh span id, 16 hexadecimal digits."""
    return secrets.token_hex(8)


def read_traceparent(header: str | None) -> TraceContext | None:
    """The context that a caller sent, None where it sent none or nothing that we understand."""
    match = _SHAPE.match((header or "").strip())
    if match is None or _NOTHING.match(match["trace"]) or _NOTHING.match(match["span"]):
        return None
    return TraceContext(match["trace"], match["span"])
