"""Pages and routes for those whose roles grant a permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from sanic import Request
from sanic.exceptions import Forbidden, Unauthorized
from sanic.response import HTTPResponse

from console.security import Handler, current_login, staff_only
from console.translations import mark
from ramah.people.roles import Permission, permissions
from ramah.people.sessions import Login


def needs(permission: Permission) -> Callable[[Handler], Handler]:
    """Only logged-in staff with the permission; other staff get 403, everybody else what ``staff_only`` answers."""

    def decorate(handler: Handler) -> Handler:
        @staff_only
        @wraps(handler)
        async def guarded(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse | None:
            if not may(request.ctx.login, permission):
                raise Forbidden(mark("Your role does not include this. An administrator can change that."))
            return await handler(request, *args, **kwargs)

        return guarded

    return decorate


def for_programs(handler: Handler) -> Handler:
    """In front of ``needs`` and ``staff_only``: programs are told 401 and not sent to the login page."""

    @wraps(handler)
    async def guarded(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse | None:
        if await current_login(request) is None:
            raise Unauthorized(mark("Log in first."), scheme="Session")
        return await handler(request, *args, **kwargs)

    return guarded


def may(login: Login, permission: Permission) -> bool:
    """Whether this person's roles grant it."""
    return permission in permissions(login.roles)
