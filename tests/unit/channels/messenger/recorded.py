"""Webhook bodies in the shapes of Meta's reference, from the folder ``fixtures``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ramah.channels.content import Batch, Incoming
from ramah.channels.messenger.parse import parse_webhook

FIXTURES = Path(__file__).with_name("fixtures")
PAGE = "700100"
AINA = "2400100100100100"


def recorded(name: str) -> bytes:
    """The bytes of one recorded body."""
    return (FIXTURES / f"{name}.json").read_bytes()


def one_batch(name: str) -> Batch:
    """The single batch that a recorded body holds."""
    (batch,) = parse_webhook(recorded(name))
    return batch


def one_message(name: str) -> Incoming:
    """The single message of a recorded body."""
    (incoming,) = one_batch(name).incoming
    return incoming


def with_events(events: list[Any], key: str = "messaging") -> bytes:
    """An envelope with these events."""
    entry = {"id": PAGE, "time": 1760000000128, key: events}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def event(**content: Any) -> dict[str, Any]:
    """One event of Aina."""
    return {"sender": {"id": AINA}, "recipient": {"id": PAGE}, "timestamp": 1760000000123, **content}
