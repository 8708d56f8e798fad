"""Schemas, health and metrics."""

from __future__ import annotations

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json, raw
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from console.security import client_address
from console.wiring import in_thread, wiring
from ramah.integrations.erp.schema import booking_schema

log = structlog.get_logger()
blueprint = Blueprint("api")


@blueprint.get("/api/schemas/booking")
async def show_booking_schema(request: Request) -> HTTPResponse:
    """The JSON Schema of the booking document."""
    return json(booking_schema(), content_type="application/schema+json")


@blueprint.get("/healthz")
async def alive(request: Request) -> HTTPResponse:
    """The process is alive."""
    return json({"alive": True})


@blueprint.get("/readyz")
async def ready(request: Request) -> HTTPResponse:
    """The console can do its work: the database answers. Else 503 with the reason."""
    database = wiring(request).database

    def ask() -> None:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    try:
        await in_thread(ask)
    except SQLAlchemyError as error:
        log.warning("not_ready", error=type(error).__name__)
        return json({"ready": False, "reason": "the database does not answer"}, status=503)
    return json({"ready": True})


@blueprint.get("/metrics")
async def metrics(request: Request) -> HTTPResponse:
    """Counters for Prometheus; only from this machine."""
    if client_address(request) not in ("127.0.0.1", "::1"):
        return json({"error": "not from here"}, status=403)
    return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)
