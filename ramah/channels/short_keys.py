"""Short keys in place of long button payloads, for channels that give a button little room (Telegram: 64 bytes)."""

from __future__ import annotations

import base64
import hashlib

SHORT_KEY_SIGN = "#"


def short_key(payload: str) -> str:
    """A key of 23 characters that stands for a payload. The same payload always gives the same key."""
    digest = hashlib.sha256(payload.encode()).digest()[:16]
    return SHORT_KEY_SIGN + base64.urlsafe_b64encode(digest).decode().rstrip("=")
