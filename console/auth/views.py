"""Login and logout."""

from __future__ import annotations

import re

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.render import page
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
    set_session_cookie,
    staff_only,
)
from console.wiring import in_thread, wiring
from ramah.demo.loader import DEMO_PASSWORD
from ramah.people.sessions import log_in, log_out

blueprint = Blueprint("auth")
HOME = "/console"
PATH_OF_THIS_SITE = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f]*")
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
        return await _form(request, email=email, error="The page was open too long. Please try again.", status=403)
    try:
        # Counted per address and per account, so that neither one guesser nor many find a way round.
        allow(request, wiring(request).limits.login, "login", client_address(request))
        allow(request, wiring(request).limits.login, "login", email.strip().lower())
    except TooMany as error:
        return await _form(request, email=email, error="Too many tries.", wait=error.wait, status=429)
    config, database = wiring(request).config, wiring(request).database
    login = await in_thread(lambda: log_in(database, email, password, config.session_hours))
    if login is None:
        return await _form(request, email=email, error="E-mail or password is wrong.", status=401)
    response = redirect(_next(form_text(request, "next")))
    set_session_cookie(response, login.token, config.session_hours, secure=config.public_url.startswith("https:"))
    return response


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
    request: Request, *, email: str = "", error: str | None = None, wait: int | None = None, status: int = 200
) -> HTTPResponse:
    token = login_csrf(request)
    config = wiring(request).config
    response = await page(
        request,
        "login.html",
        status_code=status,
        title="Log in",
        email=email,
        next=_next(request.args.get("next") or form_text(request, "next")),
        error=error,
        wait=wait,
        demo=DEMO_LOGIN if config.demo else None,
    )
    if wait:
        response.headers["retry-after"] = str(wait)
    response.add_cookie(
        LOGIN_CSRF_COOKIE,
        token,
        path="/login",
        httponly=True,
        samesite="Lax",
        max_age=3600,
        secure=config.public_url.startswith("https:"),
    )
    return response


def _next(wanted: str | None) -> str:
    """Only paths of this site: to a browser ``//elsewhere`` and ``/\\elsewhere`` are other hosts, even with tabs or
    line ends between."""
    return wanted if wanted and PATH_OF_THIS_SITE.fullmatch(wanted) else HOME
