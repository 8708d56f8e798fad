"""What a button carries: Telegram takes 1 to 64 bytes (Bot API, "InlineKeyboardButton")."""

from __future__ import annotations

from ramah.channels.short_keys import SHORT_KEY_SIGN, short_key

MOST_BYTES = 64


def short_payload(payload: str) -> str:
    """The payload itself where it fits, else the short key that stands for it. A payload that looks like such a key
    is replaced as well, so that nothing can be taken for what it is not."""
    fits = 0 < len(payload.encode("utf-8", "surrogatepass")) <= MOST_BYTES
    return payload if fits and not payload.startswith(SHORT_KEY_SIGN) else short_key(payload)
