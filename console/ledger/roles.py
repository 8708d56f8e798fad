"""Pages for some of the staff only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from sanic import Request
from sanic.exceptions import Forbidden, Unauthorized
from sanic.response import HTTPResponse

from console.security import Handler, current_login, staff_only
from ramah.people.sessions import Login

ADMINISTRATORS = frozenset({"admin"})
SUPERVISORS = ADMINISTRATORS | {"supervisor"}


def only(roles: frozenset[str]) -> Callable[[Handler], Handler]:
    """Only logged-in staff with one of the roles; other staff get 403, everybody else what ``staff_only`` answers."""

    def decorate(handler: Handler) -> Handler:
        @staff_only
        @wraps(handler)
        async def guarded(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse | None:
            login: Login = request.ctx.login
            if not roles.intersection(login.roles):
                raise Forbidden("This is for administrators and supervisors.")
            return await handler(request, *args, **kwargs)

        return guarded

    return decorate


def for_programs(handler: Handler) -> Handler:
    """In front of ``only``: programs are told 401 and not sent to the login page."""

    @wraps(handler)
    async def guarded(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse | None:
        if await current_login(request) is None:
            raise Unauthorized("Log in first.", scheme="Session")
        return await handler(request, *args, **kwargs)

    return guarded
