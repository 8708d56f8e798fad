"""The routes under /webhooks/ramah."""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from engine.connector.assistant import assistant_of
from engine.connector.failures import FailureKind, TurnFailure, store_failure, unforeseen
from engine.connector.figures import FIGURES
from engine.connector.model_change import ModelChange
from engine.connector.replay import replay
from engine.connector.requests import ReplayRequest, SayRequest, TurnRequest, read_request
from engine.connector.say import say
from engine.connector.spans import Spans
from engine.connector.turn import take_turn
from engine.trace_id import running_trace
from engine.tracker_store import TrackerStoreError

logger = logging.getLogger(__name__)

TRACEPARENT = "traceparent"
Answer = Callable[[Request], Awaitable[dict[str, Any]]]


class RamahInput(InputChannel):
    """The only way to talk to the engine.

    Args:
        token: The secret that callers send as `Authorization: Bearer <token>`.

    Raises:
        RasaException: The token is empty or an unexpanded `${...}`.
    """

    def __init__(self, token: str) -> None:
        if not token or "${" in token:
            raise RasaException("credentials.yml: engine.connector.RamahInput needs a token (RAMAH_ENGINE_TOKEN).")
        self._expected = f"Bearer {token}".encode()

    @classmethod
    def name(cls) -> str:
        """The name of the channel, which is part of its address."""
        return "ramah"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RamahInput:
        """Create the channel from its part of credentials.yml."""
        return cls(str((credentials or {}).get("token") or ""))

    def is_allowed(self, request: Request) -> bool:
        """Whether the request carries the token; compared in constant time."""
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._expected)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Rasa's own message handler is not used: it hides errors."""
        routes = Blueprint("ramah")
        routes.add_route(self._guarded(self._turn), "/turn", methods=["POST"], name="turn")
        routes.add_route(self._guarded(self._say), "/say", methods=["POST"], name="say")
        routes.add_route(self._guarded(self._replay), "/replay", methods=["POST"], name="replay")
        routes.add_route(self._guarded(self._model), "/model", methods=["POST"], name="model")
        routes.add_route(_answered(self._health), "/health", methods=["GET"], name="health")
        return routes

    def _guarded(self, answer: Answer) -> Callable[[Request], Awaitable[HTTPResponse]]:
        async def checked(request: Request) -> dict[str, Any]:
            if not self.is_allowed(request):
                raise TurnFailure(FailureKind.UNAUTHORISED, "authorise", "the token is missing or wrong", True)
            return await answer(request)

        return _answered(checked)

    async def _turn(self, request: Request) -> dict[str, Any]:
        turn = read_request(request.body, TurnRequest)
        return await take_turn(assistant_of(request.app), turn, request.headers.get(TRACEPARENT))

    async def _say(self, request: Request) -> dict[str, Any]:
        wanted = read_request(request.body, SayRequest)
        return await say(assistant_of(request.app), wanted, request.headers.get(TRACEPARENT))

    async def _replay(self, request: Request) -> dict[str, Any]:
        wanted = read_request(request.body, ReplayRequest)
        return await replay(assistant_of(request.app), wanted)

    async def _health(self, request: Request) -> dict[str, Any]:
        assistant = assistant_of(request.app)
        try:
            await assistant.store.check()
        except TrackerStoreError as error:
            raise store_failure(error) from error
        return {"ready": True, **_model_state(request)}

    async def _model(self, request: Request) -> dict[str, Any]:
        change: ModelChange = request.app.ctx.model_change
        await change.look()
        change.require_newest()
        return _model_state(request)


def _model_state(request: Request) -> dict[str, Any]:
    """Which model serves, how often it was changed, and the newest one if it was refused."""
    change: ModelChange = request.app.ctx.model_change
    refused = asdict(change.refused) if change.refused else None
    return {"model": assistant_of(request.app).model, "changes": change.changes, "refused": refused}


def _answered(answer: Answer) -> Callable[[Request], Awaitable[HTTPResponse]]:
    """Turn failures into answers; whatever nobody foresaw is logged whole and reported as `internal`."""

    async def handle(request: Request) -> HTTPResponse:
        began, ended = time.monotonic(), "answered"
        # The line about a failure is written after its turn has ended, and belongs to the same trace.
        named = running_trace.set(Spans.of(request.headers.get(TRACEPARENT)).trace_id)
        try:
            return _json(await answer(request), 200)
        except TurnFailure as failure:
            ended = failure.kind.value
            _note(request, failure)
            return _json(failure.as_body(), failure.status)
        except Exception as error:
            ended = FailureKind.INTERNAL.value
            logger.exception("%s failed", request.path)
            broken = unforeseen(request.path.rpartition("/")[2], error)
            return _json(broken.as_body(), broken.status)
        finally:
            running_trace.reset(named)
            FIGURES.note(request.path.rpartition("/")[2], ended, time.monotonic() - began)

    return handle


def _note(request: Request, failure: TurnFailure) -> None:
    level = logging.WARNING if failure.status < 500 else logging.ERROR
    nobody_foresaw_it = failure.kind is FailureKind.INTERNAL
    logger.log(level, "%s: %s", request.path, failure, exc_info=failure if nobody_foresaw_it else None)


def _json(body: dict[str, Any], status: int) -> HTTPResponse:
    return json_response(body, status=status, dumps=_dumps)


def _dumps(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False)
