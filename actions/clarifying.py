"""Two meanings that a message may have, close enough to ask which one it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NOT_UNDERSTOOD = "nlu_fallback"
# Intents that a button can stand for; each has a response `utter_meaning_<intent>` with its title.
ASKABLE = frozenset(
    {
        "another_booking",
        "ask_areas",
        "ask_hours",
        "ask_included",
        "ask_location",
        "ask_offers",
        "ask_price",
        "ask_services",
        "book_service",
        "cancel_booking",
        "change_language",
        "complaint",
        "my_bookings",
        "pay",
        "reschedule",
        "service_update",
        "subscribe_service",
        "talk_to_person",
    }
)
LEAST_TOGETHER = 0.5  # less, and it is probably neither
LEAST_RATIO = 0.5  # of the second to the first


def close_meanings(message: Mapping[str, Any]) -> tuple[str, str] | None:
    """The two likeliest intents of a message that was not understood, when one question settles it.

    Both must be something that can be asked for, near each other, and together likelier than all else.

    Args:
        message: The tracker's latest message, with the ranking of its intents.
    """
    ranking: Sequence[Mapping[str, Any]] = message.get("intent_ranking") or []
    guesses = [guess for guess in ranking if guess.get("name") not in (None, NOT_UNDERSTOOD)][:2]
    if len(guesses) < 2 or not all(guess["name"] in ASKABLE for guess in guesses):
        return None
    first, second = (float(guess.get("confidence") or 0.0) for guess in guesses)
    if first + second < LEAST_TOGETHER or second < LEAST_RATIO * first:
        return None
    return str(guesses[0]["name"]), str(guesses[1]["name"])
