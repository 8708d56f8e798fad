"""Whether the action server lives and can work, and its figures."""

from __future__ import annotations

import asyncio
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Request, Sanic, response
from sanic.response import HTTPResponse

from actions.wiring import database
from ramah.observe.beats import Heart
from ramah.observe.metrics import may_read
from ramah.observe.readiness import Readiness, look_around
from ramah.settings import Settings


def add_health(app: Sanic[Any, Any], config: Settings) -> None:
    """Add /healthz, /readyz and /metrics, and let the process show that it lives."""

    def look() -> Readiness:
        return look_around(database(), config)

    async def alive(request: Request) -> HTTPResponse:
        return response.json({"alive": True})

    async def ready(request: Request) -> HTTPResponse:
        found = await asyncio.to_thread(look)
        return response.json(found.body(), status=found.status)

    async def metrics(request: Request) -> HTTPResponse:
        if not may_read(config, request.ip, request.headers.get("authorization", "")):
            return response.json({}, status=403)
        return response.raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    async def begin(app: Sanic[Any, Any]) -> None:
        app.ctx.heart = Heart(database(), "actions", config.actions_port, look)
        app.ctx.heart.start()

    async def end(app: Sanic[Any, Any]) -> None:
        await asyncio.to_thread(app.ctx.heart.stop)

    for path, handler in (("/healthz", alive), ("/readyz", ready), ("/metrics", metrics)):
        app.add_route(handler, path, methods=["GET"], name=path[1:])
    app.register_listener(begin, "after_server_start")
    app.register_listener(end, "before_server_stop")
