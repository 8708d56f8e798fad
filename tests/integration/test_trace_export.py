"""Kept traces reach a collector over OTLP, and one that is away costs nothing but its traces."""

from __future__ import annotations

from datetime import timedelta

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pytest_httpserver import HTTPServer
from sqlalchemy import select, update

from ramah.messaging.exporting import TraceExport
from ramah.messaging.inbox import accept
from ramah.messaging.models import TurnTrace
from ramah.messaging.turn_runner import TurnRunner
from ramah.settings import Settings
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, defaults, text_message


@pytest.fixture
def config(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that name the collector of the test."""
    found = defaults(otlp_url=httpserver.url_for("/v1/traces"), otlp_headers="x-team=ramah")
    monkeypatch.setattr("ramah.messaging.traces.settings", lambda: found)
    return found


@pytest.fixture
def kept(database: Database, kilap: Tenant, runner: TurnRunner, config: Settings) -> TurnTrace:
    """A turn that was over half a minute ago."""
    accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    return older(database, kilap, timedelta(seconds=30))


def older(database: Database, tenant: Tenant, age: timedelta) -> TurnTrace:
    with database.tenant(tenant.id) as session:
        session.execute(update(TurnTrace).values(started_at=utc_now() - age))
        return session.scalars(select(TurnTrace)).one()


def waits(database: Database, tenant: Tenant) -> bool:
    with database.tenant_reading(tenant.id) as session:
        return session.scalars(select(TurnTrace.exports)).one()


def test_a_kept_trace_arrives_once_with_all_its_spans(
    database: Database, kilap: Tenant, kept: TurnTrace, config: Settings, httpserver: HTTPServer
) -> None:
    httpserver.expect_oneshot_request("/v1/traces", method="POST", headers={"x-team": "ramah"}).respond_with_data(b"")
    export = TraceExport(database, config)
    assert export.export_some() and not export.export_some()
    export.close()
    (posted, _) = httpserver.log[0]
    sent = ExportTraceServiceRequest.FromString(posted.data)
    spans = [one for resource in sent.resource_spans for scope in resource.scope_spans for one in scope.spans]
    assert {one.trace_id.hex() for one in spans} == {kept.trace_id}
    assert {"turn", "store", "wait", "claim"} <= {one.name for one in spans}
    (root,) = [one.span_id for one in spans if one.name == "turn"]
    assert all(one.parent_span_id for one in spans if one.span_id != root)


def test_a_trace_whose_answer_may_still_be_leaving_waits(
    database: Database, kilap: Tenant, kept: TurnTrace, config: Settings
) -> None:
    older(database, kilap, timedelta(seconds=1))
    assert not TraceExport(database, config).export_some()
    assert waits(database, kilap)


def test_a_collector_that_is_away_is_tried_again_but_not_for_ever(
    database: Database, kilap: Tenant, kept: TurnTrace, config: Settings, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/traces").respond_with_data(b"", status=400)
    export = TraceExport(database, config)
    assert not export.export_some()
    assert waits(database, kilap)
    older(database, kilap, timedelta(hours=2))
    assert not export.export_some()
    assert not waits(database, kilap)
    export.close()
