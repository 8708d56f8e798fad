"""Texts that leave for a spreadsheet, and come back from one."""

from __future__ import annotations

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PHONE = re.compile(r"\+\d{6,15}")


def harmless(text: str) -> str:
    """A spreadsheet runs what begins like a formula; an apostrophe before it makes it text. A number with its country
    code is left as it is. Source: OWASP, CSV Injection."""
    return f"'{text}" if text.startswith(FORMULA) and not PHONE.fullmatch(text) else text


def unquoted(text: str) -> str:
    """The text before `harmless`: a file that was exported and comes back says the same."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
