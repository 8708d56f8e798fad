"""The trace of the turn that runs, for lines of the log; apart from everything that takes long to import."""

from __future__ import annotations

from contextvars import ContextVar

running_trace: ContextVar[str | None] = ContextVar("running_trace", default=None)
