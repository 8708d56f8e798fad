"""The action server's app: the SDK's own, behind a token, with errors that leak nothing."""

from __future__ import annotations

import asyncio
import hmac
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any, TypedDict

import structlog
from pydantic import ValidationError
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor, ActionExecutorRunResult
from rasa_sdk.interfaces import (
    ActionExecutionRejection,
    ActionMissingDomainException,
    ActionNotFoundException,
)
from sanic import Request, Sanic, response
from sanic.response import HTTPResponse

from actions.health import add_health
from actions.sandbox import Trial, try_out
from ramah.integrations.errors import Unavailable
from ramah.lib.deadline import within
from ramah.lib.errors import RamahError
from ramah.lib.guard import OutOfService
from ramah.lib.spans import recording, span
from ramah.lib.trace_context import HEADER, TraceContext, read_traceparent
from ramah.observe.incidents import place_of
from ramah.settings import Settings

log = structlog.get_logger()
told_context: ContextVar[TraceContext | None] = ContextVar("told_context", default=None)
SANDBOX = "/webhook/sandbox"
"""A path of its own rather than a header of the usual one: whatever gets lost on the way, no trial becomes real."""

UNGUARDED = ("/health", "/healthz", "/readyz", "/metrics")
"""Paths without the engine's token; the last one asks for its own."""

ANSWERED_BY_THE_SDK = (ActionExecutionRejection, ActionNotFoundException, ActionMissingDomainException)


class ActionFailed(Exception):
    """An action raised. Carries its name and the kind of error, and nothing that a customer wrote."""

    def __init__(self, action: str, error: Exception) -> None:
        super().__init__(f"{action}: {type(error).__name__}")
        self.action = action
        self.kind = type(error).__name__
        self.spans: list[dict[str, Any]] = []


class TracedResult(ActionExecutorRunResult):  # type: ignore[misc]  # the SDK is untyped
    """What an action returned, and what took how long in it."""

    spans: list[dict[str, Any]]


class DiscreetExecutor(ActionExecutor):  # type: ignore[misc]  # the SDK is untyped
    """The SDK's own answer to an exception holds the whole tracker: personal data in a log and on the wire.

    ``seconds`` bound what one action may spend on other systems."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def run(self, action_call: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Run an action, in the caller's trace where it named one; whatever it raises becomes ActionFailed."""
        context, name = told_context.get(), str(action_call.get("next_action"))
        if context is None:
            return await self._discreetly(name, action_call, *args, **kwargs)
        with recording("actions", context) as recorder:
            try:
                with span(f"run {name}"):
                    result = await self._discreetly(name, action_call, *args, **kwargs)
            except ActionFailed as failed:
                failed.spans = recorder.spans
                raise
        return result and TracedResult(**result.model_dump(), spans=recorder.spans)

    async def _discreetly(self, name: str, *args: Any, **kwargs: Any) -> Any:
        try:
            with within(self._seconds):
                return await super().run(*args, **kwargs)
        except ANSWERED_BY_THE_SDK:
            raise
        except Exception as error:
            # Here, and not where it is answered: here the line still belongs to the turn's trace.
            log.error("action_failed", action=name, error=type(error).__name__, exc_info=error)
            raise ActionFailed(name, error) from error


class Told(TypedDict):
    """What the engine may hand on: names, and nothing that a customer wrote. ``away``: another system does not answer
    now, and may later."""

    subsystem: str
    kind: str
    place: str
    away: bool


def _told(error: ActionFailed) -> Told:
    cause = error.__cause__ or error
    subsystem = cause.subsystem if isinstance(cause, RamahError) else "actions"
    away = isinstance(cause, Unavailable | OutOfService)
    return {"subsystem": subsystem, "kind": error.kind, "place": place_of(cause), "away": away}


def build(config: Settings) -> Sanic[Any, Any]:
    """The app with all actions of this package registered."""
    executor = DiscreetExecutor(config.actions_time)
    executor.register_package("actions")
    app: Sanic[Any, Any] = create_app(executor, cors_origins=None)
    app.config.AUTO_EXTEND = False
    expected = f"Bearer {config.actions_token.get_secret_value()}"

    async def check_token(request: Request) -> HTTPResponse | None:
        if request.path in UNGUARDED:
            return None
        given = request.headers.get("authorization", "")
        return None if hmac.compare_digest(given.encode(), expected.encode()) else response.json({}, status=401)

    async def answer_failure(request: Request, error: ActionFailed) -> HTTPResponse:
        told = {"action_name": error.action, "error": error.kind, "failure": _told(error), "spans": error.spans}
        return response.json(told, status=500)

    async def note_context(request: Request) -> None:
        # A connection serves many requests in one context: what the last one said is always replaced.
        told_context.set(read_traceparent(request.headers.get(HEADER)))

    async def make_room(app: Sanic[Any, Any]) -> None:
        # The usual pool has as many threads as the machine has processors, and four: a slow ERP would hold them all.
        threads = ThreadPoolExecutor(config.actions_threads, thread_name_prefix="action")
        asyncio.get_running_loop().set_default_executor(threads)

    add_health(app, config)
    _add_trials(app, executor)
    app.register_listener(make_room, "before_server_start")
    app.register_middleware(note_context, "request")
    app.register_middleware(check_token, "request")
    app.exception(ActionFailed)(answer_failure)
    return app


def _add_trials(app: Sanic[Any, Any], executor: ActionExecutor) -> None:
    """The route that tries actions in a sandbox, one at a time."""
    one_at_a_time = asyncio.Lock()

    async def run_trial(request: Request) -> HTTPResponse:
        try:
            trial = Trial.model_validate_json(request.body)
        except ValidationError as error:
            log.warning("trial_unreadable", problems=error.error_count())
            return response.json({"error": "not a trial"}, status=422)
        try:
            async with one_at_a_time:
                tried = await asyncio.to_thread(try_out, executor, trial)
        except ANSWERED_BY_THE_SDK as refused:
            status = 400 if isinstance(refused, ActionExecutionRejection) else 404
            return response.json({"action_name": refused.action_name}, status=status)
        except ActionFailed:
            raise
        except Exception as error:
            raise ActionFailed("sandbox", error) from error
        return response.json({**tried.answer, "withheld": tried.withheld, "written": tried.written})

    app.add_route(run_trial, SANDBOX, methods=["POST"])
