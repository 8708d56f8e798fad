"""Calls of the action server whose answers are checked against a schema that was prepared once.

Rasa prepares its JSON Schema anew for every answer, which takes longer than the rest of the turn
(32 ms of processor time a call, see docs/performance.md). The check itself is the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import Action, RemoteAction, action_for_name_or_text
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker


@lru_cache(maxsize=1)
def answer_validator() -> Validator:
    """The validator of an action server's answer, its schema checked on first use."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator: Validator = kind(schema)
    return validator


class PreparedRemoteAction(RemoteAction):
    """A custom action; its answer is checked by the prepared validator."""

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        answer_validator().validate(result)
        return True


class PreparedForm(FormAction):
    """A form whose validation and questions are prepared remote actions."""

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        """Let the form's validation action look at the candidates; no events where there is none."""
        validation = f"validate_{self.name()}"
        if validation not in domain.action_names_or_texts:
            return []
        candidates = [SlotSet(name, value) for name, value in slot_candidates.items()]
        with_candidates = self._temporary_tracker(tracker, candidates, domain)
        action = PreparedRemoteAction(validation, self.action_endpoint)
        events: list[Event] = await action.run(output_channel, nlg, with_candidates, domain)
        return events

    async def _ask_for_slot(
        self,
        domain: Domain,
        nlg: NaturalLanguageGenerator,
        output_channel: OutputChannel,
        slot_name: str,
        tracker: DialogueStateTracker,
    ) -> list[Event]:
        question = self._name_of_utterance(domain, slot_name)
        if not question:
            return []
        action = prepared(action_for_name_or_text(question, domain, self.action_endpoint))
        events: list[Event] = await action.run(output_channel, nlg, tracker, domain)
        return events


def prepared(action: Action) -> Action:
    """The same action with prepared checks, where Rasa has chosen its own kind; any other as it is."""
    if type(action) is RemoteAction:
        return PreparedRemoteAction(action.name(), action.action_endpoint)
    if type(action) is FormAction:
        return PreparedForm(action.name(), action.action_endpoint)
    return action
