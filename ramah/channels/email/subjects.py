"""Subjects: said before the text where they say more, and carried back in the answer."""

from __future__ import annotations

import re

LONGEST_SUBJECT = 200
_PREFIX = re.compile(r"(?:\s*(?:re|bls|balas|sv|aw|fwd?|trs|tr|wg)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
_REPLY = re.compile(r"\s*(?:re|bls|balas|sv|aw)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_EMPTY = frozenset({"", "no subject", "tanpa subjek", "tidak ada subjek", "tiada subjek", "none", "-"})
_WORD = re.compile(r"\w+")


def with_subject(text: str, subject: str) -> str:
    """The first mail of a thread as one message: its subject stands before the text unless the text says it too."""
    bare = bare_subject(subject)
    if _REPLY.match(subject) or bare.casefold().strip("() ") in _EMPTY or set(_words(bare)) <= set(_words(text)):
        return text
    return f"{bare}\n\n{text}".strip()


def bare_subject(subject: str) -> str:
    """A subject without ``Re:`` and its like, on one line."""
    return _PREFIX.sub("", " ".join(subject.split()), count=1).strip()[:LONGEST_SUBJECT]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
