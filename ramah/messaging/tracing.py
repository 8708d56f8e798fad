"""A turn's trace begins where its message arrives, and is carried in the message's row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from ramah.lib.spans import Recorder, current_recorder, now_micros, recording
from ramah.lib.trace_context import TraceContext, new_trace_id


def micros_of(moment: datetime) -> int:
    """A moment in microseconds since 1970."""
    return round(moment.timestamp() * 1_000_000)


@contextmanager
def arriving(process: str, context: TraceContext | None = None) -> Iterator[None]:
    """What is stored in the block belongs to one trace: the one that runs already, or a new one."""
    if current_recorder() is not None:
        yield
        return
    with recording(process, context):
        yield


def arrival(began: int) -> tuple[str, list[Any]]:
    """The trace of a message that is being stored since ``began`` (microseconds), and its spans until now."""
    recorder = current_recorder()
    if recorder is None:
        recorder = Recorder("console", TraceContext(new_trace_id()))
    before = len(recorder.spans)
    recorder.add("store", began, now_micros())
    stored = list(recorder.spans)
    del recorder.spans[before:]  # each message of a body has a storing of its own
    return recorder.context.trace_id, stored
