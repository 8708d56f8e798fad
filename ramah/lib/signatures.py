"""Signed bodies: HMAC-SHA256 in hexadecimal, made and checked."""

from __future__ import annotations

import hashlib
import hmac


def hmac_sha256_hex(secret: str, body: bytes) -> str:
    """The lowercase hexadecimal HMAC-SHA256 of ``body`` under ``secret`` (UTF-8)."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether ``signature`` is that of exactly these bytes; constant time. An empty secret signs nothing."""
    if not secret:
        return False
    return same_text(hmac_sha256_hex(secret, body), signature)


def same_text(expected: str, given: str) -> bool:
    """Compare in a time that does not depend on where two texts differ. Any characters are allowed."""
    return hmac.compare_digest(expected.encode("utf-8", "surrogatepass"), given.encode("utf-8", "surrogatepass"))
