"""Logging in and out for programs, and who one is: ``/api/auth/*`` and ``/api/users/me``."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.exceptions import Unauthorized
from sanic.response import HTTPResponse

from console.api.bodies import answer, read_body
from console.api.describing import Description, Proof, described
from console.api.people import DoneAnswer, LoginAnswer, LoginBody, Me
from console.permissions import for_programs
from console.security import COOKIE, allow, client_address, origin_of, set_session_cookie, staff_only
from console.wiring import in_thread, wiring
from ramah.people.roles import permissions
from ramah.people.sessions import Login, bring_code, log_in, log_out

blueprint = Blueprint("api_auth")
WRONG = "E-mail or password is wrong."
CODE_NEEDED = 'A code of the second factor is needed, or this one is wrong or used: send it as "code".'


@blueprint.post("/api/auth/login")
@described(
    Description("Log in", "auth", {200: LoginAnswer}, LoginBody, proof=Proof.NOBODY, problems=(400, 401, 409, 415, 429))
)
async def api_login(request: Request) -> HTTPResponse:
    """Check password and code; the session comes as a cookie."""
    body, limit = read_body(request, LoginBody), wiring(request).limits.login
    allow(request, limit, "login", client_address(request))
    allow(request, limit, "login", body.email.strip().lower())
    config, database, where = wiring(request).config, wiring(request).database, origin_of(request)
    hours, key = config.session_hours, config.encryption_key
    login = await in_thread(lambda: log_in(database, body.email, body.password, hours, where))
    if login is None:
        raise Unauthorized(WRONG, scheme="Session")
    if login.pending:
        pending, code = login.token, body.code
        login = await in_thread(lambda: bring_code(database, key, pending, code, hours)) if code else None
    if login is None:
        raise Unauthorized(CODE_NEEDED, scheme="Session")
    response = answer(LoginAnswer(user=me_of(login), csrf_token=login.csrf_token))
    set_session_cookie(response, login.token, hours, secure=config.public_url.startswith("https:"))
    return response


@blueprint.post("/api/auth/logout")
@for_programs
@staff_only
@described(Description("Log out", "auth", {200: DoneAnswer}, problems=(401, 403)))
async def api_logout(request: Request) -> HTTPResponse:
    """End the session."""
    database, token = wiring(request).database, request.cookies.get(COOKIE) or ""
    await in_thread(lambda: log_out(database, token))
    response = answer(DoneAnswer())
    response.delete_cookie(COOKIE, path="/")
    return response


@blueprint.get("/api/auth/me")
@for_programs
@staff_only
@described(
    Description("Who is logged in, with the token that changes need", "auth", {200: LoginAnswer}, problems=(401, 403))
)
async def api_me(request: Request) -> HTTPResponse:
    """Who asks."""
    login: Login = request.ctx.login
    return answer(LoginAnswer(user=me_of(login), csrf_token=login.csrf_token))


@blueprint.get("/api/users/me")
@for_programs
@staff_only
@described(Description("The person who is logged in", "users", {200: Me}, problems=(401, 403)))
async def api_own_profile(request: Request) -> HTTPResponse:
    """Who asks, without the token."""
    return answer(me_of(request.ctx.login))


def me_of(login: Login) -> Me:
    """The person behind a login as programs read it."""
    return Me(
        id=login.staff_id,
        name=login.name,
        email=login.email,
        language=login.language,
        organisation=login.organisation_name,
        roles=list(login.roles),
        permissions=sorted(permission.value for permission in permissions(login.roles)),
        outlets=None if login.outlets is None else list(login.outlets),
        must_set_up_second_factor=login.must_enrol,
    )
