"""Updates in the shapes of the Bot API's reference, from the folder ``fixtures``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ramah.channels.content import Batch, Incoming
from ramah.channels.telegram.parse import parse_update

FIXTURES = Path(__file__).with_name("fixtures")
NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))
BOT = "123456789"
AINA = "5012345678"


def recorded(name: str) -> bytes:
    """The bytes of one recorded update."""
    return (FIXTURES / f"{name}.json").read_bytes()


def as_object(name: str) -> dict[str, Any]:
    """The same, to be changed."""
    read: dict[str, Any] = json.loads(recorded(name))
    return read


def parsed(body: bytes) -> Batch:
    """The single batch of an update."""
    (batch,) = parse_update(BOT, body)
    assert batch.account_external_id == BOT
    return batch


def one_message(name: str) -> Incoming:
    """The single message of a recorded update."""
    (incoming,) = parsed(recorded(name)).incoming
    return incoming


def changed(name: str, **fields: Any) -> bytes:
    """A recorded update whose message has other fields."""
    update = as_object(name)
    kind = next(key for key in update if key != "update_id")
    update[kind].update(fields)
    return json.dumps(update).encode()
