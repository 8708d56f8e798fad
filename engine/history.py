"""Keeping the working history of a conversation short, so that its thousandth turn costs what its tenth did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    FollowupAction,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from engine.tracker_store import StoredTracker

MAXIMUM_EVENTS = 80
"""Events after the summary from which on a history is shortened: a dozen turns or so."""

KEPT_TURNS = 5
"""Turns that stay as they are: rules, memoization and actions look at the last ones only."""

Memory = Callable[[DialogueStateTracker], dict[str, Any]]


def compacted(tracker: DialogueStateTracker, memory: Memory) -> DialogueStateTracker:
    """The tracker itself, or one whose older turns are replaced by a summary when there are many.

    Args:
        tracker: A conversation between two turns.
        memory: What else of the older turns is worth knowing; becomes the metadata of the summary's session.

    Returns:
        A tracker that behaves as this one in every turn to come. The older events stay in the store.
    """
    if not isinstance(tracker, StoredTracker) or len(tracker.events) - tracker.summarised < MAXIMUM_EVENTS:
        return tracker
    return shortened(tracker, memory, KEPT_TURNS)


def shortened(tracker: StoredTracker, memory: Memory, kept_turns: int) -> StoredTracker:
    """The tracker with all but its last turns summarised; itself where there is nothing to summarise."""
    begin = _begin_of_kept(tracker, kept_turns)
    if begin <= tracker.summarised:
        return tracker
    return tracker.summarised_until(begin, summary(tracker.as_it_was(begin), memory))


def summary(tracker: DialogueStateTracker, memory: Memory) -> list[Event]:
    """Events after which a new tracker is in the state of this one: slots, form, pause, last action."""
    changed = [SlotSet(slot.name, slot.value) for slot in tracker.slots.values() if slot.value != slot.initial_value]
    pause = [ConversationPaused()] if tracker.is_paused() else []
    # An action that pauses the conversation is the last one of its turn: nothing listens after it.
    done = ActionExecuted(tracker.latest_action_name or ACTION_LISTEN_NAME)
    wanted = [FollowupAction(tracker.followup_action)] if tracker.followup_action else []
    return [SessionStarted(metadata=memory(tracker)), *changed, *_loop(tracker), *pause, done, *wanted]


def _loop(tracker: DialogueStateTracker) -> list[Event]:
    """The open form; one that an answer in between has put aside stays aside until a rule returns to it."""
    loop = tracker.active_loop
    if not loop or not loop.name:
        return []
    return [ActiveLoop(loop.name), *([ActionExecutionRejected(loop.name)] if loop.rejected else [])]


def _begin_of_kept(tracker: StoredTracker, turns: int) -> int:
    """Where the first turn begins that stays; every turn begins with a message and follows a listening."""
    messages = [index for index, event in enumerate(tracker.events) if isinstance(event, UserUttered)]
    kept = messages[-turns:] if turns else []
    return kept[0] if kept else len(tracker.events)
