"""Business cards that people share, as one readable line each."""

from __future__ import annotations

import re

_PHONE = re.compile(r"^TEL[^:]*:(.+)$", re.MULTILINE | re.IGNORECASE)
_NAME = re.compile(r"^FN[^:]*:(.+)$", re.MULTILINE | re.IGNORECASE)
_MOST_PHONES = 5


def card_line(vcard: str, name: str | None = None) -> str:
    """Name and numbers of a vCard (RFC 6350); ``name`` where the message says it beside the card."""
    found = _NAME.search(vcard)
    shown = name or (found.group(1).strip() if found else "")
    phones = [phone.strip() for phone in _PHONE.findall(vcard)[:_MOST_PHONES]]
    return " ".join(part for part in (shown, *phones) if part)
