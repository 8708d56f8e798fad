"""Schemas, health, metrics, and the demo's front page."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json, raw, redirect
from sqlalchemy import text

from console.render import page
from console.wiring import in_thread, wiring
from ramah.demo.loader import DEMO_PASSWORD
from ramah.integrations.erp.schema import booking_schema

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
    """The console can do its work: the database answers."""
    database = wiring(request).database

    def ask() -> None:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    await in_thread(ask)
    return json({"ready": True})


@blueprint.get("/metrics")
async def metrics(request: Request) -> HTTPResponse:
    """Counters for Prometheus; only from this machine."""
    if request.ip not in ("127.0.0.1", "::1"):
        return json({"error": "not from here"}, status=403)
    return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@blueprint.get("/")
async def home(request: Request) -> HTTPResponse:
    """The demo's links, or the console."""
    if not wiring(request).config.demo:
        return redirect("/console")
    return await page(request, "demo.html", **demo_context(request))


def demo_context(request: Request) -> dict[str, object]:
    """What the demo's front page links to."""
    config = wiring(request).config
    return {
        "title": "Demo",
        "chats": [{"key": "kilap-auto", "name": "Kilap Auto"}, {"key": "bersih-bonda", "name": "Bersih Bonda"}],
        "whatsapp_url": f"http://127.0.0.1:{config.whatsapp_demo_port}/_demo/",
        "logins": [
            {"email": "rani@kilap.example", "password": DEMO_PASSWORD, "organisation": "Kilap Auto"},
            {"email": "aina@bersihbonda.example", "password": DEMO_PASSWORD, "organisation": "Bersih Bonda"},
        ],
    }
