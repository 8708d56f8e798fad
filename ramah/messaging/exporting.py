"""Kept traces for an OpenTelemetry collector: sent over OTLP/HTTP some time after the turn, when the answer has left.

What waits for the collector is a mark on the kept trace: a collector that is away costs nobody anything, and what is
older than an hour is not sent any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import SpanContext, TraceFlags
from opentelemetry.trace.status import Status, StatusCode
from sqlalchemy import select, update

from ramah.lib.spans import Span
from ramah.lib.trace_context import new_span_id
from ramah.messaging.models import TurnTrace
from ramah.messaging.tracing import micros_of
from ramah.messaging.why import Reply, Turn, read_turn
from ramah.observe.release import running_release
from ramah.settings import Settings
from ramah.store import Database, utc_now

log = structlog.get_logger()
SETTLED_AFTER = timedelta(seconds=20)
"""By then the answer has been sent, or its first tries have failed."""
TOO_OLD = timedelta(hours=1)
AT_ONCE = 20
EXPORT_SECONDS = 5.0
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)


class TraceExport:
    """Sends what waits to the collector that the settings name."""

    def __init__(self, database: Database, config: Settings) -> None:
        self._database = database
        self._exporter = OTLPSpanExporter(config.otlp_url, headers=_headers(config), timeout=EXPORT_SECONDS)

    def export_some(self) -> bool:
        """Send up to twenty traces; whether there were any. What was not taken waits for the next round."""
        now = utc_now()
        with self._database.every_organisation_reading() as session:
            waiting = session.scalars(
                select(TurnTrace.inbound_id)
                .where(TurnTrace.exports, TurnTrace.started_at < now - SETTLED_AFTER)
                .order_by(TurnTrace.started_at)
                .limit(AT_ONCE)
            ).all()
            spans = [one for number in waiting for one in readable(read_turn(session, number))]
        if not waiting:
            return False
        taken = self._exporter.export(spans) is SpanExportResult.SUCCESS
        if not taken:
            log.warning("traces_not_exported", waiting=len(waiting))
        self._settle(waiting, now if taken else now - TOO_OLD)
        return taken

    def close(self) -> None:
        """Give the connection back."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]

    def _settle(self, numbers: Sequence[int], before: datetime) -> None:
        with self._database.every_organisation(lasting=False) as session:
            session.execute(
                update(TurnTrace)
                .where(TurnTrace.inbound_id.in_(numbers), TurnTrace.started_at < before)
                .values(exports=False)
                .execution_options(synchronize_session=False)
            )


def readable(turn: Turn) -> Iterator[ReadableSpan]:
    """The spans of a turn as OpenTelemetry has them, below one for the whole turn; tries to send are spans, too."""
    if turn.trace is None:
        return
    trace_id, root = turn.trace.trace_id, new_span_id()
    begun = micros_of(turn.trace.started_at)
    whole = Span(id=root, name="turn", process="ramah", start=begun, micros=max(0, turn.trace.micros))
    yield _readable(whole, trace_id, {"ramah.conversation": turn.inbound.conversation_id}, turn.trace.failed)
    known = {one.id for one in turn.spans}
    for one in turn.spans:
        parent = one.parent if one.parent in known else root
        yield _readable(one.model_copy(update={"parent": parent}), trace_id, dict(one.facts), one.error is not None)
    for reply in turn.replies:
        yield from _tries(reply, trace_id, root)


def _tries(reply: Reply, trace_id: str, root: str) -> Iterator[ReadableSpan]:
    for one in reply.attempts:
        start, end = micros_of(one.started_at), micros_of(one.ended_at or one.started_at)
        tried = Span(id=new_span_id(), parent=root, name="send", process="worker", start=start, micros=end - start)
        yield _readable(tried, trace_id, {"outcome": one.outcome or "under way"}, one.error_code is not None)


def _readable(span: Span, trace_id: str, facts: dict[str, Any], failed: bool) -> ReadableSpan:
    return ReadableSpan(
        span.name,
        context=_context(trace_id, span.id),
        parent=_context(trace_id, span.parent) if span.parent else None,
        resource=Resource({"service.name": f"ramah-{span.process}", "service.version": running_release()}),
        attributes=facts,
        status=Status(StatusCode.ERROR, span.error) if failed else Status(),
        start_time=span.start * 1000,
        end_time=span.end * 1000,
    )


def _context(trace_id: str, span_id: str) -> SpanContext:
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=_SAMPLED)


def _headers(config: Settings) -> dict[str, str]:
    given = config.otlp_headers.get_secret_value() if config.otlp_headers else ""
    pairs = [part.partition("=") for part in given.split(",") if "=" in part]
    return {name.strip(): value.strip() for name, _, value in pairs}
