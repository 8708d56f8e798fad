"""What a customer understands of an answer: the step that is asked, what went wrong before it, the summary, the end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.customers.phrasebook import Said, phrasebook
from ramah.booking.facts import STEPS
from ramah.channels.content import Choice
from ramah.cli.chat_seats import Answer, Bubble

CONFIRMATION = "confirmation"
BOOKED = ("utter_booking_confirmed", "utter_subscription_confirmed", "utter_booking_pending")
TIME_REFUSED = ("utter_time_taken", "utter_slot_just_taken", "utter_closed_then", "utter_time_passed")
DATE_REFUSED = (
    "utter_date_full",
    "utter_closed_that_day",
    "utter_holiday",
    "utter_date_passed",
    "utter_too_far_ahead",
)
KNOWN_OFFERS = {
    "utter_offer_known_cars": "car_model",
    "utter_offer_known_addresses": "street",
    "utter_offer_nearest_times": "appointment_time",
}
_QUESTION = re.compile(r"utter_ask_(?P<step>\w+?)(_again)?$")


@dataclass(frozen=True)
class Understood:
    """One answer. ``step`` is None where nothing was asked; ``refused`` is the step whose value cannot be."""

    step: str | None
    question: str
    refused: Said | None
    summary: Said | None
    booked: Said | None
    choices: tuple[tuple[Choice, dict[str, str]], ...]

    def offered(self, step: str) -> list[tuple[Choice, str]]:
        """The buttons for a step, each with its value."""
        return [(choice, inside["value"]) for choice, inside in self.choices if inside.get("step") == step]


def understand(answer: Answer, language: str) -> Understood:
    """Read all bubbles; the last question counts."""
    said = [(bubble, phrasebook().read(bubble.text, language)) for bubble in answer.bubbles]
    asked = [(step, bubble.text) for bubble, one in said if (step := _step(bubble, one))]
    step, question = asked[-1] if asked else (None, "")
    return Understood(
        step=step,
        question=question,
        refused=_first(said, (*TIME_REFUSED, *DATE_REFUSED)),
        summary=next((one for _, one in reversed(said) if one and one.name.startswith("utter_summary_")), None),
        booked=_first(said, BOOKED),
        choices=tuple((choice, inside_of(choice)) for bubble in answer.bubbles for choice in bubble.choices),
    )


def inside_of(choice: Choice) -> dict[str, str]:
    """What the payload of a button holds; empty where it holds nothing."""
    _, brace, rest = choice.payload.partition("{")
    try:
        found = json.loads(brace + rest) if brace else {}
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()}


def _first(said: Iterable[tuple[Bubble, Said | None]], names: tuple[str, ...]) -> Said | None:
    return next((one for _, one in said if one and one.name in names), None)


def _step(bubble: Bubble, said: Said | None) -> str | None:
    # Buttons say for certain what they answer; words are the next best.
    steps = [inside.get("step") for choice in bubble.choices if (inside := inside_of(choice))]
    on_buttons = next((step for step in steps if step in STEPS), None)
    return on_buttons or _step_in_words(said)


def _step_in_words(said: Said | None) -> str | None:
    if said is None:
        return None
    if said.name.startswith("utter_summary_"):
        return CONFIRMATION
    found = _QUESTION.match(said.name)
    named = found["step"] if found else KNOWN_OFFERS.get(said.name)
    return named if named in STEPS else None
