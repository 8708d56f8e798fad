"""The loaded assistant with Rasa's quiet fallbacks taken out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import AwaitableTrackerStore, FailSafeTrackerStore, TrackerStore
from sanic import Sanic

from engine.connector.action_server import ActionServer
from engine.connector.failures import FailureKind, TurnFailure
from engine.connector.graph import StraightRunner
from engine.connector.policies import make_lean
from engine.connector.processor import StrictProcessor
from engine.connector.rule_names import RuleNames
from engine.connector.wording import Wording
from engine.tracker_store import DurableTrackerStore


class Assistant:
    """A loaded model, its durable store, its wording and its action server.

    Args:
        agent: Rasa's agent, with a model loaded.

    Raises:
        TurnFailure: `not_ready` when no model is loaded or the tracker store is not durable.
    """

    def __init__(self, agent: Agent) -> None:
        if not agent.is_ready() or agent.processor is None:
            raise not_ready("no model is loaded")
        self.store = durable_store(agent.tracker_store)
        self.wording = Wording(agent.processor.domain.responses)
        endpoint = ActionServer(agent.action_endpoint) if agent.action_endpoint else None
        make_lean(agent.processor.graph_runner._instantiated_nodes.values())
        self.processor = StrictProcessor.taking_over(
            agent.processor,
            tracker_store=self.store,
            action_endpoint=endpoint,
            nlg=self.wording,
            graph_runner=StraightRunner.taking_over(agent.processor.graph_runner),
        )
        self.lock_store = agent.lock_store
        self.rules = RuleNames.beside(Path(str(agent.processor.model_path)))
        self.model = str(agent.processor.model_metadata.model_id)
        agent.tracker_store, agent.nlg, agent.action_endpoint = self.store, self.wording, endpoint
        agent.processor = self.processor

    def serves(self, agent: Agent) -> bool:
        """Whether this is still what the agent holds; a newly loaded model has another processor."""
        return agent.processor is self.processor

    def lock(self, conversation_id: str) -> Any:
        """An async context manager that lets one turn of a conversation through at a time."""
        return self.lock_store.lock(conversation_id, wait_time_in_seconds=0.02)


def assistant_of(app: Sanic) -> Assistant:
    """The assistant of a running server; made anew whenever Rasa has loaded another model.

    Raises:
        TurnFailure: `not_ready`.
    """
    agent = getattr(app.ctx, "agent", None)
    if agent is None:
        raise not_ready("the model is still loading")
    assistant: Assistant | None = getattr(app.ctx, "assistant", None)
    if assistant is None or not assistant.serves(agent):
        assistant = app.ctx.assistant = Assistant(agent)
    return assistant


def durable_store(store: TrackerStore) -> DurableTrackerStore:
    """Take the durable store out of what Rasa has wrapped around it.

    Raises:
        TurnFailure: `not_ready` when the store is any other; Rasa puts an in-memory one in the place
            of a store that it cannot load.
    """
    while isinstance(store, (FailSafeTrackerStore, AwaitableTrackerStore)):
        store = store._tracker_store
    if not isinstance(store, DurableTrackerStore):
        raise not_ready(
            f"the tracker store is {type(store).__name__}, which would forget conversations; "
            "tracker_store in endpoints.yml must be of type engine.tracker_store.DurableTrackerStore"
        )
    return store


def not_ready(detail: str) -> TurnFailure:
    """The failure of an engine that cannot serve."""
    return TurnFailure(FailureKind.NOT_READY, "start", detail, permanent=False)
