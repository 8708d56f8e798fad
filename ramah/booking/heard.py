"""What a customer's message looks like to the booking: typed text or a tap, with the engine's reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tap:
    """A tapped button: the draft and step it was made for, and its value."""

    draft: str
    step: str
    value: str


@dataclass(frozen=True)
class Heard:
    """One message. ``entities`` maps the closed-class entities (field, kind, plan, place) to their value."""

    text: str = ""
    intent: str = "inform"
    entities: Mapping[str, str] = field(default_factory=dict)
    tap: Tap | None = None


@dataclass(frozen=True)
class Notice:
    """Something that must be said before the next question: a response name and its variables."""

    response: str
    variables: Mapping[str, str] = field(default_factory=dict)
