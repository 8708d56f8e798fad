"""Trace contexts and spans: what is taken over, what is noted, what never stays."""

from __future__ import annotations

import json

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from ramah.lib.spans import MOST_SPANS, current_recorder, note, read_spans, recording, span
from ramah.lib.trace_context import TraceContext, new_span_id, new_trace_id, read_traceparent

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


def test_a_header_is_read_as_it_was_written() -> None:
    trace_id, span_id = new_trace_id(), new_span_id()
    assert read_traceparent(TraceContext(trace_id).header(span_id)) == TraceContext(trace_id, span_id)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "garbage",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}",
    ],
)
def test_what_the_standard_refuses_is_no_context(header: str | None) -> None:
    assert read_traceparent(header) is None


def test_a_later_version_is_read_by_its_known_part() -> None:
    assert read_traceparent(f"01-{TRACE}-{PARENT}-01-more") == TraceContext(TRACE, PARENT)


@given(st.text(max_size=80))
def test_no_header_breaks_the_reading(header: str) -> None:
    found = read_traceparent(header)
    assert found is None or len(found.trace_id) == 32


def test_spans_lie_in_one_another_and_pass_their_place_on() -> None:
    with recording("worker", TraceContext(TRACE, PARENT)) as recorder, span("outer") as facts:
        facts["route"] = "engine"
        header = recorder.traceparent()
        note("inner")
    inner, outer = read_spans(recorder.spans)
    assert (outer.parent, inner.parent) == (PARENT, outer.id)
    assert header == f"00-{TRACE}-{outer.id}-01"
    assert outer.facts == {"route": "engine"} and outer.micros >= 0
    assert current_recorder() is None


def test_what_a_block_raises_is_noted_and_raised() -> None:
    with recording("worker") as recorder, pytest.raises(ValueError, match="boom"), span("step"):
        raise ValueError("boom")
    assert recorder.failed and read_spans(recorder.spans)[0].error == "ValueError: boom"


def test_planted_secrets_stay_out_of_spans() -> None:
    with (
        recording("worker") as recorder,
        pytest.raises(ValueError),
        span("erp", address="https://u:hunter2@erp.example"),
    ):
        raise ValueError("Authorization: Bearer EAAGm0PX4ZCpsBA for +62 812-3456-7890, ani@kilap.example")
    kept = json.dumps(recorder.spans)
    for secret in ("hunter2", "EAAGm0PX4ZCpsBA", "3456", "ani@"):
        assert secret not in kept


def test_without_a_recording_nothing_is_kept_and_nothing_breaks() -> None:
    with span("alone") as facts:
        facts["x"] = 1
    note("alone")
    assert current_recorder() is None


def test_an_endless_trace_is_cut() -> None:
    with recording("worker") as recorder:
        for _ in range(MOST_SPANS + 50):
            note("again")
        recorder.take_in([recorder.spans[0]] * 10)
    assert len(recorder.spans) == MOST_SPANS


def test_unreadable_spans_of_others_are_left_out() -> None:
    good = {"id": PARENT, "name": "x", "process": "engine", "start": 1, "micros": 2}
    assert [one.id for one in read_spans([good, {}, None, {**good, "id": "zz"}, {**good, "micros": -1}])] == [PARENT]
    assert read_spans("no list") == read_spans(None) == []


def test_logs_inside_a_recording_carry_its_trace() -> None:
    with recording("worker", TraceContext(TRACE)):
        assert structlog.contextvars.get_contextvars() == {"trace_id": TRACE}
    assert structlog.contextvars.get_contextvars() == {}
