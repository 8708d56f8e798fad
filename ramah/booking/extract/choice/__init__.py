"""Answers to a question with a few fixed choices, misspelt or not."""

from ramah.booking.extract.choice.finding import STEPS, find_choice

__all__ = ["STEPS", "find_choice"]
