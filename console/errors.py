"""Errors as people and programs should see them: a page or JSON, in plain words, with nothing inside."""

from __future__ import annotations

import structlog
from sanic import Request
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, json
from sqlalchemy.exc import SQLAlchemyError

from console.render import language_of, page
from console.translations import mark, translator
from console.wiring import in_thread, wiring
from ramah.lib.errors import BadInput, NotFound, RamahError, Refused
from ramah.messaging.unattended import report_unattended
from ramah.observe.seldom import record_seldom

log = structlog.get_logger()
STATUSES: dict[type[RamahError], int] = {NotFound: 404, Refused: 409, BadInput: 400}
HEADINGS = {
    400: mark("This cannot be read"),
    401: mark("Please log in"),
    403: mark("This is not allowed"),
    404: mark("This page does not exist"),
    405: mark("This cannot be done here"),
    409: mark("Somebody was faster"),
    413: mark("This is too large"),
    429: mark("Too many tries"),
    503: mark("Not ready yet"),
}
UNKNOWN = mark("Something went wrong")
RECORDED = mark("The failure was recorded; please try again.")


async def show_error(request: Request, error: Exception) -> HTTPResponse:
    """Answer any exception that a handler raised."""
    status, message = _meaning(error)
    if status >= 500:
        log.error("request_failed", path=request.path, error=type(error).__name__, exc_info=error)
        await in_thread(lambda: _record(request, error))
    response = await _answer(request, status, message)
    if isinstance(error, SanicException):
        response.headers.update(error.headers)
    return response


def _record(request: Request, error: Exception) -> None:
    """An incident, for the organisation of whoever asked. A page that breaks, breaks often: once a minute."""
    login, database = getattr(request.ctx, "login", None), wiring(request).database
    route = request.route.path if request.route else "unknown"
    operation = f"console:{request.method} /{route}"
    try:
        if login is None:
            report_unattended(database, operation, error)
        else:
            record_seldom(database, login.organisation_id, error, operation)
    except SQLAlchemyError as away:
        log.warning("incident_not_written", operation=operation, error=type(away).__name__)


async def _answer(request: Request, status: int, message: str) -> HTTPResponse:
    say = translator(language_of(request))
    heading, message = say(HEADINGS.get(status, UNKNOWN)), say(message)
    if _wants_json(request):
        return json({"error": heading, "message": message}, status=status)
    return await page(
        request,
        "error.html",
        status_code=status,
        status=status,
        title=heading,
        heading=heading,
        message=message,
        trace=None,
        home="/console",
    )


def _meaning(error: Exception) -> tuple[int, str]:
    if isinstance(error, RamahError):
        status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)
        return status, str(error) if status < 500 else RECORDED
    if isinstance(error, SanicException) and error.status_code < 500:
        return error.status_code, str(error)
    return getattr(error, "status_code", 500), RECORDED


def _wants_json(request: Request) -> bool:
    return (
        request.path.startswith(("/api/", "/webhooks/"))
        or request.headers.get("hx-request") == "true"
        or "text/html" not in request.headers.get("accept", "text/html")
    )
