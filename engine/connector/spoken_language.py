"""Which messages change the language of a conversation: only speech does, and a language that was asked for stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from engine.connector.wording import LANGUAGE_SLOT

CHOSEN_SLOT = "language_chosen"
"""The language that the customer asked for in words or by a button."""

CHOOSING = "change_language"
EVIDENCE = "evidence"
"""Noted with a message's language: how much it says, 0 to 2."""

SPEECH = "speech"
"""What the summary of older messages remembers of their languages."""

NONE, SOME, CLEAR = 0, 1, 2
MANY_WORDS = 3
"""Words of one language alone that settle it for a message that only tells facts."""

REPEATED, REPEATED_AGAINST_CHOICE = 2, 3
"""Messages in a row, this one included, that together settle it; and against a language that was asked for."""

FIRST_PROBABILITY = 0.8
ANSWERS = frozenset({"inform", "correct", "nlu_fallback"})
SMALL_TALK = frozenset({"greet", "goodbye", "thanks", "affirm", "deny"})
"""Said in any language by anybody; one word of it settles nothing."""

NAME_STEPS = frozenset(
    {
        "first_name", "last_name", "phone", "car_model", "car_year", "car_plate", "car_colour",
        "place", "outlet", "street", "city", "postcode",
    }
)  # fmt: skip
"""Steps that are answered with names, streets and cars, which are written alike in each language."""


class Said(NamedTuple):
    """A message of the past: the language that it was evidence of, and whether it asked for a language."""

    language: str | None
    asked: bool


def language_heard(parsed: dict[str, Any], tracker: DialogueStateTracker) -> dict[str, Any] | None:
    """The guess for a typed message when it settles the conversation's language, else None.

    How much the message says is noted in ``parsed``, for the messages after it.
    """
    guess: dict[str, Any] | None = parsed.get("language")
    intent = (parsed.get("intent") or {}).get("name")
    if not guess or intent == CHOOSING:
        return None
    guess[EVIDENCE] = _evidence(guess, intent, tracker.get_slot(REQUESTED_SLOT))
    return guess if _settles(guess, intent, tracker) else None


def _evidence(guess: dict[str, Any], intent: str | None, step: str | None) -> int:
    if not guess["certain"] or (intent in ANSWERS and step in NAME_STEPS):
        return NONE
    return CLEAR if intent not in ANSWERS or guess["words"] >= MANY_WORDS else SOME


def _settles(guess: dict[str, Any], intent: str | None, tracker: DialogueStateTracker) -> bool:
    name, current = guess["name"], tracker.get_slot(LANGUAGE_SLOT)
    if name != current and current is not None and tracker.get_slot(CHOSEN_SLOT) == current:
        return bool(guess[EVIDENCE]) and _in_a_row(name, tracker) + 1 >= REPEATED_AGAINST_CHOICE
    if guess[EVIDENCE] == CLEAR or (guess[EVIDENCE] == SOME and name == current):
        return True
    if guess[EVIDENCE] == SOME:
        # A language that the customer has not spoken so far is only a guess, and gives way to the first evidence.
        return not _was_spoken(current, tracker) or _in_a_row(name, tracker) + 1 >= REPEATED
    return _is_telling_opening(guess, intent, tracker)


def _is_telling_opening(guess: dict[str, Any], intent: str | None, tracker: DialogueStateTracker) -> bool:
    """Whether a first message of a word or two says its language: nothing else is known that it could contradict."""
    if intent in ANSWERS or intent in SMALL_TALK or next(_typed(tracker), None) is not None:
        return False
    return bool(guess["words"]) and guess["probability"] >= FIRST_PROBABILITY


def _was_spoken(name: str | None, tracker: DialogueStateTracker) -> bool:
    """Whether a message before this one was evidence of the language, or asked for it."""
    return tracker.get_slot(CHOSEN_SLOT) == name is not None or any(said.language == name for said in _typed(tracker))


def _in_a_row(name: str, tracker: DialogueStateTracker) -> int:
    """How many of the messages before, since a language was asked for, speak this one without one between."""
    count = 0
    for said in _typed(tracker):
        if said.language not in (None, name) or said.asked:
            break
        count += said.language == name
    return count


def remembered_speech(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What later messages need to know of those of a conversation that is summarised, for its summary.

    The last messages that told anything, oldest first, and before them one for each other language ever spoken.
    """
    every = list(_typed(tracker))
    telling = [said for said in every if said.language or said.asked] or every[:1]
    recent = telling[:REPEATED_AGAINST_CHOICE]
    languages = {said.language for said in telling[REPEATED_AGAINST_CHOICE:] if said.language}
    older = [Said(language, asked=False) for language in sorted(languages - {said.language for said in recent})]
    return {SPEECH: [[said.language, said.asked] for said in (*older, *reversed(recent))]} if every else {}


def _typed(tracker: DialogueStateTracker) -> Iterator[Said]:
    """Messages of this conversation, newest first; taps only where they ask for a language."""
    for event in reversed(tracker.events):
        if isinstance(event, SessionStarted):
            for language, asked in reversed(event.metadata.get(SPEECH, [])):
                yield Said(language, asked)
        elif isinstance(event, UserUttered):
            asked = (event.intent or {}).get("name") == CHOOSING
            if asked or not _is_tap(event):
                guess = event.parse_data.get("language") or {}
                yield Said(guess["name"] if guess.get(EVIDENCE) else None, asked)


def _is_tap(message: UserUttered) -> bool:
    return (message.text or "").startswith("/")
