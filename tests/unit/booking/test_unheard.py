"""A "yes" to words that waited for approval and were never shown is no yes."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker

from actions import slots


def tracker(intent: str, metadata: dict[str, str]) -> Tracker:
    """A conversation whose last message was understood as ``intent``."""
    message = {"text": "ya", "intent": {"name": intent}, "entities": [], "metadata": metadata}
    return Tracker("someone", {}, message, [], False, None, {}, "action_listen")


@pytest.mark.parametrize(
    ("intent", "metadata", "heard"),
    [
        ("affirm", {"unheard": "yes"}, "inform"),
        ("affirm", {}, "affirm"),
        ("deny", {"unheard": "yes"}, "deny"),
    ],
)
def test_a_yes_counts_only_for_what_was_shown(intent: str, metadata: dict[str, str], heard: str) -> None:
    assert slots.heard(tracker(intent, metadata)).intent == heard
