"""Keeping the working history of a conversation short, so that its thousandth turn costs what its tenth did."""

from __future__ import annotations

from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from engine.tracker_store import StoredTracker

MAXIMUM_EVENTS = 120


def compacted(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """The tracker itself, or one that starts from a summary of a history that has grown long.

    The summary is a new session with the slots and the form of the old one. The older events stay
    in the store. A paused conversation is left alone.
    """
    if not isinstance(tracker, StoredTracker) or len(tracker.events) < MAXIMUM_EVENTS or tracker.is_paused():
        return tracker
    return tracker.continued_with(_summary(tracker))


def _summary(tracker: DialogueStateTracker) -> list[Event]:
    slots = [
        SlotSet(slot.name, slot.value)
        for slot in tracker.slots.values()
        if slot.value is not None and slot.name != SESSION_START_METADATA_SLOT
    ]
    loop = [ActiveLoop(tracker.active_loop_name)] if tracker.active_loop_name else []
    return [SessionStarted(), *slots, *loop, ActionExecuted(ACTION_LISTEN_NAME)]
