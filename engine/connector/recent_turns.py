"""The last states of a conversation alone: rules look no further back than the longest of them is long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker


class Replay:
    """The states of a conversation at each of its actions, worked out of its events one by one.

    The events that count are not only appended: a form that runs again takes the place of its earlier run. What is
    behind the first event that has changed is worked out anew.
    """

    def __init__(self, tracker: DialogueStateTracker, domain: Domain) -> None:
        self.domain = domain
        self._played = tracker.init_copy()
        self._events: list[Event] = []
        self._states: list[State] = []

    def leads_to(self, events: Sequence[Event]) -> bool:
        """Whether these events go on where the last ones ended."""
        return len(self._events) <= len(events) and all(
            mine is theirs
            for mine, theirs in zip(self._events, events)  # noqa: B905 - the shorter one counts
        )

    def states(self, events: Sequence[Event], omit_unset_slots: bool) -> list[State]:
        """The state before each action, and the present one."""
        for event in events[len(self._events) :]:
            if isinstance(event, ActionExecuted):
                self._states.append(self._state(omit_unset_slots))
            self._played.update(event)
        self._events = list(events)
        return [*self._states, self._state(omit_unset_slots)]

    def _state(self, omit_unset_slots: bool) -> State:
        state: State = self.domain.get_active_state(self._played, omit_unset_slots=omit_unset_slots)
        return state


class RecentTurns:
    """Stands in for a tracker where its states are worked out, which Rasa does for the whole history each time.

    Args:
        tracker: The conversation. Where it can remember a `replay`, it does.
        number: How many states are wanted.
    """

    def __init__(self, tracker: DialogueStateTracker, number: int) -> None:
        self._tracker = tracker
        self._number = number

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """The last states, oldest first. What machine learning sees without the rules' turns is not kept.

        Raises:
            ValueError: Those turns are to be left out.
        """
        if ignore_rule_only_turns:
            raise ValueError("the rules' own turns can be left out only of the whole history")
        events = self._tracker.applied_events()
        states = self._replay(events, domain).states(events, omit_unset_slots)[-self._number :]
        # Whoever asked may change them: Rasa takes the words out of the last one.
        return [{part: dict(features) for part, features in state.items()} for state in states]

    def _replay(self, events: Sequence[Event], domain: Domain) -> Replay:
        known: Replay | None = getattr(self._tracker, "replay", None)
        if known is not None and known.domain is domain and known.leads_to(events):
            return known
        replay = Replay(self._tracker, domain)
        if hasattr(self._tracker, "replay"):
            self._tracker.replay = replay
        return replay
