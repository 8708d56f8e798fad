"""A turn of long ago once more, by today's model: in memory alone, nothing stored, no action called.

What actions and forms did then is taken from the stored events, so that nothing is booked, sent or asked for again.
Where today's rules want an action that did not run then, the replay ends and says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
)
from rasa.shared.core.trackers import DialogueStateTracker

_OF_POLICIES = (LoopInterrupted, DefinePrevUserUtteredFeaturization)


class ReplayEnds(Exception):
    """Today an action would run that did not run then; nobody knows what it would answer."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


@dataclass
class Recorded:
    """What each action of a turn did, in order."""

    steps: list[tuple[str, list[Event] | None]] = field(default_factory=list)

    @classmethod
    def of(cls, events: Iterable[Event]) -> Recorded:
        """Read from the events of a turn; None stands for an action that refused to run."""
        steps: list[tuple[str, list[Event] | None]] = []
        for event in events:
            if isinstance(event, ActionExecuted):
                steps.append((str(event.action_name), []))
            elif isinstance(event, ActionExecutionRejected):
                steps.append((str(event.action_name), None))
            elif steps and steps[-1][1] is not None and not isinstance(event, _OF_POLICIES):
                steps[-1][1].append(event)
        return cls(steps)

    def action(self, action: Action) -> Action:
        """A stand-in that does what the action of this name did next.

        Raises:
            ReplayEnds: It did not run, or not as often.
        """
        for index, (name, events) in enumerate(self.steps):
            if name == action.name():
                del self.steps[index]
                return RecordedAction(action, events)
        raise ReplayEnds(str(action.name()))


class RecordedAction(Action):
    """Does what an action did then."""

    def __init__(self, action: Action, events: list[Event] | None) -> None:
        self._action = action
        self._events = events

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
        """Return the events of then.

        Raises:
            ActionExecutionRejection: It refused to run then.
        """
        if self._events is None:
            raise ActionExecutionRejection(self.name())
        return self._events

    def event_for_successful_execution(self, prediction: Any) -> ActionExecuted:
        """The event that is logged once the action ran."""
        return self._action.event_for_successful_execution(prediction)
