"""Webhook bodies as Meta sends them, from the folder ``fixtures``."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from ramah.channels.content import Batch, Incoming
from ramah.channels.whatsapp.parse import parse_webhook

FIXTURES = Path(__file__).with_name("fixtures")


def recorded(name: str) -> bytes:
    """The bytes of one recorded body."""
    return (FIXTURES / f"{name}.json").read_bytes()


def one_batch(name: str) -> Batch:
    """The single batch that a recorded body holds."""
    (batch,) = parse_webhook(recorded(name))
    return batch


def one_message(name: str) -> Incoming:
    """The single message of a recorded body."""
    (incoming,) = one_batch(f"message_{name}").incoming
    return incoming


def with_value(changes: dict[str, Any], name: str = "message_text") -> bytes:
    """A recorded body whose first ``value`` has some keys replaced."""
    envelope = copy.deepcopy(json.loads(recorded(name)))
    envelope["entry"][0]["changes"][0]["value"].update(changes)
    return json.dumps(envelope).encode()
