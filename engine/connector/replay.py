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
from engine.connector.requests import FailedTurn, ReplayRequest, TurnRequest
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
    place, moment, asked = _then(events, request)
    tracker = StoredTracker.from_events(request.conversation_id, events[:place], assistant.processor.domain.slots)
    with watching(_own_trace()) as watch:
        watch.trial = trial = _trial(request, moment, tracker)
        await _run(assistant, asked, tracker, watch)
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


def _then(events: list[Event], request: ReplayRequest) -> tuple[int, float, TurnRequest]:
    """How many events came before the message, its moment (Unix seconds), and what was asked with it."""
    for index, event in enumerate(events):
        if isinstance(event, UserUttered) and event.message_id == request.message_id:
            return index, float(event.timestamp), _asked(request, event)
    failed = request.failed
    if failed is None:
        detail = "this message was not handled by the dialogue"
        raise TurnFailure(FailureKind.BAD_REQUEST, "replay", detail, permanent=True)
    # A failed turn leaves no trace; what led the customer out of it came later.
    return sum(event.timestamp < failed.moment for event in events), failed.moment, _asked_in_vain(request, failed)


def _trial(request: ReplayRequest, moment: float, tracker: DialogueStateTracker) -> Trial:
    slots = {name: value for name, value in tracker.current_slot_values().items() if value is not None}
    return Trial(request.conversation_id, request.message_id, moment, slots)


def _asked_in_vain(request: ReplayRequest, failed: FailedTurn) -> TurnRequest:
    return TurnRequest(
        conversation_id=request.conversation_id,
        message_id=request.message_id,
        channel=failed.channel,
        text=failed.text,
        payload=failed.payload,
    )


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
