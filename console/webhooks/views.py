"""Webhooks of every provider: the handshake, and events verified on the raw bytes, kept, then answered 200."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from sanic import Blueprint, Request
from sanic.exceptions import NotFound, SanicException
from sanic.response import HTTPResponse, json, text

from console.api.answers import RefusedSignature, SchemaAnswer, StoredAnswer
from console.api.describing import Description, Proof, described
from console.wiring import in_thread, wiring
from ramah.channels.errors import SignatureError
from ramah.lib.trace_context import HEADER, TraceContext, read_traceparent
from ramah.messaging.accounts import access_of, find_account, find_receiver
from ramah.messaging.models import ChannelAccount
from ramah.messaging.refusals import note_refusal
from ramah.messaging.registry import channel_for
from ramah.messaging.webhooks import Stored, receive
from ramah.store import Database

log = structlog.get_logger()
blueprint = Blueprint("webhooks", url_prefix="/webhooks")
LARGEST_BODY = 3 * 1024 * 1024
"""Meta's own limit of a webhook payload; the others send less."""


@blueprint.get("/<kind:str>/<key:str>")
@described(
    Description(
        "The provider's challenge",
        "webhooks",
        {200: "text/plain", 403: "text/plain"},
        proof=Proof.SIGNATURE,
        problems=(404,),
    )
)
async def verify(request: Request, kind: str, key: str) -> HTTPResponse:
    """Answer the provider's challenge when it proves to know us, else 403."""
    database = wiring(request).database
    account = await in_thread(lambda: _hooked(find_account(database, kind, key)))
    params = {name: request.args.get(name, "") for name in request.args}
    challenge = channel_for(kind).challenge(access_of(account), params)
    return text(challenge) if challenge is not None else text("wrong verify token", status=403)


@blueprint.post("/<kind:str>/<key:str>")
@described(
    Description(
        "Events of a provider, in its own form",
        "webhooks",
        {200: StoredAnswer, 401: RefusedSignature},
        SchemaAnswer,
        proof=Proof.SIGNATURE,
        problems=(404, 413),
    )
)
async def event(request: Request, kind: str, key: str) -> HTTPResponse:
    """Keep the body, store everything in it, answer 200. Unsigned: 401 and nothing kept. What cannot be read is
    kept for a person and answered 200 all the same: sent again, it would not read better."""
    if len(request.body) > LARGEST_BODY:
        raise SanicException("The body is too large.", status_code=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    body, database = request.body, wiring(request).database
    context = _told_context(request)
    stored = await in_thread(lambda: _take(database, kind, key, headers, body, context))
    if stored is None:
        return json({"error": "signature"}, status=401)
    return json({"stored": stored.messages + stored.receipts})


def _told_context(request: Request) -> TraceContext | None:
    """The trace that a caller on this machine says it works in. A stranger could put its messages into any trace."""
    inside = request.ip in ("127.0.0.1", "::1") and "x-forwarded-for" not in request.headers
    return read_traceparent(request.headers.get(HEADER)) if inside else None


def _take(
    database: Database,
    kind: str,
    key: str,
    headers: Mapping[str, str],
    body: bytes,
    context: TraceContext | None,
) -> Stored | None:
    """All the blocking work in one go, as each change of thread costs; None when the signature is wrong."""
    account = _hooked(find_receiver(database, kind, key))
    try:
        return receive(database, account, headers, body, context)
    except SignatureError:
        log.warning("webhook_refused", account=account.name, reason="signature")
        note_refusal(database, account)
        return None


def _hooked(account: ChannelAccount) -> ChannelAccount:
    if not channel_for(account.kind).abilities.webhook:
        raise NotFound("This account takes no webhooks.")
    return account
