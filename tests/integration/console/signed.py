"""Posting to the WhatsApp webhook as Meta does."""

from __future__ import annotations

import hashlib
import hmac

import httpx

APP_SECRET = "s"
ADDRESS = "/webhooks/whatsapp/kilap-phone"


def signature(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """The header that proves a body."""
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def deliver(client: httpx.Client, body: bytes) -> httpx.Response:
    """Post a signed body."""
    return client.post(ADDRESS, content=body, headers={"content-type": "application/json", **signature(body)})
