"""The token of a form's page: proves when the page was shown, and names one filling-in of it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

from ramah.lib.signatures import hmac_sha256_hex, is_signed

FASTEST = 3.0
"""Seconds that a person needs at least; programs do not wait."""
OLDEST = 86_400.0
_FORM = re.compile(r"(\d{1,12})\.([A-Za-z0-9_-]{16,40})\.([0-9a-f]{64})")


class Standing(StrEnum):
    """What a token is worth at a moment."""

    GOOD = "good"
    TOO_FAST = "too_fast"
    STALE = "stale"  # too old, unknown or forged: a new one is needed


@dataclass(frozen=True)
class Judged:
    """A token that came back. ``id`` names the page, the same for each try to send it."""

    standing: Standing
    id: str = ""


def new_token(secret: str, form_key: str, now: float) -> str:
    """A token for one page of this form. ``now`` is seconds since 1970."""
    said = f"{int(now)}.{secrets.token_urlsafe(16)}"
    return f"{said}.{_signature(secret, form_key, said)}"


def judge(secret: str, form_key: str, token: str, now: float) -> Judged:
    """What a token is worth now."""
    match = _FORM.fullmatch(token)
    if match is None:
        return Judged(Standing.STALE)
    issued, nonce, given = match.groups()
    if not is_signed(secret, _content(form_key, f"{issued}.{nonce}"), given) or now - int(issued) > OLDEST:
        return Judged(Standing.STALE)
    return Judged(Standing.TOO_FAST if now - int(issued) < FASTEST else Standing.GOOD, nonce)


def _signature(secret: str, form_key: str, said: str) -> str:
    return hmac_sha256_hex(secret, _content(form_key, said))


def _content(form_key: str, said: str) -> bytes:
    return f"web-form:{form_key}:{said}".encode()
