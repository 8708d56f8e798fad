"""The route that runs a turn of long ago once more."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from engine.connector.assistant import Assistant
from engine.connector.failures import FailureKind, TurnFailure, store_failure
from engine.connector.replaying import Trial
from engine.connector.replies import events_of, turn_body
from engine.connector.requests import ReplayRequest, TurnRequest
from engine.connector.turn import TURN_SECONDS, converse
from engine.connector.watch import TurnWatch, watching
from engine.stored_tracker import StoredTracker
from engine.tracker_store import TrackerStoreError


async def replay(assistant: Assistant, request: ReplayRequest) -> dict[str, Any]:
    """What a handled message leads to today. Nothing is stored; actions run in the action server's sandbox.

    Raises:
        TurnFailure: `bad_request` for a message that was not handled, `tracker_store`, or what a turn raises.
    """
    try:
        whole = await assistant.store.retrieve_full_tracker(request.conversation_id)
    except TrackerStoreError as error:
        raise store_failure(error) from error
    events = list(whole.events) if whole else []
    place = _place_of(events, request.message_id)
    tracker = StoredTracker.from_events(request.conversation_id, events[:place], assistant.processor.domain.slots)
    with watching(_own_trace()) as watch:
        watch.trial = trial = _trial(request, events[place], tracker)
        await _run(assistant, _asked(request, events[place]), tracker, watch)
        ran = events_of(tracker.events, request.message_id)
        tried = {"withheld": trial.withheld, "written": trial.written}
        return {**turn_body(ran, tracker, assistant, repeated=False), **tried}


async def _run(assistant: Assistant, request: TurnRequest, tracker: DialogueStateTracker, watch: TurnWatch) -> None:
    try:
        await asyncio.wait_for(converse(assistant, request, tracker, watch), TURN_SECONDS)
    except asyncio.TimeoutError as error:
        raise TurnFailure(FailureKind.INTERNAL, watch.running, "the replay took too long", permanent=False) from error


def _own_trace() -> str:
    """Only for what this run notes; nobody keeps it."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def _place_of(events: list[Event], message_id: str) -> int:
    for index, event in enumerate(events):
        if isinstance(event, UserUttered) and event.message_id == message_id:
            return index
    raise TurnFailure(FailureKind.BAD_REQUEST, "replay", "this message was not handled by the dialogue", permanent=True)


def _trial(request: ReplayRequest, event: Event, tracker: DialogueStateTracker) -> Trial:
    slots = {name: value for name, value in tracker.current_slot_values().items() if value is not None}
    return Trial(request.conversation_id, request.message_id, float(event.timestamp), slots)


def _asked(request: ReplayRequest, event: Event) -> TurnRequest:
    """The request of then, as the stored event tells it. A tapped button has its title in the metadata."""
    assert isinstance(event, UserUttered)  # noqa: S101 - it was found as one
    metadata = dict(event.metadata or {})
    tapped = "title" in metadata and (event.text or "").startswith("/")
    return TurnRequest(
        conversation_id=request.conversation_id,
        message_id=request.message_id,
        channel=event.input_channel or "web",
        text=str(metadata.get("title", "")) if tapped else event.text or "",
        payload=event.text if tapped else None,
        metadata=metadata,
    )
