"""What a customer's message looks like to the booking: typed text or a tap, with the engine's reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tap:
    """A tapped button: the draft and step it was made for, its value, and the round of the question it stood under.

    A ``nonce`` such as ``4+7`` is that of the "yes" with which round 7 asked whether a late tap of round 4 is meant."""

    draft: str
    step: str
    value: str
    nonce: str = ""

    @property
    def round(self) -> int:
        """The round in which its value was last put before the customer; 0 where the button does not say."""
        latest = self.nonce.rpartition("+")[2]
        return int(latest) if latest.isascii() and latest.isdecimal() and len(latest) < 9 else 0

    @property
    def is_sure(self) -> bool:
        """Whether the customer was asked already and means it."""
        return "+" in self.nonce

    @property
    def key(self) -> str:
        """What makes two taps the same."""
        return f"{self.step}:{self.nonce}:{self.value}"


@dataclass(frozen=True)
class Pin:
    """A shared location in degrees, and what the map calls it."""

    latitude: float
    longitude: float
    text: str = ""


@dataclass(frozen=True)
class Heard:
    """One message. ``entities`` maps the closed-class entities (field, kind, plan, place) to their value.

    ``message`` is its id, ``replied_to`` the id of the message whose answer it quotes, ``file`` the id of the message
    that brought the file or location which it stands for; ``pin`` is that location, once read. ``enquired`` is the
    customer's question right before this message, where that asked about services or prices."""

    text: str = ""
    intent: str = "inform"
    entities: Mapping[str, str] = field(default_factory=dict)
    tap: Tap | None = None
    message: str | None = None
    replied_to: str | None = None
    file: str | None = None
    pin: Pin | None = None
    enquired: str = ""


@dataclass(frozen=True)
class Notice:
    """Something that must be said before the next question: a response name and its variables."""

    response: str
    variables: Mapping[str, str] = field(default_factory=dict)
