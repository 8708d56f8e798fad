"""The last states of a conversation alone: rules look no further back than the longest of them is long."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker


class RecentTurns:
    """Stands in for a tracker where its states are worked out, which Rasa does for the whole history each time.

    Args:
        tracker: The conversation.
        number: How many states are wanted.
    """

    def __init__(self, tracker: DialogueStateTracker, number: int) -> None:
        self._tracker = tracker
        self._number = number

    def past_states(self, domain: Domain, **options: Any) -> list[State]:
        """The last states, oldest first."""
        states: list[State] = domain.states_for_tracker_history(self, **options)
        return states

    def generate_all_prior_trackers(self) -> Iterator[tuple[DialogueStateTracker, bool]]:
        """The tracker as it was before each of the last actions, and as it is."""
        actions = sum(isinstance(event, ActionExecuted) for event in self._tracker.applied_events())
        return islice(self._tracker.generate_all_prior_trackers(), max(0, actions + 1 - self._number), None)
