"""Spans: what took how long within one trace. Whoever works notes them; where nobody keeps them, nothing happens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ramah.lib.scrubbing import scrubbed
from ramah.lib.trace_context import TraceContext, new_span_id, new_trace_id

Facts = dict[str, Any]
MOST_SPANS = 200
LONGEST_FACT = 300
LONGEST_ERROR = 300


class Span(BaseModel):
    """One piece of work as it is kept. ``start`` is in microseconds since 1970, ``micros`` how long it took."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    parent: str | None = None
    name: str = Field(max_length=120)
    process: str = Field(max_length=20)
    start: int
    micros: int = Field(ge=0)
    error: str | None = None
    facts: dict[str, str | int | float | bool] = Field(default_factory=dict)

    @property
    def end(self) -> int:
        """When it was over, in microseconds since 1970."""
        return self.start + self.micros


def read_spans(found: object) -> list[Span]:
    """The spans in what another process or an older row says; what cannot be read is left out."""
    spans: list[Span] = []
    for item in found if isinstance(found, list) else []:
        try:
            spans.append(Span.model_validate(item))
        except ValidationError:
            continue  # a trace with a gap is better than a turn without an answer
    return spans


def now_micros() -> int:
    """The present moment in microseconds since 1970."""
    return time.time_ns() // 1000


@dataclass
class Recorder:
    """Collects the spans of one trace in one process. ``process`` is written on each of them."""

    process: str
    context: TraceContext
    spans: list[dict[str, Any]] = field(default_factory=list)
    parent: str | None = None

    def __post_init__(self) -> None:
        self.parent = self.context.parent

    def add(self, name: str, start: int, end: int, *, error: str | None = None, facts: Facts | None = None) -> str:
        """Note a span that is over; moments in microseconds. Returns its id."""
        span_id = new_span_id()
        self._keep(name, span_id, self.parent, start, end, error, facts or {})
        return span_id

    def take_in(self, found: object) -> None:
        """Spans of the same trace that another process noted, as its JSON has them."""
        room = max(0, MOST_SPANS - len(self.spans))
        self.spans.extend(one.model_dump(exclude_none=True) for one in read_spans(found)[:room])

    def traceparent(self) -> str | None:
        """The header for work that the running span causes elsewhere; None outside of any span."""
        return self.context.header(self.parent) if self.parent else None

    @property
    def failed(self) -> bool:
        """Whether anything in here went wrong."""
        return any(span.get("error") for span in self.spans)

    @contextmanager
    def span(self, name: str, facts: Facts) -> Iterator[Facts]:
        """Note the block as a span below the running one; what it raises is noted and raised."""
        span_id, outer, start = new_span_id(), self.parent, now_micros()
        self.parent, error = span_id, None
        try:
            yield facts
        except BaseException as raised:
            error = f"{type(raised).__name__}: {raised}"
            raise
        finally:
            self.parent = outer
            self._keep(name, span_id, outer, start, now_micros(), error, facts)

    def _keep(
        self, name: str, span_id: str, parent: str | None, start: int, end: int, error: str | None, facts: Facts
    ) -> None:
        if len(self.spans) >= MOST_SPANS:
            return
        kept: dict[str, Any] = {
            "id": span_id,
            "parent": parent,
            "name": name,
            "process": self.process,
            "start": start,
            "micros": max(0, end - start),
        }
        if error:
            kept["error"] = scrubbed(error)[:LONGEST_ERROR]
        if facts:
            kept["facts"] = {key: _short(value) for key, value in facts.items() if value is not None}
        self.spans.append(kept)


_current: ContextVar[Recorder | None] = ContextVar("span_recorder", default=None)


def current_recorder() -> Recorder | None:
    """The recorder of the running work, if somebody keeps its spans."""
    return _current.get()


@contextmanager
def recording(process: str, context: TraceContext | None = None) -> Iterator[Recorder]:
    """Collect the spans of the block, tasks and threads that it hands its context to included."""
    recorder = Recorder(process, context or TraceContext(new_trace_id()))
    token = _current.set(recorder)
    try:
        with structlog.contextvars.bound_contextvars(trace_id=recorder.context.trace_id):
            yield recorder
    finally:
        _current.reset(token)


@contextmanager
def span(name: str, **facts: Any) -> Iterator[Facts]:
    """Note the block as a span where spans are kept. More facts may be put into what it gives."""
    recorder = _current.get()
    if recorder is None:
        yield facts
        return
    with recorder.span(name, facts) as kept:
        yield kept


def note(name: str, *, error: str | None = None, **facts: Any) -> None:
    """Note that something happened just now, where spans are kept."""
    recorder = _current.get()
    if recorder is not None:
        moment = now_micros()
        recorder.add(name, moment, moment, error=error, facts=facts)


def _short(value: Any) -> Any:
    """A fact without secrets; numbers stay as they are."""
    return value if isinstance(value, bool | int | float) else scrubbed(str(value))[:LONGEST_FACT]
