"""Who may do what: session cookie, CSRF, throttling, and the headers of every answer."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from limits import RateLimitItem
from sanic import Request
from sanic.exceptions import Forbidden, SanicException
from sanic.response import HTTPResponse, empty, redirect

from console.translations import mark
from console.wiring import act_for, in_thread, wiring
from ramah.lib.errors import BadInput
from ramah.people.roles import permissions
from ramah.people.security import is_inside
from ramah.people.sessions import Login, Origin, csrf_is_right, who_is

COOKIE = "ramah_session"
LOGIN_CSRF_COOKIE = "ramah_login"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WITHOUT_SECOND_FACTOR = ("/console/account", "/logout", "/api/auth/", "/console/alerts")
"""What somebody may open who must set up a second factor first."""
Handler = Callable[..., Awaitable[HTTPResponse | None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: https:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; manifest-src 'self'; frame-src 'self'; "
)


def staff_only(handler: Handler) -> Handler:
    """Only logged-in staff; changes need the CSRF token too. Others go to the login page or get 401/403."""

    @wraps(handler)
    async def guarded(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse | None:
        login = await current_login(request)
        if login is None:
            return _turn_away(request)
        if request.method not in SAFE_METHODS and not csrf_is_right(login, _csrf_given(request)):
            raise Forbidden(mark("The page is out of date; load it again."))
        request.ctx.login, request.ctx.address = login, client_address(request)
        if login.must_enrol and not request.path.startswith(WITHOUT_SECOND_FACTOR):
            return _send_to_enrol(request)
        if not permissions(login.roles):
            raise Forbidden(mark("You have no role here yet. An administrator can give you one."))
        act_for(request, login)
        return await handler(request, *args, **kwargs)

    return guarded


async def current_login(request: Request) -> Login | None:
    """The person behind the session cookie. Raises Forbidden outside the networks of their organisation."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    database = wiring(request).database
    login = await in_thread(lambda: who_is(database, token))
    if login is not None and not is_inside(client_address(request), login.networks):
        raise Forbidden("Your organisation allows the console from its own networks only.")
    return login


def set_session_cookie(response: HTTPResponse, token: str, hours: int, *, secure: bool) -> None:
    """Put the session into a cookie that scripts cannot read and other sites cannot send."""
    response.add_cookie(
        COOKIE, token, path="/", httponly=True, secure=secure, samesite="Lax", max_age=hours * 3600, host_prefix=False
    )


def login_csrf(request: Request) -> str:
    """The CSRF token of the login form, kept in a cookie until the form comes back."""
    known = request.cookies.get(LOGIN_CSRF_COOKIE)
    request.ctx.csrf_token = known or secrets.token_urlsafe(24)
    return str(request.ctx.csrf_token)


def login_csrf_is_right(request: Request) -> bool:
    """Whether the form's token is the cookie's."""
    known = request.cookies.get(LOGIN_CSRF_COOKIE) or ""
    return bool(known) and hmac.compare_digest(known.encode(), form_text(request, "csrf_token").encode())


def client_address(request: Request) -> str:
    """The client's address; ``X-Forwarded-For`` counts only behind the configured number of proxies."""
    proxies = wiring(request).config.trusted_proxies
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    return forwarded[-proxies] if proxies and len(forwarded) >= proxies else str(request.ip)


def origin_of(request: Request) -> Origin:
    """Where a login comes from."""
    return Origin(client_address(request), request.headers.get("user-agent", ""))


def allow(request: Request, limit: RateLimitItem, *key: str) -> None:
    """Count one try. Raises 429 with Retry-After when there were too many."""
    limits = wiring(request).limits
    if not limits.limiter.hit(limit, *key):
        reset = limits.limiter.get_window_stats(limit, *key).reset_time
        raise TooMany(reset)


class TooMany(SanicException):
    """Too many tries; ``wait`` is how many seconds to wait."""

    status_code = 429
    quiet = True

    def __init__(self, reset_at: float) -> None:
        self.wait = max(1, round(reset_at - time.time()))
        super().__init__(mark("Too many tries. Please wait a little."), headers={"retry-after": str(self.wait)})


async def refuse_unreadable(request: Request) -> None:
    """Refuse what no database takes: headers that are not UTF-8, and null bytes in the query. Raises BadInput."""
    headers = "".join(request.headers.values())
    # Sanic keeps a byte that is not UTF-8 as half a surrogate pair.
    if any("\ud800" <= sign <= "\udfff" for sign in headers) or "%00" in request.query_string:
        raise BadInput(mark("the request cannot be read"))


async def add_headers(request: Request, response: HTTPResponse) -> None:
    """The headers of every answer; only the web chat page may stand in another site's frame."""
    framed = request.path.startswith("/chat/")
    headers = response.headers
    headers["content-security-policy"] = POLICY + f"frame-ancestors {'*' if framed else chr(39) + 'none' + chr(39)}"
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "same-origin"
    headers["permissions-policy"] = "camera=(), microphone=(), geolocation=(), browsing-topics=()"
    if not framed:
        headers["x-frame-options"] = "DENY"
    if wiring(request).config.environment == "production":
        headers["strict-transport-security"] = "max-age=31536000"


def form_text(request: Request, name: str) -> str:
    """A field of the posted form without null bytes, which no database takes, or an empty text."""
    value = request.form.get(name) if request.form else None
    return str(value).replace("\x00", "") if value is not None else ""


def _csrf_given(request: Request) -> str:
    return request.headers.get("x-csrf-token") or form_text(request, "csrf_token")


def _send_to_enrol(request: Request) -> HTTPResponse:
    if request.path.startswith("/api/") or request.method not in SAFE_METHODS:
        raise Forbidden("Your role requires a second factor. Set it up in your account first.")
    return redirect("/console/account/second-factor")


def _turn_away(request: Request) -> HTTPResponse:
    if request.headers.get("hx-request") == "true" or request.method not in SAFE_METHODS:
        return empty(status=401)
    if "text/event-stream" in request.headers.get("accept", ""):
        return empty(status=401)
    return redirect(f"/login?next={quote(request.path)}")
