"""Login and logout."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import Any
from urllib.parse import quote

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.render import language_of, page
from console.security import (
    COOKIE,
    LOGIN_CSRF_COOKIE,
    TooMany,
    allow,
    client_address,
    current_login,
    form_text,
    login_csrf,
    login_csrf_is_right,
    origin_of,
    set_session_cookie,
    staff_only,
)
from console.translations import Marked, mark, translator
from console.wiring import in_thread, wiring
from ramah.demo.loader import DEMO_PASSWORD
from ramah.lib.errors import Refused
from ramah.people.links import ask_reset
from ramah.people.sessions import PENDING_MINUTES, bring_code, log_in, log_out

blueprint = Blueprint("auth")
HOME = "/console"
PATH_OF_THIS_SITE = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f]*")
OPEN_TOO_LONG = mark("The page was open too long. Please try again.")
TOO_MANY = mark("Too many tries.")
WRONG = mark("E-mail or password is wrong.")
CODE_WRONG = mark("This code is not right, or has been used.")
PENDING_COOKIE = "ramah_second_step"
ANSWER_TAKES = 0.5
"""Seconds that asking for a new password takes, longer than the database needs: so it tells nothing."""
DEMO_LOGIN = {"email": "rani@kilap.example", "password": DEMO_PASSWORD}


@blueprint.get("/login")
async def show_login(request: Request) -> HTTPResponse:
    """The login form; whoever is logged in already goes on."""
    if await current_login(request):
        return redirect(_next(request.args.get("next")))
    return await _form(request)


@blueprint.post("/login")
async def do_login(request: Request) -> HTTPResponse:
    """Check the password and set the cookie."""
    email, password = form_text(request, "email"), form_text(request, "password")
    if not login_csrf_is_right(request):
        return await _form(request, email=email, error=OPEN_TOO_LONG, status=403)
    try:
        # Counted per address and per account, so that neither one guesser nor many find a way round.
        allow(request, wiring(request).limits.login, "login", client_address(request))
        allow(request, wiring(request).limits.login, "login", email.strip().lower())
    except TooMany as error:
        return await _form(request, email=email, error=TOO_MANY, wait=error.wait, status=429)
    config, database = wiring(request).config, wiring(request).database
    where = origin_of(request)
    try:
        login = await in_thread(lambda: log_in(database, email, password, config.session_hours, where))
    except Refused as error:
        return await _form(request, email=email, error=mark(str(error)), status=403)
    if login is None:
        return await _form(request, email=email, error=WRONG, status=401)
    if login.pending:
        return _to_second_step(request, login.token)
    response = redirect(_next(form_text(request, "next")))
    set_session_cookie(response, login.token, config.session_hours, secure=config.public_url.startswith("https:"))
    return response


@blueprint.get("/login/code")
async def show_code_form(request: Request) -> HTTPResponse:
    """The second step, for whoever has done the first."""
    if not request.cookies.get(PENDING_COOKIE):
        return redirect("/login")
    return await _code_form(request)


@blueprint.post("/login/code")
async def bring_second_factor(request: Request) -> HTTPResponse:
    """Exchange the pending login and the code for a session."""
    pending, code = request.cookies.get(PENDING_COOKIE) or "", form_text(request, "code")
    if not login_csrf_is_right(request):
        return await _code_form(request, error=OPEN_TOO_LONG, status=403)
    try:
        allow(request, wiring(request).limits.login, "code", client_address(request))
        allow(request, wiring(request).limits.login, "code", hashlib.sha256(pending.encode()).hexdigest())
    except TooMany as error:
        return await _code_form(request, error=TOO_MANY, wait=error.wait, status=429)
    config, database = wiring(request).config, wiring(request).database
    key, hours = config.encryption_key, config.session_hours
    login = await in_thread(lambda: bring_code(database, key, pending, code, hours))
    if login is None:
        return await _code_form(request, error=CODE_WRONG, status=401)
    response = redirect(_next(form_text(request, "next")))
    response.delete_cookie(PENDING_COOKIE, path="/login")
    set_session_cookie(response, login.token, hours, secure=config.public_url.startswith("https:"))
    return response


@blueprint.get("/login/forgot")
async def show_forgot_form(request: Request) -> HTTPResponse:
    """Where to ask for a new password."""
    return await _forgot_form(request)


@blueprint.post("/login/forgot")
async def ask_for_reset(request: Request) -> HTTPResponse:
    """Mail a link; the answer, and how long it takes, are the same for an address that nobody has."""
    email = form_text(request, "email")
    if not login_csrf_is_right(request):
        return await _forgot_form(request, error=OPEN_TOO_LONG, status=403)
    try:
        allow(request, wiring(request).limits.login, "forgot", client_address(request))
        allow(request, wiring(request).limits.login, "forgot", email.strip().lower())
    except TooMany as error:
        return await _forgot_form(request, error=TOO_MANY, wait=error.wait, status=429)
    database, key = wiring(request).database, wiring(request).config.encryption_key
    await asyncio.gather(in_thread(lambda: ask_reset(database, email, key)), asyncio.sleep(ANSWER_TAKES))
    return await _forgot_form(request, done=True)


@blueprint.post("/logout")
@staff_only
async def do_logout(request: Request) -> HTTPResponse:
    """End the session."""
    database, token = wiring(request).database, request.cookies.get(COOKIE) or ""
    await in_thread(lambda: log_out(database, token))
    response = redirect("/login")
    response.delete_cookie(COOKIE, path="/")
    return response


async def _form(
    request: Request, *, email: str = "", error: Marked | None = None, wait: int | None = None, status: int = 200
) -> HTTPResponse:
    demo = DEMO_LOGIN if wiring(request).config.demo else None
    said = translator(language_of(request))(error) if error else None
    shown = {"title": mark("Sign in"), "email": email, "error": said, "wait": wait, "demo": demo}
    return await _login_page(request, "login.html", status, **shown)


async def _code_form(
    request: Request, *, error: Marked | None = None, wait: int | None = None, status: int = 200
) -> HTTPResponse:
    return await _login_page(request, "account/code.html", status, title=mark("Second factor"), error=error, wait=wait)


async def _forgot_form(
    request: Request, *, error: Marked | None = None, wait: int | None = None, done: bool = False, status: int = 200
) -> HTTPResponse:
    shown = {"title": mark("New password"), "error": error, "wait": wait, "done": done}
    return await _login_page(request, "account/forgot.html", status, **shown)


def _to_second_step(request: Request, token: str) -> HTTPResponse:
    response = redirect(f"/login/code?next={quote(_next(form_text(request, 'next')))}")
    _add_cookie(request, response, PENDING_COOKIE, token, PENDING_MINUTES * 60)
    return response


async def _login_page(request: Request, template: str, status: int, **context: Any) -> HTTPResponse:
    """A page before the login, with its CSRF token in form and cookie."""
    token, wait = login_csrf(request), context.get("wait")
    wanted = _next(request.args.get("next") or form_text(request, "next"))
    response = await page(request, template, status_code=status, next=wanted, **context)
    if wait:
        response.headers["retry-after"] = str(wait)
    _add_cookie(request, response, LOGIN_CSRF_COOKIE, token, 3600)
    return response


def _add_cookie(request: Request, response: HTTPResponse, name: str, value: str, seconds: int) -> None:
    secure = wiring(request).config.public_url.startswith("https:")
    response.add_cookie(name, value, path="/login", httponly=True, samesite="Lax", max_age=seconds, secure=secure)


def _next(wanted: str | None) -> str:
    """Only paths of this site: to a browser ``//elsewhere`` and ``/\\elsewhere`` are other hosts, even with tabs or
    line ends between."""
    return wanted if wanted and PATH_OF_THIS_SITE.fullmatch(wanted) else HOME
