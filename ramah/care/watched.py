"""What is kept of each turn for the next look: plain values, so that the doctor's rules need no database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class WatchedTurn:
    """One turn as the doctor sees it.

    ``position`` is that of the message in its thread, ``sent_at`` when it was written (seconds, where the channel
    tells). ``step`` is what the dialogue asks for when the turn ends (None outside of forms), ``question`` the words
    of it, made short; ``booking`` says that the booking's form is what asks. ``facts`` stands for all that is known
    then, ``draft`` for the booking that is worked on. ``known`` says that the customer has already answered what is
    asked. ``aside`` is a message about something else, ``lost`` an answer that nothing had asked for.
    ``troubled`` is an upset or pressing message, ``comforted`` that a person was offered for it."""

    position: int
    sent_at: float | None = None
    intent: str | None = None
    step: str | None = None
    question: str = ""
    booking: bool = False
    draft: str | None = None
    draft_open: bool = False
    facts: str = ""
    known: bool = False
    aside: bool = False
    lost: bool = False
    answered: bool = True
    troubled: bool = False
    comforted: bool = False

    def as_json(self) -> dict[str, Any]:
        """The turn as it is stored."""
        return asdict(self)


_NAMES = frozenset(field.name for field in fields(WatchedTurn))


def from_json(stored: Mapping[str, Any]) -> WatchedTurn | None:
    """A stored turn, or None for one that nobody watched."""
    if "position" not in stored:
        return None
    return WatchedTurn(**{name: value for name, value in stored.items() if name in _NAMES})


def words_of(text: str) -> str:
    """A short mark that is the same for the same words, whatever their spacing and capitals."""
    return hashlib.sha256(_SPACE.sub(" ", text).strip().lower().encode()).hexdigest()[:16] if text.strip() else ""


def facts_of(values: Mapping[str, Any]) -> str:
    """A short mark that is the same for the same facts."""
    return hashlib.sha256(repr(sorted((name, str(value)) for name, value in values.items())).encode()).hexdigest()[:16]
