"""Numbers in addresses, which anybody may type."""

from __future__ import annotations

LONGEST = 18
"""Digits that still fit into a column of 64 bits."""


def whole_number(text: str | None) -> int:
    """The number that a text is, and 0 for everything else (no number, negative, too large to be ours)."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= LONGEST else 0
