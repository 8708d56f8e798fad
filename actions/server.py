"""The action server's app: the SDK's own, behind a token, with errors that leak nothing."""

from __future__ import annotations

import hmac
from typing import Any

import structlog
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic, response
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from ramah.settings import Settings

log = structlog.get_logger()


def build(config: Settings) -> Sanic[Any, Any]:
    """The app with all actions of this package registered."""
    executor = ActionExecutor()
    executor.register_package("actions")
    app: Sanic[Any, Any] = create_app(executor, cors_origins=None)
    expected = f"Bearer {config.actions_token.get_secret_value()}"

    async def check_token(request: Request) -> HTTPResponse | None:
        if request.path == "/health":
            return None
        given = request.headers.get("authorization", "")
        return None if hmac.compare_digest(given.encode(), expected.encode()) else response.json({}, status=401)

    # The SDK's own answer to an exception holds the whole tracker: personal data in a log and on the wire.
    async def hide_failure(request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, NotFound):
            return response.json({"error": "no such path"}, status=404)
        name = (request.json or {}).get("next_action") if request.path == "/webhook" else None
        log.error("action_failed", action=name, error=type(error).__name__, exc_info=error)
        return response.json({"action_name": name, "error": type(error).__name__}, status=500)

    app.register_middleware(check_token, "request")
    app.exception(Exception)(hide_failure)
    return app
