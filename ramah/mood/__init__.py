"""The mood of a message, from its words and signs.

``read_mood`` is all that others use; what reads behind it may become a trained model without their noticing."""

from ramah.mood.moods import Mood, MoodLabel
from ramah.mood.reading import read_mood

__all__ = ["Mood", "MoodLabel", "read_mood"]
