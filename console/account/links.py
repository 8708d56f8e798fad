"""The page behind a link by mail: choosing a password, once."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from console.render import page
from console.security import allow, client_address, form_text
from console.wiring import in_thread, wiring
from ramah.lib.errors import BadInput
from ramah.people.links import LinkOwner, owner_of, set_password
from ramah.people.password_rules import SHORTEST

blueprint = Blueprint("account_links")
PATHS = ("/account/join/<token:str>", "/account/reset/<token:str>")


async def show_form(request: Request, token: str) -> HTTPResponse:
    """Who is asked to choose; 404 for a link that does not work any more."""
    allow(request, wiring(request).limits.webchat, "link", client_address(request))
    database = wiring(request).database
    owner = await in_thread(lambda: owner_of(database, token))
    return await _form(request, owner)


async def choose(request: Request, token: str) -> HTTPResponse:
    """Set the password. Only who holds the link can post here, so that it is its own proof."""
    allow(request, wiring(request).limits.webchat, "link", client_address(request))
    database, password = wiring(request).database, form_text(request, "password")
    owner = await in_thread(lambda: owner_of(database, token))
    try:
        await in_thread(lambda: set_password(database, token, password))
    except BadInput as error:
        return await _form(request, owner, error=str(error), status=400)
    return await _form(request, owner, done=True)


async def _form(
    request: Request, owner: LinkOwner, *, error: str | None = None, done: bool = False, status: int = 200
) -> HTTPResponse:
    return await page(
        request,
        "account/password.html",
        status_code=status,
        title="Password",
        language=owner.language,
        owner=owner,
        error=error,
        wait=None,
        done=done,
        shortest=SHORTEST,
    )


for _number, _path in enumerate(PATHS):
    blueprint.add_route(show_form, _path, methods=["GET"], name=f"show_link_{_number}")
    blueprint.add_route(choose, _path, methods=["POST"], name=f"use_link_{_number}")
