"""One turn: a customer's message in, replies out, stored at the end or not at all."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockError
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, Event, Restarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from engine.connector.assistant import Assistant
from engine.connector.failures import FailureKind, TurnFailure, store_failure, unforeseen
from engine.connector.output import NamedChannel
from engine.connector.replies import events_of, replies_in, turn_body
from engine.connector.requests import TurnRequest
from engine.connector.spoken_language import language_heard, remembered_speech
from engine.connector.watch import TurnWatch, current_watch, troubles_told, watching
from engine.connector.wording import LANGUAGE_SLOT
from engine.history import compacted
from engine.tracker_store import StoredTracker, TrackerStoreError

TURN_SECONDS = 50.0
LANGUAGE_EXTRACTOR = "LanguageIdentifier"
_PAYLOAD = re.compile(r"^/(?P<intent>[^\s{@/]+)(\{.*\})?$", re.DOTALL)
_SLASHES = re.compile(r"^[\s/]+")


async def take_turn(assistant: Assistant, request: TurnRequest, traceparent: str | None = None) -> dict[str, Any]:
    """Run the turn of a message, or repeat the answer when the message was handled before.

    Raises:
        TurnFailure: Nothing was stored; the same request may be sent again.
    """
    with watching(traceparent) as watch:
        try:
            return await _in_time(assistant, request, watch)
        except TurnFailure as failure:
            failure.spans = watch.spans.noted
            raise
        except Exception as error:
            broken = unforeseen(watch.running, error)
            broken.spans = watch.spans.noted
            raise broken from error


async def _in_time(assistant: Assistant, request: TurnRequest, watch: TurnWatch) -> dict[str, Any]:
    try:
        return await asyncio.wait_for(_locked(assistant, request, watch), TURN_SECONDS)
    except asyncio.TimeoutError as error:
        detail = f"the turn took longer than {TURN_SECONDS:g} s"
        raise TurnFailure(FailureKind.ACTION_UNREACHABLE, watch.running, detail, permanent=False) from error
    except LockError as error:
        detail = "the conversation is busy"
        raise TurnFailure(FailureKind.NOT_READY, "lock", detail, permanent=False) from error
    except TrackerStoreError as error:
        raise store_failure(error) from error


async def _locked(assistant: Assistant, request: TurnRequest, watch: TurnWatch) -> dict[str, Any]:
    async with assistant.lock(request.conversation_id):
        with watch.spans.span("load"):
            tracker = await assistant.processor.get_tracker(request.conversation_id)
        earlier = await handled_before(assistant, tracker, request.message_id)
        if earlier:
            return turn_body(earlier, tracker, assistant, repeated=True)
        tracker = compacted(tracker, remembered_speech)
        events = await converse(assistant, request, tracker, watch)
        watch.running = "save"
        with watch.spans.span("save"):
            await assistant.store.save(tracker)
        return turn_body(events, tracker, assistant, repeated=False) | troubles_told(watch)


async def converse(
    assistant: Assistant, request: TurnRequest, tracker: DialogueStateTracker, watch: TurnWatch
) -> list[Event]:
    """Run a new message's turn on its conversation's tracker, storing nothing.

    Returns:
        The events of the turn.

    Raises:
        TurnFailure: An action failed, the policies came to no end, or nobody replied.
    """
    watch.slots_before = tracker.current_slot_values()
    await _hear(assistant, request, tracker)
    events = events_of(tracker.events, request.message_id)
    _require_reply(events, tracker, watch)
    return events


async def handled_before(assistant: Assistant, tracker: DialogueStateTracker, message_id: str) -> list[Event]:
    """The events of a message that was handled already, or none."""
    earlier = events_of(tracker.events, message_id)
    if earlier or not (isinstance(tracker, StoredTracker) and tracker.has_older_events):
        return earlier
    return events_of(await assistant.store.events_from_message(tracker.sender_id, message_id), message_id)


async def _hear(assistant: Assistant, request: TurnRequest, tracker: DialogueStateTracker) -> None:
    processor = assistant.processor
    channel = NamedChannel(request.channel)
    metadata = {**request.metadata, "title": request.text} if request.payload else request.metadata
    if current_watch().trial is None or not tracker.events:
        await processor.start_session(tracker, channel, request.metadata)  # a replay is no visit of today
    if request.language_hint and tracker.get_slot(LANGUAGE_SLOT) is None:
        tracker.update(SlotSet(LANGUAGE_SLOT, request.language_hint), processor.domain)
    if request.leaves_form:
        # No rule and no action is asked: they may be what keeps the customer in the form.
        tracker.update(ActiveLoop(None), processor.domain)
        tracker.update(SlotSet(REQUESTED_SLOT, None), processor.domain)
    current_watch().running = "understand"
    with current_watch().spans.span("understand"):
        text, parse_data = await _understand(assistant, request, tracker)
    message = UserMessage(
        text,
        channel,
        request.conversation_id,
        parse_data=parse_data,
        input_channel=request.channel,
        message_id=request.message_id,
        metadata=metadata,
    )
    await processor.run_turn(message, tracker)


async def _understand(
    assistant: Assistant, request: TurnRequest, tracker: DialogueStateTracker
) -> tuple[str, dict[str, Any]]:
    """The text to be logged, and what it means. Only a payload that the model knows acts as an intent."""
    match = _PAYLOAD.match(request.payload or "")
    if request.payload and match and match["intent"] in assistant.processor.domain.intents:
        return request.payload, await assistant.processor.parse_message(UserMessage(request.payload), tracker)
    return request.text, await _parse_typed(assistant, request.text, tracker)


async def _parse_typed(assistant: Assistant, text: str, tracker: DialogueStateTracker) -> dict[str, Any]:
    """Parse typed words as words: Rasa would take a leading slash for an intent."""
    text = text.strip()
    plain = _SLASHES.sub("", text)
    if not plain:
        fallback = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0}
        return {"text": text, "intent": fallback, "intent_ranking": [fallback], "entities": []}
    parsed: dict[str, Any] = await assistant.processor.parse_message(UserMessage(plain), tracker)
    removed = len(text) - len(plain)
    entities = [{**e, "start": e["start"] + removed, "end": e["end"] + removed} for e in parsed["entities"]]
    return {**parsed, "text": text, "entities": entities + _language_entity(parsed, text, tracker)}


def _language_entity(parsed: dict[str, Any], text: str, tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The language as an entity, when the message settles it.

    It is added here rather than in the pipeline, where every end-to-end story would have to annotate it.
    """
    language = language_heard(parsed, tracker)
    if language is None:
        return []
    found = {"entity": LANGUAGE_SLOT, "value": language["name"], "start": 0, "end": len(text)}
    return [{**found, "confidence_entity": language["probability"], "extractor": LANGUAGE_EXTRACTOR}]


def _require_reply(events: list[Event], tracker: DialogueStateTracker, watch: TurnWatch) -> None:
    """Refuse silence, unless the conversation is paused or was restarted.

    Raises:
        TurnFailure: `no_reply`.
    """
    if replies_in(events) or tracker.is_paused() or any(isinstance(event, Restarted) for event in events):
        return
    missing = ", ".join(watch.missing_responses)
    detail = f"no text for {missing}" if missing else "the assistant neither replied nor sent a control message"
    place = next((trouble.place for trouble in watch.troubles if trouble.operation in watch.missing_responses), "")
    raise TurnFailure(FailureKind.NO_REPLY, watch.running, detail, permanent=True, place=place)
