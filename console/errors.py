"""Errors as people and programs should see them: a page or JSON, in plain words, with nothing inside."""

from __future__ import annotations

import structlog
from sanic import Request
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, json

from console.render import page
from ramah.lib.errors import BadInput, NotFound, RamahError, Refused

log = structlog.get_logger()
STATUSES: dict[type[RamahError], int] = {NotFound: 404, Refused: 409, BadInput: 400}
HEADINGS = {
    400: "This cannot be read",
    401: "Please log in",
    403: "This is not allowed",
    404: "This page does not exist",
    405: "This cannot be done here",
    409: "Somebody was faster",
    413: "This is too large",
    429: "Too many tries",
    503: "Not ready yet",
}


async def show_error(request: Request, error: Exception) -> HTTPResponse:
    """Answer any exception that a handler raised."""
    status, message = _meaning(error)
    if status >= 500:
        log.error("request_failed", path=request.path, error=type(error).__name__, exc_info=error)
    response = await _answer(request, status, message)
    if isinstance(error, SanicException):
        response.headers.update(error.headers)
    return response


async def _answer(request: Request, status: int, message: str) -> HTTPResponse:
    if _wants_json(request):
        return json({"error": HEADINGS.get(status, "Something went wrong"), "message": message}, status=status)
    return await page(
        request,
        "error.html",
        status_code=status,
        status=status,
        title=HEADINGS.get(status, "Something went wrong"),
        heading=HEADINGS.get(status, "Something went wrong"),
        message=message,
        trace=None,
        home="/console",
    )


def _meaning(error: Exception) -> tuple[int, str]:
    if isinstance(error, RamahError):
        status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)
        return status, str(error) if status < 500 else "The failure was recorded; please try again."
    if isinstance(error, SanicException) and error.status_code < 500:
        return error.status_code, str(error)
    return getattr(error, "status_code", 500), "The failure was recorded; please try again."


def _wants_json(request: Request) -> bool:
    return (
        request.path.startswith(("/api/", "/webhooks/"))
        or request.headers.get("hx-request") == "true"
        or "text/html" not in request.headers.get("accept", "text/html")
    )
