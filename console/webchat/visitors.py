"""Who speaks: the web chat behind a public key, and the visitor behind a token."""

from __future__ import annotations

from sanic import Request
from sanic.exceptions import Unauthorized

from console.security import allow, client_address
from console.wiring import in_thread, wiring
from ramah.messaging import webchat
from ramah.messaging.accounts import find_account
from ramah.messaging.models import ChannelAccount

UNKNOWN = "This chat is not known any more."


async def account_of(request: Request, key: str) -> ChannelAccount:
    """The web chat at a public key. Raises NotFound."""
    return await in_thread(lambda: find_account(wiring(request).database, "webchat", key))


async def visitor_of(request: Request, key: str) -> webchat.Visitor:
    """The visitor whose token the request carries. Raises 401, and NotFound for the chat."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    account = await account_of(request, key)
    who = webchat.visitor(account, token) if scheme == "Bearer" else None
    if who is None:
        raise Unauthorized(UNKNOWN)
    return who


def count_message(request: Request, who: webchat.Visitor) -> None:
    """Count one message of a visitor and of an address. Raises 429 when there were too many."""
    allow(request, wiring(request).limits.webchat, "webchat", who.address)
    allow(request, wiring(request).limits.webchat, "webchat", "address", client_address(request), who.account.id)
