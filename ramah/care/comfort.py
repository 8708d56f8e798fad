"""When an upset customer is offered a person: twice upset or pressing within three turns, once an episode."""

from __future__ import annotations

from collections.abc import Sequence

from ramah.care.watched import WatchedTurn

WITHIN = 3
TWICE = 2
CALM_AGAIN = 3
"""Calm turns that end an episode."""


def wants_comfort(history: Sequence[WatchedTurn]) -> bool:
    """Whether the last turn (oldest first) is the one after which a person is offered."""
    if not history or not history[-1].troubled:
        return False
    episode = _episode(history)
    troubled = sum(turn.troubled for turn in episode[-WITHIN:])
    return troubled >= TWICE and not any(turn.comforted for turn in episode)


def _episode(history: Sequence[WatchedTurn]) -> Sequence[WatchedTurn]:
    calm = 0
    for index in range(len(history) - 1, -1, -1):
        calm = 0 if history[index].troubled else calm + 1
        if calm == CALM_AGAIN:
            return history[index + CALM_AGAIN :]
    return history
