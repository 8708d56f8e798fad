"""The customer's mood, as the platform read it before the dialogue heard the message."""

from __future__ import annotations

from dataclasses import dataclass

from rasa_sdk import Tracker


@dataclass(frozen=True)
class HeardMood:
    """The mood of the last message. ``upset`` also counts the two messages before it: no offers, short answers."""

    label: str = "neutral"
    score: float = 0.0
    urgent: bool = False
    upset: bool = False

    @property
    def glad(self) -> bool:
        """Somebody who may be offered something."""
        return self.label == "joy" and not self.upset


def mood_of(tracker: Tracker) -> HeardMood:
    """The mood that came with the last message; calm where none did (in stories, in a shell)."""
    known = (tracker.latest_message or {}).get("metadata") or {}
    return HeardMood(
        label=str(known.get("mood") or "neutral"),
        score=float(known.get("mood_score") or 0.0),
        urgent=known.get("urgent") == "true",
        upset=known.get("upset") == "true",
    )
