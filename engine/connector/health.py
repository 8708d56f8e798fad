"""Whether the engine lives, whether it can serve and why not, and its figures."""

from __future__ import annotations

from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from sanic.response import text as text_response

from engine.connector.assistant import assistant_of
from engine.connector.failures import TurnFailure
from engine.connector.figures import FIGURES
from engine.tracker_store import TrackerStoreError

PATHS = ("/healthz", "/readyz", "/metrics")


def add_health(app: Sanic) -> None:
    """Add the three routes. They hold no customer data; the engine listens on an internal network only."""
    for path, handler in zip(PATHS, (_alive, _ready, _metrics), strict=True):
        app.add_route(handler, path, methods=["GET"], name=f"health_{path[1:]}")


async def _alive(_: Request) -> HTTPResponse:
    return json_response({"alive": True})


async def _ready(request: Request) -> HTTPResponse:
    troubles = await _troubles(request.app)
    body: dict[str, Any] = {"ready": not troubles, "troubles": troubles, "warnings": []}
    return json_response(body, status=503 if troubles else 200)


async def _troubles(app: Sanic) -> list[str]:
    try:
        await assistant_of(app).store.check()
    except TurnFailure as failure:
        return [failure.detail]
    except TrackerStoreError as error:
        return [str(error)]
    return []


async def _metrics(request: Request) -> HTTPResponse:
    try:
        model: str | None = assistant_of(request.app).model
    except TurnFailure:
        model = None
    return text_response(FIGURES.as_text(model), content_type="text/plain; version=0.0.4; charset=utf-8")
