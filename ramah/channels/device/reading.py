"""Bytes from a gateway as an object that any database takes, and such objects without the weight of files."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ramah.channels.errors import PayloadError
from ramah.lib.outside_json import read_outside_json

LONGEST_TEXT_KEPT = 8192
"""Longer texts in the kept original are files in base64 or thumbnails; a message's own words are kept apart from it."""


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises PayloadError."""
    try:
        read = read_outside_json(body)
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"not a gateway's event: {type(error).__name__}") from error
    if not isinstance(read, dict):
        raise PayloadError("a gateway's event is an object")
    return read


def lightened(value: Any) -> Any:
    """The same value, each overlong text replaced by its length."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT_KEPT else f"({len(value)} characters left out)"
    if isinstance(value, list):
        return [lightened(item) for item in value]
    return {key: lightened(item) for key, item in value.items()} if isinstance(value, dict) else value


def stable_id(raw: Any) -> str:
    """The same id for the same object, for a message that came without a usable one."""
    return "unidentified:" + hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
