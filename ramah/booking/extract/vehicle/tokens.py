"""Words of a message about a car, and what was found in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ramah.booking.extract.vehicle.catalogue import Model

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*\+?")


@dataclass(frozen=True)
class Token:
    """A word of the message in lower case and as typed."""

    key: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class FoundModel:
    """A make, a model, or both, with their places."""

    make: str | None
    model: Model | None
    shown: str | None
    spans: tuple[tuple[int, int], ...]


def tokens_of(text: str) -> list[Token]:
    """Words and numbers of ``text``."""
    return [Token(match[0].lower(), match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]


@dataclass(frozen=True)
class FoundMake:
    """A make that stands at ``first`` of the tokens and ends before ``after``."""

    name: str
    first: int
    after: int
