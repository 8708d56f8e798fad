"""Taking secrets and personal data out of a text before it is stored or shown where it was not needed."""

from __future__ import annotations

import re

_NAMES = (
    r"(?:access[_-]?|refresh[_-]?|client[_-]?|verify[_-]?|app[_-]?|api[_-]?|bot[_-]?|page[_-]?)*"
    r"(?:token|secret|password|passwd|pwd|key|signature|authorization|cookie|session|otp|pin)"
)
_HARMLESS = re.compile(r"(?:\d{1,8} )?[A-Za-z_]{1,27}")
"""What most facts of a trace look like; no rule below can match it."""

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # user:password@host in an address
    (re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://)[^/\s@]+@", re.IGNORECASE), r"\g<head>[secret]@"),
    (re.compile(r"\b(?P<head>bearer|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), r"\g<head> [secret]"),
    # name=value, name: value, "name": "value", in headers, JSON and query strings
    (
        re.compile(rf"(?P<head>\b{_NAMES}\b[\"']?\s*[=:]\s*[\"']?)(?!\[secret\])[^\s\"'&,;)}}\]]+", re.IGNORECASE),
        r"\g<head>[secret]",
    ),
    # Telegram's bot token: digits, a colon, 35 signs
    (re.compile(r"\b\d{6,12}:[\w-]{30,}\b"), "[secret]"),
    # tokens stand out by their length; identifiers of ours have hyphens and stay readable
    (re.compile(r"\b(?=[\w+/]*\d)(?=[\w+/]*[A-Za-z])[\w+/]{28,}={0,2}"), "[secret]"),
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"), "[mail]"),
    # card numbers, accounts, identity numbers and phone numbers: nine digits and more, however they are grouped
    (re.compile(r"(?<![\w-])(?!\d{4}-\d\d-\d\d)\+?\d(?:[ .()-]{0,2}\d){8,18}(?![\w-])"), "[number]"),
)


def scrubbed(text: str) -> str:
    """The text with secrets, mail addresses and long numbers replaced by what they were.

    Identifiers of ours (hyphenated), amounts, dates and short numbers stay: without them nobody finds a fault. Names
    cannot be told from words, so whoever writes a message for an incident names nobody."""
    if _HARMLESS.fullmatch(text):
        return text
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text
