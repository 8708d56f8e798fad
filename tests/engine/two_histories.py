"""The same conversation twice: as the engine keeps it, shortened, and whole in Rasa's own in-memory store."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from engine.connector.assistant import Assistant
from engine.connector.failures import TurnFailure
from engine.connector.replies import turn_body
from engine.connector.requests import TurnRequest
from engine.connector.turn import converse, take_turn
from engine.connector.watch import watching
from engine.tracker_store import DurableTrackerStore

Behaviour = Callable[[dict[str, Any], random.Random], dict[str, Any]]


class ScriptedActions(EndpointConfig):
    """An action server in the process: what it answers depends on the seed and on how often it was asked."""

    def __init__(self) -> None:
        super().__init__("http://nowhere")
        self.behaviour: Behaviour = lambda _, __: {"events": [], "responses": []}
        self.seed = 0
        self.seen: list[Any] = []

    def begin_turn(self, seed: int) -> None:
        """Forget what was seen; answer the next turn by this seed."""
        self.seed, self.seen = seed, []

    async def request(self, *_: Any, **named: Any) -> Any:
        """Answer a call."""
        call = named["json"]
        self.seen.append(what_actions_see(call))
        answer = self.behaviour(call, random.Random(f"{self.seed} {len(self.seen)}"))
        if "rejected" in answer:
            raise ClientResponseError(400, "rejected", json.dumps({"action_name": answer["rejected"]}))
        return answer


def what_actions_see(call: dict[str, Any]) -> Any:
    """What our actions read of a conversation: see actions/slots.py."""
    tracker = call["tracker"]
    events = tracker["events"]
    said = [event["metadata"].get("utter_action") for event in events if event["event"] == "bot"]
    heard = [event["text"] for event in events if event["event"] == "user"]
    loop = {name: value for name, value in tracker["active_loop"].items() if name in ("name", "rejected")}
    return call["next_action"], tracker["slots"], loop, tracker["paused"], said[-1:], heard[-2:]


NOTES = ("explained", "spans", "troubles")
"""Parts of an answer that tell of the way to it, with its times."""


class TwoHistories:
    """One assistant, and its conversations twice.

    Args:
        model: The model.
        store_url: Where the shortened histories are kept.
    """

    def __init__(self, model: Path, store_url: str) -> None:
        self.store = DurableTrackerStore(None, store_url)
        self.assistant = Assistant(Agent.load(str(model), tracker_store=self.store))
        self.actions = ScriptedActions()
        self.assistant.processor.action_endpoint = self.actions
        self._whole = InMemoryTrackerStore(self.assistant.processor.domain)

    async def turn(self, request: TurnRequest, seed: int) -> tuple[Any, Any]:
        """Take a turn on both; gives what each did, said, showed to actions and was left with."""
        shortened = await self._observed(self._shortened_turn(request), seed)
        whole = await self._observed(self._whole_turn(request), seed)
        return shortened, whole

    async def lengths(self, conversation: str) -> tuple[int, int]:
        """How many events each has."""
        return len((await self._kept(conversation)).events), len((await self._complete(conversation)).events)

    async def _observed(self, turn: Any, seed: int) -> Any:
        self.actions.begin_turn(seed)
        random.seed(seed)
        np.random.seed(seed)
        try:
            body, tracker = await turn
        except TurnFailure as failure:
            return str(failure), self.actions.seen
        said = {name: part for name, part in body.items() if name not in NOTES}
        return said, self.actions.seen, state_of(tracker)

    async def _shortened_turn(self, request: TurnRequest) -> tuple[Any, DialogueStateTracker]:
        if self.actions.seed % 2:
            self.store.domain = self.store.domain  # forget the tracker in memory: it is read from the database
        body = await take_turn(self.assistant, request)
        return body, await self._kept(request.conversation_id)

    async def _whole_turn(self, request: TurnRequest) -> tuple[Any, DialogueStateTracker]:
        tracker = await self._complete(request.conversation_id)
        with watching() as watch:
            events = await converse(self.assistant, request, tracker, watch)
        await self._whole.save(tracker)
        return turn_body(events, tracker, self.assistant, repeated=False), tracker

    async def _kept(self, conversation: str) -> DialogueStateTracker:
        tracker = await self.store.get_or_create_tracker(conversation, append_action_listen=False)
        self.store._cache.put(tracker)  # looked at, not taken
        return tracker

    async def _complete(self, conversation: str) -> DialogueStateTracker:
        return await self._whole.get_or_create_tracker(conversation, append_action_listen=False)


def state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What a conversation is left with after a turn."""
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "loop": (loop.name, loop.rejected, loop.is_interrupted) if loop else None,
        "action": tracker.latest_action,
        "followup": tracker.followup_action,
        "paused": tracker.is_paused(),
    }
