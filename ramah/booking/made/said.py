"""One message in a change of a booking, as the dialogue hands it over, and what a turn makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ramah.booking.heard import Notice
from ramah.booking.interruptions import ENQUIRIES, REQUESTS

CHOOSE_BOOKING, CHOOSE_CHANGE, CHOOSE = "choose_booking", "choose_change", "choose"
"""Taps: on a booking, on an answer about its change, on an answer of a booking in the making."""

TAPPED = frozenset({CHOOSE_BOOKING, CHOOSE_CHANGE, "reschedule", "cancel_booking", "service_update"})
"""Intents that buttons carry with a booking in them."""

_OWN = frozenset(
    {
        "reschedule",
        "cancel_booking",
        "cancel",
        "go_back",
        "start_over",
        CHOOSE_BOOKING,
        CHOOSE_CHANGE,
        "choose_complaint",
    }
)
_NEW = frozenset({"book_service", "subscribe_service", "another_booking", "unfinished_bookings"})
ELSEWHERE = (ENQUIRIES | REQUESTS | _NEW | {"my_bookings", "out_of_scope"}) - _OWN
"""Intents that a rule answers in the middle of a change, where the message does not answer the question."""

PATIENCE = 2
"""Failed tries of one question after which a person is offered with it."""


@dataclass(frozen=True)
class Said:
    """A typed message with its closed-class entities, or a tap with the booking, step and value of its button."""

    text: str = ""
    intent: str = "inform"
    field: str | None = None
    kind: str | None = None
    booking: str | None = None
    step: str | None = None
    value: str | None = None

    @property
    def is_tap(self) -> bool:
        """Whether a button was tapped; then ``text`` is no language."""
        return self.booking is not None and self.intent in TAPPED


@dataclass(frozen=True)
class Turn:
    """What a message made of a change: the dialogue's facts, the next step (None: it ends here), what to say first.

    ``memory`` is what the next question needs beside the facts. ``interrupted`` means that the message was about
    something else; ``handover`` is the reason for which a person is asked.
    """

    facts: Mapping[str, str]
    step: str | None
    notices: tuple[Notice, ...] = ()
    memory: Mapping[str, Any] = field(default_factory=dict)
    interrupted: bool = False
    handover: str | None = None


def ended(*notices: Notice, handover: str | None = None) -> Turn:
    """A turn after which nothing is left to ask."""
    return Turn({}, None, notices, handover=handover)


def counted(memory: Mapping[str, Any], expected: str | None, step: str | None, *, progress: bool) -> dict[str, Any]:
    """How often the next step was asked in vain; an answer or an explanation starts anew."""
    same = memory.get("step") == step and expected == step
    tries = int(memory.get("tries", 0)) + 1 if same and not progress else 0
    return {**memory, "step": step, "tries": tries}


def again(response: str, memory: Mapping[str, Any], step: str) -> tuple[str, tuple[str, ...]]:
    """The response that asks for a step, in other words where it was not understood, and what to say before it."""
    tries = int(memory.get("tries", 0)) if memory.get("step") == step else 0
    if tries == 0:
        return response, ()
    return f"{response}_again", ("utter_offer_person",) if tries >= PATIENCE else ()
