"""What the name extractor hands back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FoundName:
    """A person's name. ``certain`` is False for a bare answer, which counts only because a name was asked for."""

    first: str
    last: str | None
    title: str | None
    start: int
    end: int
    certain: bool
