"""Webhook envelopes as Meta shapes them."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.fakes.graph.accounts import Account

COUNTRIES = {"62": "ID", "60": "MY", "65": "SG"}


def scoped_id(user: str) -> str:
    """The business-scoped id of a number."""
    return f"{COUNTRIES.get(user[:2], 'US')}.{hashlib.sha256(user.encode()).hexdigest()[:16]}"


def inbound(account: Account, user: str, name: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """The envelope of messages from one person."""
    contact = {"profile": {"name": name}, "wa_id": user, "user_id": scoped_id(user)}
    return _envelope(account, {"contacts": [contact], "messages": messages})


def echo(account: Account, item: dict[str, Any]) -> dict[str, Any]:
    """The envelope of what a person of the business wrote on the phone itself."""
    return _envelope(account, {"message_echoes": [item]}, "smb_message_echoes")


def status(account: Account, item: dict[str, Any]) -> dict[str, Any]:
    """The envelope of one status."""
    return _envelope(account, {"statuses": [item]})


def _envelope(account: Account, content: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    metadata = {"display_phone_number": account.display_phone_number, "phone_number_id": account.phone_number_id}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **content}
    change = {"value": value, "field": field}
    return {"object": "whatsapp_business_account", "entry": [{"id": account.business_id, "changes": [change]}]}
