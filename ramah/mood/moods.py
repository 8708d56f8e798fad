"""What a reading of a message's mood says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

STRONG = 0.5


class MoodLabel(StrEnum):
    """The moods that are told apart."""

    JOY = "joy"
    NEUTRAL = "neutral"
    SADNESS = "sadness"
    FEAR = "fear"
    ANGER = "anger"


@dataclass(frozen=True)
class Mood:
    """The mood of one message. ``score`` is how sure and strong it is, from 0 to 1 (0 for neutral).

    ``urgent`` is apart from the label: somebody may press for time with joy, and be angry at leisure."""

    label: MoodLabel
    score: float
    urgent: bool

    @property
    def upset(self) -> bool:
        """Somebody who deserves an apology before anything else: angry, or plainly disappointed."""
        return self.label is MoodLabel.ANGER or (self.label is MoodLabel.SADNESS and self.score >= STRONG)


CALM = Mood(MoodLabel.NEUTRAL, 0.0, urgent=False)
