"""The stuck doctor's rules: from the last turns of a conversation to what keeps it from going on, or nothing.

They trust nothing that the dialogue believes of itself; they look at what was said, asked and known, turn by turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from ramah.care.watched import WatchedTurn

SAME_WORDS_TURNS = 3
PATIENCE = 4
"""Messages in a form that change nothing."""

LOST_TURNS = 2
LATE_SECONDS = 120.0
REST = 5
"""Turns after an intervention before the next one."""

MOST_INTERVENTIONS = 2
"""After so many a person gets the conversation."""

History = Sequence[WatchedTurn]


class Finding(StrEnum):
    """What keeps a conversation from going on."""

    SAME_WORDS = "same_words"
    NO_PROGRESS = "no_progress"
    KNOWN_ASKED = "known_asked"
    LATE_ANSWER = "late_answer"
    FORM_WITHOUT_DRAFT = "form_without_draft"
    DRAFT_WITHOUT_QUESTION = "draft_without_question"
    ERROR_TWICE = "error_twice"


def examine(history: History) -> Finding | None:
    """What is wrong with the last turn of a history (oldest first, since the last intervention), or None."""
    if not history or not history[-1].answered:
        return None
    return next((finding for finding, is_so in RULES if is_so(history)), None)


def may_intervene(turns_since_last: int | None) -> bool:
    """Whether the doctor may act again. None: never acted in this conversation."""
    return turns_since_last is None or turns_since_last >= REST


def hands_over(interventions: int) -> bool:
    """Whether the next intervention is a person's."""
    return interventions >= MOST_INTERVENTIONS


def _same_words(history: History) -> bool:
    """The same question, in the same words, in three turns that follow one another."""
    asked = [turn for turn in history if turn.answered][-SAME_WORDS_TURNS:]
    alike = {(turn.question, turn.draft) for turn in asked}
    return len(asked) == SAME_WORDS_TURNS and len(alike) == 1 and asked[-1].question != ""


def _no_progress(history: History) -> bool:
    """A form whose facts four messages did not change; messages about something else do not count."""
    turns = [turn for turn in history if turn.answered and not turn.aside][-(PATIENCE + 1) :]
    if len(turns) <= PATIENCE or history[-1].aside:
        return False
    same = {(turn.draft, turn.facts) for turn in turns}
    return len(same) == 1 and all(turn.step is not None for turn in turns)


def _known_asked(history: History) -> bool:
    """A question whose answer the customer has given already."""
    return history[-1].known and history[-1].step is not None


def _late_answer(history: History) -> bool:
    """A message taken for the answer to a question that was asked after it was written."""
    last, earlier = history[-1], history[:-1]
    if not earlier or earlier[-1].step is None or last.step is None:
        return False
    overtaken = last.position < max(turn.position for turn in earlier)
    before = earlier[-1].sent_at
    return overtaken or (before is not None and last.sent_at is not None and last.sent_at < before - LATE_SECONDS)


def _form_without_draft(history: History) -> bool:
    """The booking's form asks, and there is no booking that it asks for."""
    return history[-1].booking and history[-1].step is not None and not history[-1].draft_open


def _draft_without_question(history: History) -> bool:
    """A booking is open, the customer answers, and nothing listens."""
    turns = [turn for turn in history if turn.answered][-LOST_TURNS:]
    return len(turns) == LOST_TURNS and all(turn.lost and turn.draft_open and turn.step is None for turn in turns)


RULES: tuple[tuple[Finding, Callable[[History], bool]], ...] = (
    (Finding.FORM_WITHOUT_DRAFT, _form_without_draft),
    (Finding.KNOWN_ASKED, _known_asked),
    (Finding.LATE_ANSWER, _late_answer),
    (Finding.DRAFT_WITHOUT_QUESTION, _draft_without_question),
    (Finding.SAME_WORDS, _same_words),
    (Finding.NO_PROGRESS, _no_progress),
)
"""The surest first."""
