"""Schemas, health and metrics."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json, raw

from console.api.answers import AliveAnswer, ReadyAnswer, SchemaAnswer
from console.api.describing import Description, Proof, described
from console.security import client_address
from console.wiring import in_thread, wiring
from ramah.integrations.erp.schema import booking_schema
from ramah.observe.metrics import may_read
from ramah.observe.readiness import look_around

blueprint = Blueprint("api")


@blueprint.get("/api/schemas/booking")
@described(Description("JSON Schema of a booking", "schemas", {200: SchemaAnswer}, proof=Proof.NOBODY))
async def show_booking_schema(request: Request) -> HTTPResponse:
    """The JSON Schema of the booking document."""
    return json(booking_schema(), content_type="application/schema+json")


@blueprint.get("/healthz")
@described(Description("The process is alive", "health", {200: AliveAnswer}, proof=Proof.NOBODY))
async def alive(request: Request) -> HTTPResponse:
    """The process is alive."""
    return json({"alive": True})


@blueprint.get("/readyz")
@described(Description("The process can work", "health", {200: ReadyAnswer, 503: ReadyAnswer}, proof=Proof.NOBODY))
async def ready(request: Request) -> HTTPResponse:
    """Whether the console can do its work; 503 with the reason when it cannot, warnings when it can all the same."""
    shared = wiring(request)
    found = await in_thread(lambda: look_around(shared.database, shared.config))
    return json(found.body(), status=found.status)


@blueprint.get("/metrics")
async def metrics(request: Request) -> HTTPResponse:
    """Counters for Prometheus; with its token, or else only from this machine."""
    given = request.headers.get("authorization", "")
    if not may_read(wiring(request).config, client_address(request), given):
        return json({"error": "not from here"}, status=403)
    return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)
