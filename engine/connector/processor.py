"""Rasa's message processor, made strict: an action's error ends the turn instead of being logged away."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

from engine.connector.failures import FailureKind, TurnFailure
from engine.connector.remote_actions import prepared
from engine.connector.spans import SHORTEST_STEP
from engine.connector.watch import current_watch


class WatchedAction(Action):
    """An action that remembers the error Rasa would only log."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.error: Exception | None = None

    def name(self) -> str:
        """The name of the action."""
        return str(self._action.name())

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Run the action."""
        current_watch().running = self.name()
        try:
            events: list[Event] = await self._action.run(output_channel, nlg, tracker, domain)
            return events
        except ActionExecutionRejection:
            raise
        except Exception as error:
            self.error = error
            raise

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> ActionExecuted:
        """The event that is logged once the action ran."""
        return self._action.event_for_successful_execution(prediction)


class StrictProcessor(MessageProcessor):
    """Runs a turn without storing it, and raises where Rasa would carry on."""

    @classmethod
    def taking_over(cls, processor: MessageProcessor, **replaced: Any) -> StrictProcessor:
        """A strict processor around the model that another one has loaded already.

        Args:
            processor: The processor that Rasa built.
            replaced: Attributes to be replaced: tracker store, action endpoint, response generator.
        """
        strict = cls.__new__(cls)
        strict.__dict__.update(processor.__dict__)
        strict.__dict__.update(replaced)
        strict.on_circuit_break = _end_endless_turn
        return strict

    async def start_session(self, tracker: DialogueStateTracker, channel: OutputChannel, metadata: Any) -> None:
        """Start the session of a new conversation."""
        await self._update_tracker_session(tracker, channel, metadata)

    async def run_turn(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        """Log a parsed message on the tracker and run all that follows from it, storing nothing.

        Raises:
            TurnFailure: An action failed, or the policies would not come to an end.
        """
        watch = current_watch()
        await self._handle_message_with_tracker(message, tracker)
        watch.running = "action_extract_slots"
        with watch.spans.span("extract slots"):
            await self.run_action_extract_slots(message.output_channel, tracker)
        watch.raise_first_failure()
        await self._run_prediction_loop(message.output_channel, tracker)
        watch.raise_first_failure()

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Leave out a check for developers that builds an empty domain for every message; see `rasa data validate`."""

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        watch, action = current_watch(), prepared(action)
        decided = action.name(), prediction.policy_name, float(prediction.max_confidence)
        watched = WatchedAction(action)
        watch.decide(*decided)
        with watch.spans.span(f"action {watched.name()}", SHORTEST_STEP):
            more = await super()._run_action(watched, tracker, output_channel, nlg, prediction)
            watch.raise_first_failure()
        if watched.error is not None:
            detail = f"the action raised {type(watched.error).__name__}"
            raise TurnFailure(FailureKind.ACTION_FAILED, watched.name(), detail, permanent=True) from watched.error
        return bool(more)


def _end_endless_turn(tracker: DialogueStateTracker, *_: Any) -> None:
    detail = "the policies predicted one action after another without listening"
    raise TurnFailure(FailureKind.INTERNAL, str(tracker.latest_action_name), detail, permanent=True)
