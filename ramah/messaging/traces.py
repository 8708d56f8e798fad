"""Traces of turns: collected while a turn runs, kept with what finishes it, forgotten after a while.

Which traces are kept is decided at their end: whatever failed or was slow, and of the others a share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ramah.lib.spans import Recorder, current_recorder, now_micros, recording
from ramah.lib.trace_context import TraceContext, new_trace_id
from ramah.messaging.claims import Claim
from ramah.messaging.engine_client import EngineTurn
from ramah.messaging.models import Inbound, TurnTrace
from ramah.messaging.tracing import micros_of
from ramah.settings import settings
from ramah.store import Database, utc_now

MOST_FORGOTTEN = 2000
_OF_A_TURN = re.compile(r"(?:turn|desk)-(\d+)-")
_SHARES = 2**32


@contextmanager
def turn_recording(claim: Claim, looked: int) -> Iterator[Recorder]:
    """Record the turn of a message that was claimed just now, by somebody who looked since ``looked``."""
    context = TraceContext(claim.trace_id or new_trace_id())
    with recording("worker", context) as recorder:
        received = micros_of(claim.received_at)
        recorder.add("wait", received, max(received, looked), facts={"attempt": claim.attempts})
        recorder.add("claim", looked, now_micros(), facts={"joined": len(claim.joined) or None})
        yield recorder


@contextmanager
def lines_of_turn(database: Database, organisation_id: str, send_key: str) -> Iterator[None]:
    """What is logged in the block carries the trace of the turn in which a message was written, if it was in one."""
    written_in = _OF_A_TURN.match(send_key)
    if written_in is None:
        yield
        return
    with database.tenant_reading(organisation_id) as session:
        trace_id = session.scalar(select(Inbound.trace_id).where(Inbound.id == int(written_in[1])))
    with structlog.contextvars.bound_contextvars(trace_id=trace_id or "unknown"):
        yield


def keep_trace(session: Session, claim: Claim, turn: EngineTurn | None) -> None:
    """Keep the running turn's trace with what finishes it, if it is to be kept. ``turn`` is None for one given up."""
    recorder = current_recorder()
    if recorder is None:
        return
    micros = now_micros() - micros_of(claim.received_at)
    failed = turn is None or recorder.failed
    config = settings()
    slow = micros > config.trace_slow * 1_000_000
    if not (failed or slow or _is_sampled(recorder.context.trace_id, config.trace_share)):
        return
    session.add(
        TurnTrace(
            inbound_id=claim.inbound_id,
            conversation_id=claim.conversation_id,
            trace_id=recorder.context.trace_id,
            started_at=claim.received_at,
            micros=micros,
            failed=failed,
            slow=slow,
            spans=recorder.spans,
            explained=turn.explained.model_dump(exclude_none=True) if turn and turn.explained else {},
            exports=config.otlp_url is not None,
        )
    )


def forget_old_traces(database: Database, days: int) -> int:
    """Delete traces that are older than ``days``; returns how many, a limited number at a time."""
    before = utc_now() - timedelta(days=days)
    with database.every_organisation(lasting=False) as session:
        old = select(TurnTrace.inbound_id).where(TurnTrace.started_at < before).limit(MOST_FORGOTTEN)
        gone = session.execute(
            delete(TurnTrace).where(TurnTrace.inbound_id.in_(old)).execution_options(synchronize_session=False)
        )
        return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


def _is_sampled(trace_id: str, share: float) -> bool:
    """Decided by the trace itself, so that every process decides the same."""
    return int(trace_id[-8:], 16) < share * _SHARES
