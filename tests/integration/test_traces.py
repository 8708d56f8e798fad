"""One trace per turn: begun with the message, kept with its answer, forgotten in time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
import structlog
from pytest_httpserver import HTTPServer
from sqlalchemy import select, update
from structlog.testing import capture_logs
from typer.testing import CliRunner

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.cli.app import app
from ramah.integrations.storage import open_storage
from ramah.lib.errors import NotFound
from ramah.lib.spans import Span, read_spans, recording
from ramah.lib.trace_context import TraceContext
from ramah.messaging.accounts import find_account
from ramah.messaging.engine_client import (
    EngineClient,
    EngineError,
    EngineReply,
    EngineTrouble,
    EngineTurn,
    Explained,
    TurnRequest,
)
from ramah.messaging.inbox import accept
from ramah.messaging.models import TurnTrace
from ramah.messaging.parcels import Parcel
from ramah.messaging.traces import forget_old_traces
from ramah.messaging.turn_runner import TurnRunner
from ramah.messaging.webhooks import receive
from ramah.messaging.why import read_turn
from ramah.store import Database, utc_now
from tests.integration.conftest import ScriptedEngine, Tenant, claimer, defaults, text_message
from tests.integration.console.signed import signature
from tests.integration.test_envelopes import body_of
from worker import delivery

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


def traces(database: Database, tenant: Tenant) -> list[TurnTrace]:
    with database.tenant_reading(tenant.id) as session:
        return list(session.scalars(select(TurnTrace).order_by(TurnTrace.inbound_id)))


def the_trace(database: Database, tenant: Tenant) -> tuple[TurnTrace, dict[str, Span]]:
    (found,) = traces(database, tenant)
    with database.tenant_reading(tenant.id) as session:
        return found, {one.name: one for one in read_turn(session, found.inbound_id).spans}


def post(database: Database, tenant: Tenant, body: bytes, context: TraceContext | None = None) -> None:
    account = find_account(database, "whatsapp", tenant.whatsapp.public_key)
    receive(database, account, signature(body), body, context)


def test_a_trace_reaches_from_the_webhook_to_the_written_answer(
    database: Database, kilap: Tenant, runner: TurnRunner
) -> None:
    post(database, kilap, body_of("halo"))
    runner.run_one()
    found, spans = the_trace(database, kilap)
    assert list(spans) == ["verify", "keep", "parse", "store", "wait", "claim", "route", "observe"]
    assert [spans[name].process for name in ("verify", "wait")] == ["console", "worker"]
    assert spans["verify"].start <= spans["keep"].start <= spans["wait"].end <= spans["claim"].end
    assert spans["route"].facts["route"] == "engine"
    assert found.micros > 0 and not found.failed and not found.slow


def test_a_caller_of_the_house_may_name_the_trace(database: Database, kilap: Tenant, runner: TurnRunner) -> None:
    post(database, kilap, body_of("halo"), TraceContext(TRACE, PARENT))
    runner.run_one()
    found, spans = the_trace(database, kilap)
    assert found.trace_id == TRACE and spans["verify"].parent == PARENT


def test_lines_of_the_log_about_sending_the_answer_carry_the_trace(
    database: Database, kilap: Tenant, runner: TurnRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_: Parcel) -> NoReturn:
        raise ChannelError("the number does not exist", SendOutcome.GIVE_UP)

    monkeypatch.setattr(delivery, "send", refuse)
    post(database, kilap, body_of("halo"), TraceContext(TRACE, PARENT))
    runner.run_one()
    config = defaults(media_url=f"file://{tmp_path}")
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        assert delivery.deliver_one(database, config, claimer(database), open_storage(config))
    assert {line["event"] for line in lines} >= {"send_failed", "incident"}
    assert {line.get("trace_id") for line in lines} == {TRACE}


def test_what_the_engine_explains_is_kept(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    explained = {"normalised": "halo", "slots": {"name": {"before": None, "after": "Ani"}}}
    engine.answer = lambda request: EngineTurn(
        replies=[EngineReply(text="baik")], explained=Explained.model_validate(explained)
    )
    accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    found, _ = the_trace(database, kilap)
    assert Explained.model_validate(found.explained).slots["name"].after == "Ani"


def test_a_turn_that_fails_is_kept_with_its_incident_whatever_the_share(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(monkeypatch, 0.0)
    engine.failure = EngineError("the action raised KeyError; token=EAAGm0PX4ZCpsBA", "action_failed", permanent=True)
    accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    found, spans = the_trace(database, kilap)
    assert found.failed and spans["incident"].facts["incident"]
    assert "EAAGm0PX4ZCpsBA" not in json.dumps(found.spans)


def test_what_went_wrong_beside_the_answer_is_in_the_trace_too(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(monkeypatch, 0.0)
    trouble = EngineTrouble(kind="unknown_response", operation="utter_greet", detail="no text in 'ms'", place="e.w:g:1")
    engine.answer = lambda request: EngineTurn(replies=[EngineReply(text="baik")], troubles=[trouble])
    accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    found, spans = the_trace(database, kilap)
    assert found.failed and spans["incident"].error == "no text in 'ms'"
    assert spans["incident"].facts["operation"] == "turn:utter_greet"


def test_of_the_others_only_a_share_is_kept(
    database: Database, kilap: Tenant, runner: TurnRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(monkeypatch, 0.0)
    accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    assert traces(database, kilap) == []


def test_a_slow_turn_is_kept(
    database: Database, kilap: Tenant, runner: TurnRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(monkeypatch, 0.0)
    monkeypatch.setattr("ramah.messaging.traces.settings", lambda: defaults(trace_share=0, trace_slow=1e-6))
    accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    found, _ = the_trace(database, kilap)
    assert found.slow and not found.failed


def test_old_traces_are_forgotten_and_young_ones_stay(database: Database, kilap: Tenant, runner: TurnRunner) -> None:
    for key in ("1", "2"):
        accept(database, kilap.webchat, text_message("halo", key=key))
        runner.run_one()
    old = traces(database, kilap)[0].inbound_id
    with database.tenant(kilap.id) as session:
        ago = utc_now() - timedelta(days=15)
        session.execute(update(TurnTrace).where(TurnTrace.inbound_id == old).values(started_at=ago))
    assert forget_old_traces(database, 14) == 1
    assert [one.inbound_id for one in traces(database, kilap)] != [old]


def test_another_organisation_sees_none_of_it(
    database: Database, kilap: Tenant, stranger: Tenant, runner: TurnRunner
) -> None:
    accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    assert traces(database, stranger) == [] and len(traces(database, kilap)) == 1


def share(monkeypatch: pytest.MonkeyPatch, value: float) -> None:
    monkeypatch.setattr("ramah.messaging.traces.settings", lambda: defaults(trace_share=value))


@pytest.fixture
def client(httpserver: HTTPServer) -> Iterator[EngineClient]:
    """The real client of an engine that the test plays."""
    client = EngineClient(defaults(engine_url=httpserver.url_for("")))
    yield client
    client.close()


def asked() -> TurnRequest:
    return TurnRequest(
        conversation_id="c", message_id="1", text="halo", payload=None, channel="web", language_hint=None, metadata={}
    )


THEIRS = {"id": PARENT, "parent": None, "name": "load", "process": "engine", "start": 1, "micros": 2}


def test_the_engine_is_told_the_trace_and_its_spans_are_taken_in(client: EngineClient, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/webhooks/ramah/turn").respond_with_json({"replies": [], "spans": [THEIRS, "broken"]})
    with recording("worker", TraceContext(TRACE)) as recorder:
        client.turn(asked())
    (call,) = [one for one in read_spans(recorder.spans) if one.name == "engine turn"]
    assert httpserver.log[0][0].headers["traceparent"] == f"00-{TRACE}-{call.id}-01"
    assert [one["name"] for one in recorder.spans] == ["load", "engine turn"]


def test_spans_of_a_failed_turn_are_taken_in_too(client: EngineClient, httpserver: HTTPServer) -> None:
    failure = {"kind": "action_failed", "operation": "action_x", "detail": "boom", "permanent": True}
    body = {"failure": failure, "spans": [THEIRS]}
    httpserver.expect_request("/webhooks/ramah/turn").respond_with_json(body, status=502)
    with recording("worker") as recorder, pytest.raises(EngineError):
        client.turn(asked())
    assert recorder.failed and [one["name"] for one in recorder.spans] == ["load", "engine turn"]


def test_the_terminal_prints_a_turn_by_each_of_its_names(
    database: Database, kilap: Tenant, runner: TurnRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setattr("ramah.cli.trace.settings", lambda: defaults(database_url=url))
    stored = accept(database, kilap.webchat, text_message("halo kak"))
    runner.run_one()
    found, _ = the_trace(database, kilap)
    for name in (found.trace_id, str(stored.inbound_id), "m-1"):
        printed = CliRunner().invoke(app, ["trace", name])
        assert printed.exit_code == 0, printed.output
        assert "halo kak" in printed.output and "echo halo kak" in printed.output and "wait" in printed.output
    assert isinstance(CliRunner().invoke(app, ["trace", "nobody"]).exception, NotFound)


def test_the_terminal_finds_a_message_by_a_trace_that_was_not_kept(
    database: Database, kilap: Tenant, runner: TurnRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(monkeypatch, 0.0)
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setattr("ramah.cli.trace.settings", lambda: defaults(database_url=url))
    post(database, kilap, body_of("halo kak"), TraceContext(TRACE, PARENT))
    runner.run_one()
    assert traces(database, kilap) == []
    printed = CliRunner().invoke(app, ["trace", TRACE])
    assert printed.exit_code == 0 and "halo kak" in printed.output


def test_the_terminal_says_what_failed_where_and_how_to_see_more(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setattr("ramah.cli.trace.settings", lambda: defaults(database_url=url))
    engine.failure = EngineError("the action raised KeyError", "action_failed", operation="action_x", permanent=True)
    stored = accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    printed = CliRunner().invoke(app, ["trace", str(stored.inbound_id)])
    assert printed.exit_code == 1
    assert "engine: turn:action_x: the action raised KeyError" in printed.output
    assert "ramah incidents --show" in printed.output
