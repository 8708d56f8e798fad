"""Saying one response outside of any customer message, for instance when a booking came through later."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import create_bot_utterance
from rasa.core.lock_store import LockError
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from engine.connector.assistant import Assistant
from engine.connector.failures import FailureKind, TurnFailure, store_failure
from engine.connector.output import NamedChannel
from engine.connector.replies import MESSAGE_ID, events_of, turn_body
from engine.connector.requests import SayRequest
from engine.connector.turn import handled_before
from engine.connector.watch import current_watch, troubles_told, watching
from engine.connector.wording import LANGUAGE_SLOT
from engine.tracker_store import TrackerStoreError


async def say(assistant: Assistant, request: SayRequest, traceparent: str | None = None) -> dict[str, Any]:
    """Render a response, note it in the conversation and return it; the second time, return it again.

    Raises:
        TurnFailure: `unknown_response`, `bad_request` for an unknown slot, `no_reply` when the response
            has no text in this language, `tracker_store`.
    """
    with watching(traceparent):
        try:
            async with assistant.lock(request.conversation_id):
                return await _say_once(assistant, request)
        except LockError as error:
            detail = "the conversation is busy"
            raise TurnFailure(FailureKind.NOT_READY, "lock", detail, permanent=False) from error
        except TrackerStoreError as error:
            raise store_failure(error) from error


async def _say_once(assistant: Assistant, request: SayRequest) -> dict[str, Any]:
    processor = assistant.processor
    tracker = await processor.get_tracker(request.conversation_id)
    earlier = await handled_before(assistant, tracker, request.message_id)
    if earlier:
        return turn_body(earlier, tracker, assistant, repeated=True)
    _refuse_unknown(assistant, request, tracker)
    await processor.start_session(tracker, NamedChannel(request.channel), None)
    for name, value in request.slots.items():
        tracker.update(SlotSet(name, value), processor.domain)
    message = _render(assistant, request, tracker)
    message.update({"utter_action": request.response, MESSAGE_ID: request.message_id})
    tracker.update(create_bot_utterance(message), processor.domain)
    await assistant.store.save(tracker)
    told = troubles_told(current_watch())
    return turn_body(events_of(tracker.events, request.message_id), tracker, assistant, repeated=False) | told


def _refuse_unknown(assistant: Assistant, request: SayRequest, tracker: DialogueStateTracker) -> None:
    if request.response not in assistant.wording.responses:
        detail = f"there is no response '{request.response}'"
        raise TurnFailure(FailureKind.UNKNOWN_RESPONSE, request.response, detail, permanent=True)
    unknown = sorted(set(request.slots) - set(tracker.slots))
    if unknown:
        raise TurnFailure(FailureKind.BAD_REQUEST, request.response, f"there are no slots {unknown}", permanent=True)


def _render(assistant: Assistant, request: SayRequest, tracker: DialogueStateTracker) -> dict[str, Any]:
    slots = tracker.current_slot_values()
    if request.language:
        slots[LANGUAGE_SLOT] = request.language
    message = assistant.wording.generate_from_slots(request.response, slots, request.channel, **request.variables)
    if message is None:
        raise TurnFailure(FailureKind.NO_REPLY, request.response, "no text in this language", permanent=True)
    return message
