"""A conversation's tracker that knows which of its events are stored."""

from __future__ import annotations

import copy
import itertools
from collections import OrderedDict
from typing import Any

from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

CACHED_TRACKERS = 500


class StoredTracker(DialogueStateTracker):
    """Rasa's tracker with its place in the store.

    Attributes:
        last_event_id: The conversation's highest event id when the tracker was read or saved.
        saved_events: How many of `events` are stored.
        summarised: How many of `events`, from the first one on, are a summary of older ones.
        is_summary_saved: Whether the store knows the summary.
        has_older_events: Whether the store holds events from before the first one here.
        replay: What was worked out of the events so far (`engine.connector.recent_turns`).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last_event_id = 0
        self.saved_events = 0
        self.summarised = 0
        self.is_summary_saved = True
        self.has_older_events = False
        self.replay: Any = None

    def unsaved_events(self) -> list[Event]:
        """The events that are not stored yet, in order."""
        return list(itertools.islice(self.events, self.saved_events, None))

    def mark_saved(self, last_event_id: int) -> None:
        """Note that all events are stored, the last one under this id."""
        self.last_event_id = last_event_id
        self.saved_events = len(self.events)
        self.is_summary_saved = True

    @property
    def summary(self) -> list[Event]:
        """The events that stand for older ones."""
        return list(itertools.islice(self.events, self.summarised))

    def copy(self) -> DialogueStateTracker:
        """A tracker of its own in the state of this one. Rasa replays the whole history for it, once an action."""
        twin = DialogueStateTracker.__new__(DialogueStateTracker)
        vars(twin).update(vars(self), replay=None)
        twin.slots = {name: _copied(slot) for name, slot in self.slots.items()}
        twin.events = self.events.copy()
        twin.active_loop = copy.copy(self.active_loop)
        twin.latest_action = dict(self.latest_action or {})
        # What is tried on the copy is not marked as this model's, as on Rasa's own copies.
        twin.model_id = twin.assistant_id = None
        return twin

    def as_it_was(self, length: int) -> DialogueStateTracker:
        """The conversation when it had so many events."""
        return DialogueStateTracker.from_events(
            self.sender_id, list(itertools.islice(self.events, length)), self.slots.values()
        )

    def summarised_until(self, begin: int, summary: list[Event]) -> StoredTracker:
        """A tracker of the same conversation with a summary in the place of all events before one.

        Args:
            begin: The first event that stays; it and those before it are stored.
            summary: What stands for the others.
        """
        kept = list(itertools.islice(self.events, begin, None))
        tracker: StoredTracker = StoredTracker.from_events(self.sender_id, [*summary, *kept], self.slots.values())
        tracker.model_id, tracker.assistant_id = self.model_id, self.assistant_id
        tracker.last_event_id = self.last_event_id
        tracker.saved_events = len(summary) + self.saved_events - begin
        tracker.summarised, tracker.is_summary_saved = len(summary), False
        tracker.has_older_events = True
        return tracker


def _copied(slot: Slot) -> Slot:
    """A slot of its own; `copy.copy` asks a slot how it is copied and takes five times as long."""
    twin = slot.__class__.__new__(slot.__class__)
    vars(twin).update(vars(slot))
    return twin


class TrackerCache:
    """The trackers saved last. One is handed out once: who takes it owns it until the next save."""

    def __init__(self) -> None:
        self._trackers: OrderedDict[str, StoredTracker] = OrderedDict()

    def take(self, sender_id: str, last_event_id: int) -> StoredTracker | None:
        """The cached tracker, if nothing was stored since; another process may have stored something."""
        tracker = self._trackers.pop(sender_id, None)
        return tracker if tracker and tracker.last_event_id == last_event_id else None

    def put(self, tracker: StoredTracker) -> None:
        """Keep a tracker that was just saved."""
        self._trackers[tracker.sender_id] = tracker
        self._trackers.move_to_end(tracker.sender_id)
        if len(self._trackers) > CACHED_TRACKERS:
            self._trackers.popitem(last=False)

    def clear(self) -> None:
        """Forget all trackers; their slots belong to the domain of one model."""
        self._trackers.clear()
