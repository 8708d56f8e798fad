"""WhatsApp's webhook: the handshake, and events verified on the raw bytes, stored, then answered 200."""

from __future__ import annotations

import structlog
from sanic import Blueprint, Request
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, json, text

from console.wiring import in_thread, wiring
from ramah.channels.errors import PayloadError, SignatureError
from ramah.channels.whatsapp.channel import WhatsAppChannel
from ramah.messaging.accounts import access_of, find_account
from ramah.messaging.models import ChannelAccount
from ramah.messaging.registry import channel_for
from ramah.messaging.webhooks import receive

log = structlog.get_logger()
blueprint = Blueprint("whatsapp", url_prefix="/webhooks/whatsapp")
LARGEST_BODY = 3 * 1024 * 1024
"""Meta's own limit of a webhook payload."""


@blueprint.get("/<key:str>")
async def verify(request: Request, key: str) -> HTTPResponse:
    """Answer the challenge when the verify token is ours, else 403."""
    account = await _account(request, key)
    channel = channel_for("whatsapp")
    assert isinstance(channel, WhatsAppChannel)  # noqa: S101 - registered under this kind
    params = {name: request.args.get(name, "") for name in ("hub.mode", "hub.verify_token", "hub.challenge")}
    challenge = channel.verification_challenge(params, access_of(account))
    return text(challenge) if challenge is not None else text("wrong verify token", status=403)


@blueprint.post("/<key:str>")
async def event(request: Request, key: str) -> HTTPResponse:
    """Store everything in the body, then answer 200. Unsigned: 401 and nothing stored. Unreadable: 400."""
    if len(request.body) > LARGEST_BODY:
        raise SanicException("The body is too large.", status_code=413)
    account = await _account(request, key)
    headers = {name.lower(): value for name, value in request.headers.items()}
    body, database = request.body, wiring(request).database
    try:
        stored = await in_thread(lambda: receive(database, account, headers, body))
    except SignatureError:
        log.warning("webhook_refused", account=account.name, reason="signature")
        return json({"error": "signature"}, status=401)
    except PayloadError as error:
        log.warning("webhook_refused", account=account.name, reason=str(error))
        return json({"error": "payload"}, status=400)
    return json({"stored": stored})


async def _account(request: Request, key: str) -> ChannelAccount:
    return await in_thread(lambda: find_account(wiring(request).database, "whatsapp", key))
