"""The console's media store, opened at its first use."""

from __future__ import annotations

from sanic import Request
from sanic.exceptions import ServiceUnavailable

from console.wiring import wiring
from ramah.integrations.storage import Storage, StorageError, open_storage

RETRY_AFTER = 10


def media_storage(request: Request) -> Storage:
    """The store of the app that serves this request."""
    context = request.app.ctx
    if not hasattr(context, "media_storage"):
        context.media_storage = open_storage(wiring(request).config)
    storage: Storage = context.media_storage
    return storage


def not_now(error: StorageError) -> ServiceUnavailable:
    """What a browser hears while the store is away: the same request may pass soon."""
    headers = {"retry-after": str(RETRY_AFTER)}
    unavailable = ServiceUnavailable(
        "Files cannot be kept or read at the moment; please try again soon.", headers=headers
    )
    unavailable.__cause__ = error
    return unavailable
