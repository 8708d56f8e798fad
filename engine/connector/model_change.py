"""Putting a newly trained model in the place of the one that serves, between turns and without losing one."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rasa.core.agent import Agent
from sanic import Sanic

from engine.connector.assistant import Assistant, assistant_of
from engine.connector.failures import FailureKind, TurnFailure
from engine.connector.warm_up import warm_up
from engine.light_start import components_of_model, needs_tensorflow, tensorflow_is_left_out

CHECK_SECONDS = 2.0

logger = logging.getLogger(__name__)

FileState = tuple[Path, int]


@dataclass(frozen=True)
class Refusal:
    """A model that does not serve: its file's name, and why."""

    model: str
    detail: str


class ModelChange:
    """Watches the model file that is to serve.

    A turn that has begun ends on the model that it began with; the next one finds the new model. A model that cannot
    be loaded or fails at its first messages is refused, and the old one goes on.

    Args:
        app: The server.
        wanted: Gives the model file that is to serve, or None. What it gives now is the model that is loaded first.

    Attributes:
        changes: How often the model was changed since the start.
        refused: The newest model, where it was refused.
    """

    def __init__(self, app: Sanic, wanted: Callable[[], Path | None]) -> None:
        self._app = app
        self._wanted = wanted
        self._seen = self._state()
        self._one_at_a_time = asyncio.Lock()
        self.changes = 0
        self.refused: Refusal | None = None

    async def watch(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Change to the wanted model if its file is another one than before."""
        async with self._one_at_a_time:
            state = await asyncio.to_thread(self._state)
            if state is None or state == self._seen:
                return
            self._seen = state
            await self._change_to(state[0])

    def require_newest(self) -> None:
        """Refuse to call the newest model served when it is not.

        Raises:
            TurnFailure: `model_refused`.
        """
        if self.refused:
            detail = f"{self.refused.model}: {self.refused.detail}"
            raise TurnFailure(FailureKind.MODEL_REFUSED, "change_model", detail, permanent=True)

    def _state(self) -> FileState | None:
        path = self._wanted()
        try:
            return (path, path.stat().st_mtime_ns) if path else None
        except OSError:  # such as removed since it was listed
            return None

    async def _change_to(self, path: Path) -> None:
        try:
            serving = assistant_of(self._app)
            agent, assistant = await asyncio.to_thread(_loaded, path, self._app.ctx.agent, serving)
        except Exception as error:
            self.refused = Refusal(path.name, f"{type(error).__name__}: {error}")
            logger.exception("The model %s is refused; %s serves on", path.name, self._serving())
            return
        self._app.ctx.agent, self._app.ctx.assistant = agent, assistant
        self.changes, self.refused = self.changes + 1, None
        logger.info("The model %s of %s serves from now on", assistant.model, path.name)
        del serving
        await asyncio.to_thread(gc.collect)  # a loaded model is full of cycles

    def _serving(self) -> str:
        assistant: Assistant | None = getattr(self._app.ctx, "assistant", None)
        return assistant.model if assistant else "no model"


def _loaded(path: Path, agent: Agent, serving: Assistant) -> tuple[Agent, Assistant]:
    """Load a model beside the one that serves, and let it take its first messages. Runs in a thread of its own.

    Raises:
        Exception: Whatever is wrong with the model.
    """
    needing = needs_tensorflow(components_of_model(path))
    if needing and tensorflow_is_left_out():
        raise ImportError(
            f"{', '.join(sorted(needing))} may need TensorFlow, which this process left out: start it anew"
        )
    candidate = Agent(
        tracker_store=serving.store.sibling(), lock_store=agent.lock_store, action_endpoint=agent.action_endpoint
    )
    candidate.load_model(path)
    assistant = Assistant(candidate)
    asyncio.run(warm_up(assistant))
    return candidate, assistant
