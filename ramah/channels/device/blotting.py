"""Keys that a gateway wrote into a body are blotted out before it is kept: in a backup they would open the phone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

BLOT = b"(left out)"
SHORTEST_SECRET = 8
"""Shorter ones would blot out ordinary words."""
# On the bytes as they came: a broken body is kept as well, and nothing but the value may change. Inside a text of a
# customer the quotes are escaped, so that what somebody writes about keys stays.
_NAMED = re.compile(
    rb'("(?:x-)?(?:api[_-]?key|(?:webhook|hmac|jwt|app)[_-]?(?:secret|key)|authorization)"\s*:\s*)"(?:[^"\\]|\\.)*"',
    re.IGNORECASE,
)


def blotted(body: bytes, secrets: Iterable[str]) -> bytes:
    """The body without the values of fields that are named like keys, and without these secrets wherever they stand."""
    cleaned = _NAMED.sub(rb'\1"' + BLOT + rb'"', body)
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            for written in {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}:
                cleaned = cleaned.replace(written.encode(), BLOT)
    return cleaned
